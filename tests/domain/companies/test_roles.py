"""The tables of roles are those of the domain reference, and their words exist in both languages."""

import pytest
from django.utils import translation

from bawaba.domain.companies.roles import Permission, Role, StaffPermission, StaffRole, granted, packed, unpacked


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ADMINISTRATOR, {Permission.VIEW, Permission.SUBMIT, Permission.PAY, Permission.MANAGE}),
        (Role.SUBMITTER, {Permission.VIEW, Permission.SUBMIT}),
        (Role.PAYER, {Permission.VIEW, Permission.PAY}),
        (Role.VIEWER, {Permission.VIEW}),
    ],
)
def test_what_a_role_may(role: Role, may: set[Permission]) -> None:
    assert role.permissions == may


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (StaffPermission.FIND, set(StaffRole)),
        (StaffPermission.REVEAL, {StaffRole.SUPPORT, StaffRole.REVIEWER, StaffRole.ADMINISTRATOR}),
        (StaffPermission.SEND_AGAIN, {StaffRole.SUPPORT, StaffRole.ADMINISTRATOR}),
        (StaffPermission.DECIDE, {StaffRole.REVIEWER}),
        (StaffPermission.PROPOSE, {StaffRole.SUPPORT, StaffRole.REVIEWER}),
        (StaffPermission.CONFIRM, {StaffRole.REVIEWER, StaffRole.ADMINISTRATOR}),
        (StaffPermission.CONFIGURE, {StaffRole.ADMINISTRATOR}),
        (StaffPermission.AUDIT, {StaffRole.AUDITOR}),
    ],
)
def test_what_an_officer_may(permission: StaffPermission, roles: set[StaffRole]) -> None:
    assert {role for role in StaffRole if permission in role.permissions} == roles


def test_several_roles_are_kept_in_one_order() -> None:
    assert packed([Role.VIEWER, Role.ADMINISTRATOR, Role.VIEWER]) == "administrator.viewer"
    assert unpacked("administrator.viewer") == (Role.ADMINISTRATOR, Role.VIEWER)
    assert unpacked("") == ()
    assert granted([Role.PAYER, Role.SUBMITTER]) == {Permission.VIEW, Permission.PAY, Permission.SUBMIT}
    assert len(packed(Role)) <= 40  # as a fact of an event


def test_no_role_is_found_inside_another() -> None:
    assert not [(one, other) for one in Role for other in Role if one != other and one.value in other.value]


@pytest.mark.parametrize("words", [Role, Permission, StaffRole, StaffPermission])
def test_every_word_has_its_arabic(words: type[Role]) -> None:
    for word in words:
        with translation.override("ar"):
            arabic = word.label
        with translation.override("en"):
            english = word.label
        assert english.isascii()
        assert not arabic.isascii()
