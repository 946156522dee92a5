"""`bawaba clients`: a service is registered, gets another secret, and is removed; the secret is seen once."""

import re

import pytest

from bawaba.commands import clients
from bawaba.infrastructure.audit.models import Event
from bawaba.web.oidc import actions
from bawaba.web.oidc.models import Client

pytestmark = pytest.mark.django_db

ADD = ["add", "permits", "--name-ar", "خدمة التصاريح", "--name-en", "Permits"]
REDIRECT = ["--redirect", "https://permits.example.com/signed-in"]


def secret_in(printed: str) -> str:
    found = re.search(r"client_secret  (\S{43})\n", printed)
    assert found, printed
    return found[1]


def test_a_service_is_registered_and_its_secret_shown_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert clients.main([*ADD, *REDIRECT]) == 0
    secret = secret_in(capsys.readouterr().out)
    client = Client.objects.get()
    assert client.client_secret == actions.digest(secret)
    assert client.owner_en == "General Administration of Customs"
    assert clients.main(["list"]) == 0
    printed = capsys.readouterr().out
    assert "permits  Permits  not in the catalogue" in printed
    assert secret not in printed
    assert secret not in str(list(Event.objects.values_list("facts", flat=True)))


def test_another_secret_and_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    clients.main([*ADD, *REDIRECT])
    before = secret_in(capsys.readouterr().out)
    assert clients.main(["rotate-secret", "permits"]) == 0
    assert secret_in(capsys.readouterr().out) != before
    assert clients.main(["remove", "permits"]) == 0
    assert not Client.objects.exists()
    assert clients.main(["remove", "permits"]) == 1
    names = ["oidc.client_added", "oidc.secret_changed", "oidc.client_removed"]
    assert list(Event.objects.order_by("pk").values_list("event", flat=True)) == names


def test_what_it_may_ask_for_is_named_and_changed(capsys: pytest.CaptureFixture[str]) -> None:
    clients.main([*ADD, *REDIRECT])
    assert Client.objects.get().scopes == "openid"
    for _ in range(2):
        assert clients.main(["scopes", "permits", "company", "profile"]) == 0
    assert Client.objects.get().scopes == "openid profile company"
    clients.main(["list"])
    assert "may ask for openid profile company" in capsys.readouterr().out
    event = Event.objects.get(event="oidc.client_changed")
    assert event.facts == {"client": "permits", "field": "scopes", "scope": "openid.profile.company"}
    assert clients.main(["scopes", "permits"]) == 0
    assert Client.objects.get().scopes == "openid"


def test_a_scope_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert clients.main([*ADD, *REDIRECT, "--scope", "admin"]) == 2
    assert not Client.objects.exists()
    clients.main([*ADD, *REDIRECT, "--scope", "email"])
    assert clients.main(["scopes", "permits", "address"]) == 2
    assert "scope: of openid profile email phone company" in capsys.readouterr().err
    assert Client.objects.get().scopes == "openid email"


@pytest.mark.parametrize(
    "uri",
    [
        "http://permits.example.com/",
        "http://127.0.0.1:8100/",
        "https://*.example.com/",
        "https://user@example.com/",
        "https://permits.example.com/#x",
        "https://permits.example.com/a b",
        "https://permits.example.com\\x",
        "https:///x",
        "permits.example.com",
        "javascript:alert(1)",
        "https://خدمة.example.com/",
    ],
)
def test_an_unfit_address_is_refused(capsys: pytest.CaptureFixture[str], uri: str) -> None:
    assert clients.main([*ADD, "--redirect", uri]) == 2
    assert clients.main([*ADD, *REDIRECT, "--post-logout", uri]) == 2
    assert not Client.objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "خدمة", "x" * 41, "n1234567"])
def test_an_unfit_name_is_refused(name: str) -> None:
    assert clients.main(["add", name, *ADD[2:], *REDIRECT]) == 2


def test_a_name_is_given_once_and_an_address_is_needed() -> None:
    assert clients.main([*ADD]) == 2
    assert clients.main([*ADD, *REDIRECT]) == 0
    assert clients.main([*ADD, *REDIRECT]) == 2
