"""Who visits the portal: a town with its companies, and people at every step of the ways in."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator

from bawaba.domain.accounts import credentials
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.catalogue import actions as catalogue
from bawaba.domain.catalogue import files
from bawaba.domain.companies.actions import admit_registrant
from tests import journey
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.factors import Passkey, give_authenticator, give_recovery_codes, shown_code
from tests.fuzz.requests import SECRET
from tests.people import Person, ahmad, maryam, noura, salem
from tests.routes import routes
from tests.town import ROLES, ROUTES, Town
from tests.web.oidc.party import Party

PASSWORD = "Failaka-Boat-" + SECRET.decode()
FRESH, GUARDED = (replace(person, password=PASSWORD) for person in (ahmad, maryam))
HALFWAY, BEHIND = (replace(person, password=PASSWORD) for person in (salem, noura))
NEWCOMER = replace(
    salem, email="newcomer@example.com", civil_id="102020200015", mobile="+96550000105", password=PASSWORD
)


@dataclass(frozen=True)
class Visitor:
    """Somebody with a browser: its cookies, and what this person types as the own e-mail."""

    role: str
    cookies: dict[str, str]
    email: str


@dataclass(frozen=True)
class Scene:
    visitors: list[Visitor]
    addresses: list[str]
    """Every address there is, with ids that lead to something."""
    service: dict[str, str]
    """What the program of an e-service knows: its id and secret, a verifier, tokens."""
    basic: str
    """Its id and secret as a header carries them."""


def build() -> Scene:
    catalogue.apply(files.read(files.DEMO.read_text(encoding="utf-8")), actor="demo")
    town = Town()
    User.objects.update(password=credentials.hash_password(PASSWORD))
    visitors = [_of_the_town(town, role) for role in ROLES]
    party = Party()
    fresh = _fresh()
    tokens = party.tokens_for(fresh)
    asking = party.ask(scope="openid email", prompt="consent")
    service = {
        "client_id": party.client_id,
        "client_secret": party.secret,
        "redirect_uri": party.redirect,
        "code_verifier": asking.verifier,
        "token": tokens["access_token"],
        "refresh_token": tokens["refresh_token"],
        "id_token": tokens["id_token"],
    }
    for role, browser, person in (
        ("fresh", fresh, FRESH),
        ("guarded", _guarded(), GUARDED),
        ("halfway", _halfway(), HALFWAY),
        ("behind", _behind(), BEHIND),
        ("newcomer", _newcomer(), NEWCOMER),
    ):
        visitors.append(_visitor(role, browser, person))
    addresses = [*_addresses(town), f"/oidc/authorize/?{urlencode(asking.query)}"]
    return Scene(visitors, addresses, service, party.basic(party.secret).removeprefix("Basic "))


def _addresses(town: Town) -> list[str]:
    """Those of the town with its ids, the others as the table of addresses gives them."""
    town.given["pk"] = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).latest("pk").pk
    town.given["session_id"] = SessionRecord.objects.filter(user__email=FRESH.email).latest("pk").pk
    return [town.address(name) for name in ROUTES] + [r.path for r in routes() if r.name not in ROUTES]


def _of_the_town(town: Town, role: str) -> Visitor:
    client = town.client(role)
    client.get("/sign-out/" if role == "stranger" else "/account/name/")
    email = town.people[role].email if role in town.people else "person1@example.com"
    return Visitor(role, {name: cookie.value for name, cookie in client.cookies.items()}, email)


def _visitor(role: str, browser: Browser, person: Person) -> Visitor:
    return Visitor(role, {name: cookie.value for name, cookie in browser.cookies.items()}, person.email)


def _fresh() -> Browser:
    """Has just signed in, administers a company, and allowed a service to know it."""
    admit_registrant(user=open_account(FRESH), cr_number="555001", legal_form="wll")
    browser = Browser(FRESH, shows=FRESH.private)
    enter(browser, FRESH)
    return browser


def _guarded() -> Browser:
    """Has just signed in with every kind of second factor."""
    user = open_account(GUARDED)
    admit_registrant(user=user, cr_number="555002")
    browser = Browser(GUARDED, shows=GUARDED.private)
    enter(browser, GUARDED)
    page = browser.get("/security/passkeys/add/")
    options = next(b["data-options"] for b in page.root.all("button") if "data-options" in b.attrs)
    browser.post("/security/passkeys/add/", {"name": "هاتفي", "credential": Passkey().register(options)})
    give_authenticator(user)
    browser = Browser(GUARDED, shows=GUARDED.private)
    enter(browser, GUARDED)
    browser.submit("تحقق", code=shown_code())
    give_recovery_codes(user)
    return browser


def _halfway() -> Browser:
    """Has typed the password and stands before the second step."""
    give_authenticator(open_account(HALFWAY))
    browser = Browser(HALFWAY, shows=HALFWAY.private)
    enter(browser, HALFWAY)
    return browser


def _behind() -> Browser:
    """Has typed the password and is asked to agree to new terms."""
    open_account(BEHIND, terms_version="0")
    browser = Browser(BEHIND, shows=BEHIND.private)
    enter(browser, BEHIND)
    return browser


def _newcomer() -> Browser:
    """Has registered and waits for the codes."""
    browser = Browser(NEWCOMER, shows=NEWCOMER.private)
    journey.register(browser, NEWCOMER)
    return browser
