"""One contract for every SMS provider that is spoken to by HTTP, and what is special in each."""

import dataclasses
import json
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.conf import settings

from bawaba.configuration import Configuration, UnclearSetting
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.providers import kwtsms, web_call
from bawaba.infrastructure.messaging.providers.apprise import Apprise
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.http import Http
from bawaba.infrastructure.messaging.providers.kwtsms import KwtSms
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Broken, Busy, Outcome, Reason, Refused, Unknown
from bawaba.infrastructure.messaging.rendering import Letter
from tests.infrastructure.messaging.gateways import Answer, Gateway, gateway
from tests.people import salem

LETTER = Letter(
    reference="7f6f0a52-0000-4000-8000-000000000002",
    channel=Channel.SMS,
    kind=Kind.MOBILE_CODE,
    address=salem.mobile,
    language="ar",
    text='رمز تحقق الجوال: 481516\n"لا" & تشاركه',
)
HTML = "<html><body>Please sign in to the network</body></html>"


def portal(**values: Any) -> Configuration:
    return dataclasses.replace(settings.BAWABA, sms_sender="PORTAL", **values)


def kwtsms_at(url: str) -> Carrier:
    return KwtSms(portal(sms_kwtsms_url=f"{url}/API/send/", sms_kwtsms_username="user", sms_kwtsms_password="secret"))


def http_at(url: str, **values: Any) -> Carrier:
    given = {
        "sms_http_url": f"{url}/sms?to={{digits}}",
        "sms_http_body": '{"to": "{number}", "text": "{text}", "from": "{sender}", "ref": "{reference}"}',
        "sms_http_accepted": r'"state": ?"taken", ?"id": ?"(?P<id>[^"]+)"',
        "sms_http_refused": r'"state": ?"bad number"',
        "sms_http_busy": r'"state": ?"full"',
    }
    return Http(portal(**given | values))


@dataclasses.dataclass(frozen=True)
class Adapter:
    """How one provider is built, and how its gateway says yes, no and not now with status 200."""

    build: Callable[[str], Carrier]
    yes: str
    no: str
    not_now: str


ADAPTERS = [
    Adapter(
        kwtsms_at,
        json.dumps({"result": "OK", "msg-id": "k-1", "points-charged": 1}),
        json.dumps({"result": "ERROR", "code": "ERR025"}),
        json.dumps({"result": "ERROR", "code": "ERR013"}),
    ),
    Adapter(
        http_at,
        '{"state": "taken", "id": "k-1"}',
        '{"state": "bad number"}',
        '{"state": "full"}',
    ),
]


@pytest.fixture(params=ADAPTERS, ids=lambda adapter: adapter.build.__name__)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    chosen: Adapter = request.param
    return chosen


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as one:
        yield one


def test_taken(adapter: Adapter, server: Gateway) -> None:
    server.answer = Answer(text=adapter.yes)
    assert adapter.build(server.url).send(LETTER) == Accepted(reference="k-1")
    (asked,) = server.asked
    assert LETTER.text in json.loads(asked.body).values()


@pytest.mark.parametrize("status", [200, 400, 403])
def test_an_error_inside_counts_whatever_the_status(adapter: Adapter, server: Gateway, status: int) -> None:
    server.answer = Answer(status=status, text=adapter.no)
    assert adapter.build(server.url).send(LETTER) == Refused(Reason.NUMBER_REFUSED)
    server.answer = Answer(status=status, text=adapter.not_now)
    assert adapter.build(server.url).send(LETTER) == Busy(Reason.THROTTLED)


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (500, {}, Busy(Reason.PROVIDER_ERROR)),
        (503, {}, Busy(Reason.PROVIDER_ERROR)),
        (429, {}, Busy(Reason.THROTTLED)),
        (429, {"Retry-After": "40"}, Busy(Reason.THROTTLED, after=timedelta(seconds=40))),
        (401, {}, Busy(Reason.SIGN_IN, stays_off=True)),
        (302, {"Location": "http://127.0.0.1:1/other"}, Busy(Reason.CONFIGURATION)),
        (200, {}, Unknown()),
    ],
)
def test_html_where_an_answer_should_be(
    adapter: Adapter, server: Gateway, status: int, headers: dict[str, str], outcome: Outcome
) -> None:
    server.answer = Answer(status=status, text=HTML, headers=headers)
    assert adapter.build(server.url).send(LETTER) == outcome
    assert len(server.asked) == 1, "no redirect is followed"


