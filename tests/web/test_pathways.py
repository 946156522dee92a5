"""Every way in, in every state of the account, under every policy: none skips a factor that is there or demanded."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import override_settings

from bawaba.domain.accounts import actions as accounts
from bawaba.domain.accounts import foreign
from bawaba.domain.accounts.models import Device, SessionRecord, User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.domain.companies import actions as companies
from bawaba.domain.companies.models import Invitation, Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import clock
from bawaba.web.oidc.models import Authorization
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.domain.companies.scene import firm, join
from tests.factors import Passkey, give_authenticator, give_recovery_codes, shown_code
from tests.journey import activate, code_sent_to, picture_text, register
from tests.people import ahmad, maryam
from tests.web.oidc.party import Party

pytestmark = pytest.mark.django_db

POLICIES = ("optional", "officers-and-company-administrators", "required")
PASSWORD = "تسجيل الدخول"
NEW = "Mubarakiya!Souk9"
THEIRS = PBKDF2PasswordHasher()
IN, ENROL, SECOND, NOWHERE = "in", "must add a factor", "at the second step", "nowhere"


class Account:
    """ahmad's account in one state, whose passkey and recovery code are at hand when it has them."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.user = open_account(ahmad)
        self.passkey = Passkey()
        self.recovery_code = "0" * 20
        self.founder = open_account(maryam)
        self.company = firm(self.founder)
        known = signed_in(ahmad)
        self.known_device = known.cookies[settings.DEVICE_COOKIE_NAME].value
        if state == "member without a factor":
            join(self.user, self.company, Role.SUBMITTER, by=self.founder)
        else:
            firm(self.user, "777001")
        if not state.endswith("without a factor"):
            self._protect(known)
        self._change()
        SessionRecord.objects.all().delete()

    def _protect(self, browser: Browser) -> None:
        page = browser.get("/security/passkeys/add/")
        credential = self.passkey.register(options_on(browser))
        browser.post(page.path, {"name": "x", "credential": credential}, follow=False, status=302)
        if self.state != "passkey":
            give_authenticator(self.user)
        self.recovery_code = give_recovery_codes(self.user)[0]

    def _change(self) -> None:
        if self.state == "blocked":
            accounts.block(user=self.user, actor="console", reason="fraud")
        elif self.state == "closed":
            accounts.close_account(user=self.user)
        elif self.state == "disowned":
            SessionRecord.objects.all().delete()  # nothing was added there
            sessions.disown(device=Device.objects.get(user=self.user))
        elif self.state.startswith("imported"):
            theirs = foreign.stored(THEIRS.encode(ahmad.password, "salt", iterations=1000))
            User.objects.filter(id=self.user.id).update(password=theirs if "hash" in self.state else "!")


STATES = (
    *("administrator without a factor", "member without a factor", "passkey", "authenticator and passkey"),
    *("blocked", "closed", "disowned"),
    *("imported with its hash", "imported with its hash and without a factor", "imported without a password"),
)


def options_on(browser: Browser) -> str:
    return next(b["data-options"] for b in browser.page.root.all("button") if "data-options" in b.attrs)


# --- the ways, each as far as the first proof leads


def by_password(browser: Browser, account: Account) -> None:
    enter(browser, ahmad, status=None)


def by_passkey_alone(browser: Browser, account: Account) -> None:
    browser.get("/sign-in/")
    answer = browser.client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    credential = account.passkey.answer(json.dumps(answer["request_options"]))
    browser.post("/sign-in/passkey/", {"credential": credential}, status=None)


def by_reset(browser: Browser, account: Account) -> None:
    page = browser.get("/reset-password/")
    browser.submit("إرسال", email=ahmad.email, captcha=picture_text(page))
    code = code_sent_to(ahmad.email) if User.objects.with_email(ahmad.email).exists() else "0" * 8
    browser.submit("إعادة ضبط كلمة المرور", code=code, password=NEW, password2=NEW, status=None)
    enter(browser, ahmad, password=NEW, status=None)


def by_invitation(browser: Browser, account: Account) -> None:
    other = firm(account.founder, "777002")
    invitation = companies.invite(
        company=other, email=ahmad.email, roles=[Role.SUBMITTER], by=account.founder, language="ar"
    )
    browser.get(f"/invitations/{invitation.id}/")
    browser.get(next(link["href"] for link in browser.page.main.all("a") if link.text == PASSWORD))
    browser.submit(PASSWORD, login=ahmad.email, password=ahmad.password, status=None)
    browser.post(f"/invitations/{invitation.id}/answer/", {"accept": "1"}, status=None)


def by_service(browser: Browser, account: Account) -> None:
    asking = Party().ask()
    asking.open(browser)
    browser.submit(PASSWORD, login=ahmad.email, password=ahmad.password, status=None)
    page = asking.open(browser)
    if page.path == "/consent/":
        browser.submit("السماح", status=None)


def by_known_device(browser: Browser, account: Account) -> None:
    """The browser that was remembered at the sign-in before the factors: its cookie skips nothing."""
    browser.client.cookies[settings.DEVICE_COOKIE_NAME] = account.known_device
    enter(browser, ahmad, status=None)


