"""My data: what is kept, to read and to take out."""

import json

import pytest
from allauth.mfa.models import Authenticator

from bawaba.domain.accounts.models import EmailChange
from bawaba.domain.companies.models import Company, Membership
from bawaba.infrastructure.audit.models import Event
from tests.accounts import open_account, signed_in
from tests.people import ahmad
from tests.web.portal.owner import confirmed

pytestmark = pytest.mark.django_db


def test_my_data_is_a_page_to_read_and_a_file_without_secrets() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    company = Company.objects.create(cr_number="123456", name_ar="شركة المثال")
    Membership.objects.create(company=company, user=user, state="requested")
    EmailChange.objects.create(user=user, old_email="ahmad.before@example.com", new_email=ahmad.email)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    page = confirmed(browser, "/account/data/")
    for shown in (ahmad.civil_id, "ذكر", "العربية", "123456", "قيد الموافقة", "تطبيق المصادقة"):
        assert shown in page.main.text
    assert "ahmad.before@example.com" in page.main.text
    assert "شركة المثال" not in page.source, "whoever has not been admitted learns nothing of the company"
    file = browser.submit("حفظ في ملف")
    assert file.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    kept = json.loads(file.source)
    assert kept["account"]["email"] == ahmad.email
    assert [(each["cr_number"], each["state"]) for each in kept["memberships"]] == [("123456", "requested")]
    assert "شركة المثال" not in file.source
    assert user.password not in file.source
    assert user.session_stamp not in file.source
    assert Event.objects.filter(event="data.exported").count() == 1
