"""The person decides, sees what was decided, and takes it back."""

import pytest

from bawaba.domain.accounts.models import User
from bawaba.infrastructure.audit.models import Event
from bawaba.web.oidc.models import Authorization, ServiceConsent
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.people import ahmad, maryam
from tests.web.oidc.party import Party, arrived

pytestmark = pytest.mark.django_db

REFUSE = "عدم السماح"
WITHDRAW = "سحب خدمة التصاريح"


def test_the_page_says_who_asks_and_what_it_learns(party: Party, browser: Browser) -> None:
    page = party.ask(scope="openid email").open(browser)
    learns = [item.text for item in page.main.all("li")]
    assert learns == ["أنك أنت صاحب الحساب، برقم لا معنى له في غير البوابة", "بريدك الإلكتروني"]
    assert page.title.startswith("الدخول إلى خدمة التصاريح")
    assert "تعمل" not in page.text  # no company was asked for
    assert "يُحفظ جوابك لهذه الخدمة، ويمكنك الرجوع عنه في أي وقت" in page.text
    page = party.ask(ui_locales="en").open(browser)
    assert page.heading == "General Administration of Customs Permits"
    assert "There you act for 123456." in page.text
    assert "Your answer is remembered for this service. You can take it back at any time" in page.text


def test_a_refusal_tells_the_service_nothing(party: Party, browser: Browser) -> None:
    answer = party.ask().send(browser, REFUSE)
    assert (answer["error"], "code" in answer) == ("access_denied", False)
    assert not ServiceConsent.objects.exists()
    assert not Authorization.objects.exists()


def test_it_is_asked_once_and_again_for_more(party: Party, browser: Browser) -> None:
    party.tokens_for(browser, scope="openid profile")
    assert "code" in arrived(party.ask(scope="openid profile").open(browser))
    assert "code" in arrived(party.ask(scope="openid").open(browser))
    assert arrived(party.ask(scope="openid profile email", prompt="none").open(browser))["error"] == "consent_required"
    party.tokens_for(browser, scope="openid profile email")
    assert ServiceConsent.objects.get().scopes == "openid profile email"


def test_it_covers_one_service(party: Party, browser: Browser) -> None:
    party.tokens_for(browser)
    other = Party("licences", redirect="https://licences.example.com/signed-in")
    assert other.ask().open(browser).path == "/consent/"


@pytest.mark.parametrize("prompt", ["consent", "select_account"])
def test_a_service_can_have_the_person_asked(party: Party, browser: Browser, prompt: str) -> None:
    party.tokens_for(browser)
    asking = party.ask(prompt=prompt)
    assert asking.open(browser).path == "/consent/"
    assert "code" in asking.send(browser)


def test_the_person_sees_the_services_and_withdraws(party: Party, browser: Browser, owner: User) -> None:
    tokens = party.tokens_for(browser)
    page = browser.get("/connected-services/")
    assert [heading.text for heading in page.main.all("h2")] == ["خدمة التصاريح"]
    page = browser.submit(WITHDRAW)
    assert page.notes == ["لم تعد الخدمة تعرف أي شيء عنك."]
    assert page.main.all("h2") == []
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert party.ask().open(browser).path == "/consent/"
    told = Event.objects.filter(subject=str(owner.pk), event__startswith="consent.")
    assert list(told.order_by("pk").values_list("event", flat=True)) == ["consent.given", "consent.withdrawn"]


def test_what_another_person_allowed_stays(party: Party, browser: Browser, owner: User) -> None:
    tokens = party.tokens_for(browser)
    open_account(maryam)
    signed_in(maryam).post("/connected-services/permits/withdraw/", {}, status=None)
    assert party.userinfo(tokens["access_token"]).status_code == 200


def test_the_page_of_the_services_stands_in_the_account_as_its_other_pages(browser: Browser) -> None:
    page = browser.get("/connected-services/")
    here = page.main.one("nav", class_="side").one("a", aria_current="page")
    assert (here.text, here["href"]) == ("الخدمات المسموح لها", "/connected-services/")


def test_the_page_of_the_services_needs_a_sign_in(db: None) -> None:
    assert Browser().get("/connected-services/").path == "/sign-in/"


def test_the_register_keeps_no_person(party: Party, browser: Browser) -> None:
    party.tokens_for(browser)
    for event in Event.objects.filter(event__startswith="oidc."):
        assert ahmad.email not in str(event.facts)