def test_a_lost_answer_is_unknown(adapter: Adapter, server: Gateway) -> None:
    server.answer = Answer(cut=True)
    assert adapter.build(server.url).send(LETTER) == Unknown()


def test_an_answer_that_never_comes_is_unknown(
    adapter: Adapter, server: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_call, "OPERATION_SECONDS", 0.2)
    done = Event()
    server.answer = Answer(before=lambda: done.wait(5), text=adapter.yes)
    assert adapter.build(server.url).send(LETTER) == Unknown()
    done.set()


def test_nobody_listens(adapter: Adapter) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert adapter.build(url).send(LETTER) == Busy(Reason.NO_CONNECTION)


@pytest.mark.parametrize("url", ["http://gateway.example", "https://gateway.example:port", "https://[gateway.example"])
def test_a_gateway_without_tls_elsewhere_or_without_an_address_is_refused(adapter: Adapter, url: str) -> None:
    with pytest.raises(UnclearSetting):
        adapter.build(url)


@pytest.mark.parametrize("code", [*kwtsms.MEANING, "ERR999"])
def test_every_error_of_kwtsms_has_its_meaning(server: Gateway, code: str) -> None:
    server.answer = Answer(text=json.dumps({"result": "ERROR", "code": code, "description": "x"}))
    outcome = kwtsms_at(server.url).send(LETTER)
    assert outcome == kwtsms.MEANING.get(code, Busy(Reason.PROVIDER_ERROR))
    if code in {"ERR001", "ERR003", "ERR004", "ERR005", "ERR024"}:
        assert isinstance(outcome, Busy)
        assert outcome.stays_off
    if code in {"ERR009", "ERR012", "ERR027"}:
        assert outcome == Broken()


def test_kwtsms_is_asked_as_its_manual_says(server: Gateway) -> None:
    server.answer = Answer(text=json.dumps({"result": "OK", "msg-id": "k-1"}))
    kwtsms_at(server.url).send(LETTER)
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/API/send/")
    assert asked.json == {
        "username": "user",
        "password": "secret",
        "sender": "PORTAL",
        "mobile": salem.mobile.removeprefix("+"),
        "message": LETTER.text,
        "test": "0",
    }


def test_any_gateway_is_asked_as_the_settings_say(server: Gateway) -> None:
    server.answer = Answer(text='{"state": "taken", "id": "k-1"}')
    http_at(server.url, sms_http_headers=("Authorization: Bearer abc",)).send(LETTER)
    http_at(server.url, sms_http_form="form", sms_http_body="to={number}&text={text}&user={unknown}").send(LETTER)
    first, second = server.asked
    assert first.path == f"/sms?to={salem.mobile.removeprefix('+')}"
    assert first.headers["Authorization"] == "Bearer abc"
    assert first.json == {"to": salem.mobile, "text": LETTER.text, "from": "PORTAL", "ref": LETTER.reference}
    assert second.body.startswith("to=%2B965")
    assert second.body.endswith("&user={unknown}")
    assert "%0A" in second.body


@pytest.mark.parametrize(
    "values",
    [{"sms_http_accepted": ""}, {"sms_http_accepted": "("}, {"sms_http_headers": ("no colon",)}],
)
def test_a_gateway_that_is_half_described_stops_the_start(values: dict[str, Any]) -> None:
    with pytest.raises(UnclearSetting):
        http_at("https://gateway.example", **values)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # one of Apprise's own imports
def test_apprise_says_yes_or_no_and_every_no_is_busy(server: Gateway) -> None:
    host = server.url.removeprefix("http://")
    carrier = Apprise(portal(sms_apprise_url=f"json://{host}/sms/{{digits}}"))
    server.answer = Answer(text="taken")
    assert carrier.send(LETTER) == Accepted()
    (asked,) = server.asked
    assert asked.path.rstrip("/") == f"/sms/{salem.mobile.removeprefix('+')}"
    assert asked.json["message"] == LETTER.text
    server.answer = Answer(status=500)
    assert carrier.send(LETTER) == Busy(Reason.PROVIDER_ERROR)


def test_apprise_without_a_place_for_the_number_stops_the_start() -> None:
    with pytest.raises(UnclearSetting):
        Apprise(portal(sms_apprise_url="json://127.0.0.1/"))
