"""To whom a service is open."""

from dataclasses import replace

import pytest

from bawaba.domain.catalogue.access import Missing, Standing, missing
from bawaba.domain.catalogue.models import Service, Status

SUBMITTER = Standing(
    audience="organization",
    has_company=True,
    permissions={"view", "submit"},
    company_verified=False,
    second_factor=False,
)
STRANGER = replace(SUBMITTER, has_company=False, permissions=())
BROKER = replace(SUBMITTER, delegated={"declarations"})


def _service(**changed: object) -> Service:
    return Service(**{"key": "declarations", "permission": "submit", "delegable": True} | changed)


@pytest.mark.parametrize(
    ("service", "standing", "expected"),
    [
        (_service(), SUBMITTER, ()),
        (_service(permission=""), STRANGER, ()),
        (_service(), STRANGER, (Missing.COMPANY,)),
        (_service(permission="pay"), SUBMITTER, (Missing.PERMISSION,)),
        (_service(verified_company=True), SUBMITTER, (Missing.VERIFIED_COMPANY,)),
        (_service(verified_company=True), replace(SUBMITTER, company_verified=True), ()),
        (_service(permission="", verified_company=True), STRANGER, (Missing.COMPANY,)),
        (_service(second_factor=True), SUBMITTER, (Missing.SECOND_FACTOR,)),
        (_service(), BROKER, ()),
        (_service(delegable=False), BROKER, (Missing.DELEGATION,)),
        (_service(key="pay-duties"), BROKER, (Missing.DELEGATION,)),
        (_service(status=Status.CLOSED), SUBMITTER, (Missing.MAINTENANCE,)),
        (_service(status=Status.WITHDRAWN), SUBMITTER, (Missing.WITHDRAWN,)),
        (_service(), replace(SUBMITTER, audience="individual"), (Missing.WITHDRAWN,)),
        (
            _service(permission="pay", verified_company=True, second_factor=True),
            SUBMITTER,
            (Missing.PERMISSION, Missing.VERIFIED_COMPANY, Missing.SECOND_FACTOR),
        ),
    ],
)
def test_what_is_missing(service: Service, standing: Standing, expected: tuple[Missing, ...]) -> None:
    assert missing(service, standing) == expected
