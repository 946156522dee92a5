"""My data: what is kept, to read and to take out."""

import json

import pytest

from bawaba.infrastructure.audit.models import Event
from tests.accounts import open_account, signed_in
from tests.people import ahmad
from tests.web.portal.owner import confirmed

pytestmark = pytest.mark.django_db


def test_my_data_is_a_page_to_read_and_a_file_without_secrets() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    page = confirmed(browser, "/account/data/")
    assert ahmad.civil_id in page.source
    file = browser.submit("حفظ في ملف")
    assert file.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    kept = json.loads(file.source)
    assert kept["account"]["email"] == ahmad.email
    assert user.password not in file.source
    assert user.session_stamp not in file.source
    assert Event.objects.filter(event="data.exported").count() == 1
