"""The collector of reports about the content policy."""

import json

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

OLD = {"csp-report": {"effective-directive": "script-src", "blocked-uri": "https://evil.example/a?token=abc"}}
NEW = [{"type": "csp-violation", "body": {"effectiveDirective": "style-src-attr", "blockedURL": "inline"}}]


def send(client: Client, data: object, content_type: str = "application/csp-report") -> int:
    body = data if isinstance(data, str) else json.dumps(data)
    return client.post("/csp/", body, content_type=content_type).status_code


def test_a_report_is_logged_without_addresses(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert send(client, OLD) == 204
    assert send(client, NEW, "application/reports+json") == 204
    logged = [(entry.rule, entry.blocked) for entry in caplog.records if entry.message == "csp_violation"]  # type: ignore[attr-defined]  # extras
    assert logged == [("script-src", "evil.example"), ("style-src-attr", "inline")]
    assert "token" not in caplog.text


@pytest.mark.parametrize(
    "junk",
    [
        {"csp-report": {"effective-directive": "x\ny", "blocked-uri": "http://[::1"}},
        {"csp-report": {"effective-directive": 5, "blocked-uri": ["a"]}},
        {"csp-report": {}},
        {"csp-report": None},
        [],
        [[], 7],
    ],
)
def test_junk_in_a_report_stays_out_of_the_log(client: Client, caplog: pytest.LogCaptureFixture, junk: object) -> None:
    assert send(client, junk) == 204
    assert all(entry.rule == "unknown" for entry in caplog.records if entry.message == "csp_violation")  # type: ignore[attr-defined]  # extras


def test_what_is_no_report_is_refused(client: Client) -> None:
    assert send(client, "{") == 400
    assert send(client, "[" * 5000) == 400
    assert send(client, OLD, "text/plain") == 400
    assert client.get("/csp/").status_code == 405


def test_a_report_is_small_and_there_are_not_many(client: Client) -> None:
    assert send(client, {"csp-report": {"blocked-uri": "a" * 8200}}) in {400, 413}
    statuses = [send(client, OLD) for _ in range(61)]
    assert statuses[:60] == [204] * 60
    assert statuses[60] == 429
