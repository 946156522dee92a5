"""openid-client, a certified relying party that shares no code with the portal, against a running one."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bawaba.domain.accounts.models import User
from tests.accounts import signed_in
from tests.client import Browser
from tests.people import ahmad, example_trading
from tests.web.oidc.live import portal as portal
from tests.web.oidc.live import walk
from tests.web.oidc.party import AFTER, ALLOW, Party

pytestmark = [pytest.mark.needs("nodejs", "npm")]

HERE = Path(__file__).parent / "openid_client"
REDIRECT = "https://permits.example.com/signed-in"


class Node:
    """The program beside this file: a step in, what it found out."""

    def __init__(self, *arguments: str) -> None:
        command = [shutil.which("node") or "node", str(HERE / "party.mjs"), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def do(self, step: str, **given: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"step": step, **given}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())  # type: ignore[no-any-return]  # JSON

    def end(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=20)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def library() -> None:
    """openid-client as its lock file says, fetched once; parallel tests wait for each other."""
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules/openid-client").is_dir():
            command = [shutil.which("npm") or "npm", "ci", "--silent", "--ignore-scripts"]
            subprocess.run(command, cwd=HERE, check=True, timeout=120)


@pytest.fixture
def node(library: None, portal: str) -> Iterator[Node]:
    running = Node(portal, "permits", Party("permits").secret, REDIRECT)
    running.metadata = running.do("discover")  # type: ignore[attr-defined]  # for the one test that looks
    yield running
    running.end()


@pytest.fixture
def person(portal: str, owner: User) -> Browser:
    return signed_in(ahmad)


def way(node: Node, browser: Browser, **extra: str) -> str:
    """The address with the code, after the person went there and allowed it."""
    page = walk(browser, node.do("ask", extra=extra)["url"])
    if page.status == 200:
        page = browser.submit(ALLOW, status=None)
    return page.headers["location"]


def test_the_whole_way_is_found_right_by_others(node: Node, person: Browser, owner: User, portal: str) -> None:
    metadata = node.metadata  # type: ignore[attr-defined]  # set by the fixture
    assert metadata["issuer"] == portal
    came = way(node, person)
    assert f"iss={portal.replace(':', '%3A').replace('/', '%2F')}" in came
    tokens = node.do("exchange", url=came)
    subject = tokens["claims"]["sub"]
    assert subject == str(owner.pk)
    found = node.do("userinfo", token=tokens["access_token"], subject=subject)
    assert found["company"]["cr_number"] == example_trading.cr_number
    assert node.do("userinfo", token=tokens["access_token"], subject="another")["failed"]
    assert node.do("introspect", token=tokens["access_token"])["active"] is True
    # rotation, and the copy of an old token
    fresh = node.do("refresh", token=tokens["refresh_token"])
    assert fresh["refresh_token"] != tokens["refresh_token"]
    assert node.do("refresh", token=tokens["refresh_token"])["failed"] == "invalid_grant"
    assert node.do("refresh", token=fresh["refresh_token"])["failed"] == "invalid_grant"
    assert node.do("introspect", token=fresh["access_token"])["active"] is False
    # silently, with the hint, within an age
    again = way(node, person, prompt="none", max_age="10000", id_token_hint=tokens["id_token"])
    second = node.do("exchange", url=again, maxAge=10_000)
    assert second["claims"]["auth_time"] == tokens["claims"]["auth_time"]
    # the code a second time
    assert node.do("exchange", url=again)["failed"]
    assert node.do("introspect", token=second["access_token"])["active"] is False
    # ended by the service
    third = node.do("exchange", url=way(node, person))
    assert node.do("revoke", token=third["refresh_token"]) == {}
    assert node.do("introspect", token=third["access_token"])["active"] is False
    # signing out
    page = walk(person, node.do("signOut", hint=third["id_token"], back=AFTER)["url"])
    page = person.submit("تسجيل الخروج", within=page.main.one("form"), status=None)
    assert page.headers["location"] == AFTER


def test_what_is_wrong_is_found_wrong_by_both(node: Node, person: Browser) -> None:
    verifier = "x" * 64
    for change in ({"pkceCodeVerifier": verifier}, {"expectedNonce": "another"}, {"expectedState": "another"}):
        assert node.do("exchange", url=way(node, person), change=change)["failed"], change
    assert (
        "error=login_required" in walk(Browser(), node.do("ask", extra={"prompt": "none"})["url"]).headers["location"]
    )
    assert walk(person, node.do("ask", extra={"redirect_uri": "https://evil.example.com/"})["url"]).status == 400
    for extra, error in (
        ({"response_type": "token"}, "unauthorized_client"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "openid admin"}, "invalid_scope"),
    ):
        assert f"error={error}" in walk(person, node.do("ask", extra=extra)["url"]).headers["location"]