def by_service_that_asks_anew(browser: Browser, account: Account) -> None:
    """A service that takes no session that is there: the proof it asks for is no way past the second step."""
    enter(browser, ahmad, status=None)
    asking = Party().ask(prompt="login", max_age="0")
    page = asking.open(browser)
    if page.path == "/sign-in/":
        page = browser.submit(PASSWORD, login=ahmad.email, password=ahmad.password, status=None)
    if page.path == "/confirm/":
        page = browser.submit("متابعة", password=ahmad.password, status=None)
    if page.path == "/consent/":
        browser.submit("السماح", status=None)


def by_confirmation(browser: Browser, account: Account) -> None:
    """The pages that ask people who are signed in once more, on the way to the second step."""
    enter(browser, ahmad, status=None)
    for path in ("/confirm/", "/confirm/code/", "/confirm/passkey/"):
        data = {"password": ahmad.password, "code": account.recovery_code, "credential": "{}"}
        browser.post(f"{path}?next=/home/", data, status=None)


BY_PASSWORD = (by_password, by_known_device, by_reset, by_invitation, by_service, by_service_that_asks_anew)
WAYS = (*BY_PASSWORD, by_passkey_alone, by_confirmation)


# --- where they lead

WITHOUT_PASSWORD = ("disowned", "imported without a password")


def reached(browser: Browser) -> str:
    """What is open to this browser, by the pages that answer and by the sessions that run."""
    path = browser.get("/home/").path
    running = SessionRecord.objects.filter(ended_at=None).exists()
    if path in ("/home/", "/security/add-factor/"):
        assert running
        return IN if path == "/home/" else ENROL
    assert not running
    return SECOND if browser.get("/sign-in/second-step/").path == "/sign-in/second-step/" else NOWHERE


def expected(way: Callable[[Browser, Account], None], state: str, policy: str) -> str:
    if state in ("blocked", "closed") or (state in WITHOUT_PASSWORD and way is not by_reset):
        return NOWHERE
    if state.endswith("without a factor"):
        if way is by_passkey_alone:
            return NOWHERE
        asked = policy == "required" or (policy != "optional" and not state.startswith("member"))
        return ENROL if asked else IN
    return IN if way is by_passkey_alone else SECOND  # a passkey is held and unlocked: two factors in one


@pytest.fixture(params=POLICIES)
def policy(request: pytest.FixtureRequest) -> Iterator[str]:
    chosen: str = request.param
    with time_machine.travel(clock.now(), tick=False):
        yield chosen


def under(policy: str) -> override_settings:
    return override_settings(BAWABA=replace(settings.BAWABA, second_factor=policy))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_way_leads_as_far_as_state_and_policy_say(
    way: Callable[[Browser, Account], None], state: str, policy: str
) -> None:  # RT-24
    account = Account(state)
    browser = Browser(ahmad)
    with under(policy):
        way(browser, account)
        where = reached(browser)
    assert where == expected(way, state, policy)
    joined = Membership.objects.filter(user=account.user, company__cr_number="777002").exists()
    assert joined is (way is by_invitation and where == IN)
    asked = way in (by_service, by_service_that_asks_anew)
    assert Authorization.objects.exists() is (asked and where == IN)
    assert Invitation.objects.count() == (way is by_invitation)


@pytest.mark.parametrize("way", BY_PASSWORD, ids=lambda way: way.__name__)
@pytest.mark.parametrize("proof", ["authenticator", "recovery code", "passkey", "wrong code", "code of nobody"])
def test_the_second_step_opens_with_a_proof_of_its_own_and_no_other(
    way: Callable[[Browser, Account], None], proof: str, policy: str
) -> None:
    account = Account("authenticator and passkey")
    browser = Browser(ahmad)
    with under(policy):
        way(browser, account)
        browser.get("/sign-in/second-step/")
        if proof == "passkey":
            answer = account.passkey.answer(options_on(browser))
            browser.post("/sign-in/second-step/", {"credential": answer}, status=None)
        else:
            codes = {
                "authenticator": shown_code(),
                "recovery code": account.recovery_code,
                "wrong code": shown_code(steps=3),
                "code of nobody": "1" * 20,
            }
            browser.post("/sign-in/second-step/", {"code": codes[proof]}, status=None)
        assert reached(browser) == (SECOND if proof in ("wrong code", "code of nobody") else IN)


def test_an_activation_signs_in_as_far_as_the_policy_says(policy: str) -> None:
    browser = Browser(ahmad)
    with under(policy):
        register(browser, ahmad)
        activate(browser, ahmad)
        assert reached(browser) == (IN if policy == "optional" else ENROL)


def test_registering_again_opens_no_account_that_is_there(policy: str) -> None:
    Account("authenticator and passkey")
    browser = Browser(ahmad)
    with under(policy):
        register(browser, ahmad)
        assert reached(browser) == NOWHERE


def test_whoever_is_made_an_administrator_must_add_a_factor_at_the_next_step() -> None:
    account = Account("member without a factor")
    browser = Browser(ahmad)
    with under("officers-and-company-administrators"):
        enter(browser, ahmad)
        assert reached(browser) == IN
        membership = Membership.objects.get(user=account.user)
        companies.change_roles(membership=membership, roles=[Role.ADMINISTRATOR], by=account.founder)
        assert reached(browser) == ENROL
