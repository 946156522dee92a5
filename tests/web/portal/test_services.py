"""The services that a role opens, and the way out to them."""

from urllib.parse import urlsplit

import pytest

from tests.client import Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_roles_decide_which_services_are_open(submitter: Browser) -> None:
    page = submitter.get("/home/")
    open_now = [link.text for link in page.main.all("a") if link.get("href", "").startswith("/services/")]
    assert "تجديد رخصة الاستيراد" in open_now
    assert "سداد الرسوم الجمركية" not in open_now
    assert "تتطلب دورًا آخر في الشركة" in page.text
    assert submitter.get("/services/pay-duties/").path == "/home/"
    page = submitter.get("/services/import-licence/")
    assert "services.example.com" in page.text


def test_the_way_to_a_service_says_where_it_leads_and_waits_for_a_press(submitter: Browser) -> None:
    for path in ("/home/", "/company/", "/account/"):
        links = [link["href"] for link in submitter.get(path).root.all("a")]
        assert not [href for href in links if urlsplit(href).scheme in {"http", "https"}]
    page = submitter.get("/services/import-licence/")
    assert urlsplit(page.link("الانتقال إلى الخدمة")["href"]).netloc == "services.example.com"
    assert "تغادر البوابة إلى الخدمة" in page.heading
    assert [heading.text for heading in page.main.all("h2")] == ["services.example.com"]
    assert page.link("رجوع")["href"] == "/home/"
