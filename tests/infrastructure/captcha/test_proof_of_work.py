"""A solution counts once, for its form, in its time."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import altcha
import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from bawaba.infrastructure.captcha import proof_of_work
from bawaba.infrastructure.captcha.store import UsedUp
from bawaba.infrastructure.keys import Keyring
from tests.infrastructure.captcha.at_once import at_once

MORNING = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _solve(given: dict[str, Any]) -> str:
    """What the browser's worker does, by altcha's own solver."""
    challenge = altcha.Challenge.from_dict(given)
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_solution_is_accepted_once() -> None:
    solution = _solve(proof_of_work.challenge("register"))
    assert proof_of_work.verify("register", solution)
    with pytest.raises(UsedUp):
        proof_of_work.verify("register", solution)


def test_spelling_a_used_solution_in_another_way_does_not_make_it_fresh() -> None:
    solution = _solve(proof_of_work.challenge("register"))
    assert proof_of_work.verify("register", solution)
    other = json.loads(base64.b64decode(solution))
    other["solution"]["time"] = 1
    other["more"] = "more"
    with pytest.raises(UsedUp):
        proof_of_work.verify("register", base64.b64encode(json.dumps(other).encode()).decode())


def test_of_many_uses_at_once_one_is_heard(transactional_db: None) -> None:
    solution = _solve(proof_of_work.challenge("register"))
    assert at_once(lambda: proof_of_work.verify("register", solution)) == 1


def test_solution_for_another_form_is_refused() -> None:
    solution = _solve(proof_of_work.challenge("register"))
    assert not proof_of_work.verify("reset", solution)
    assert proof_of_work.verify("register", solution)


def test_solution_lives_five_minutes_to_the_second() -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        in_time = _solve(proof_of_work.challenge("register"))
        late = _solve(proof_of_work.challenge("register"))
        clock.shift(timedelta(minutes=5) - timedelta(seconds=1))
        assert proof_of_work.verify("register", in_time)
        clock.shift(timedelta(seconds=1))
        assert not proof_of_work.verify("register", late)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("solution", "derivedKey", "00" * 32),
        ("parameters", "cost", 1),
        ("parameters", "keyPrefix", ""),
        ("parameters", "expiresAt", 4_000_000_000),
        ("parameters", "expiresAt", None),
        ("parameters", "data", {"form": "reset"}),
        ("challenge", "signature", "00" * 32),
        ("challenge", "signature", None),
    ],
)
def test_altered_solution_is_refused(part: str, name: str, value: object) -> None:
    payload = json.loads(base64.b64decode(_solve(proof_of_work.challenge("register"))))
    parts = {
        "solution": payload["solution"],
        "challenge": payload["challenge"],
        "parameters": payload["challenge"]["parameters"],
    }
    parts[part][name] = value
    forged = base64.b64encode(json.dumps(payload).encode()).decode()
    assert not proof_of_work.verify("register", forged)
    assert not proof_of_work.verify("reset", forged)


def test_challenge_without_work_is_no_solution() -> None:
    given = proof_of_work.challenge("register")
    lazy = {"challenge": given, "solution": {"counter": 0, "derivedKey": given["parameters"]["keyPrefix"]}}
    assert not proof_of_work.verify("register", base64.b64encode(json.dumps(lazy).encode()).decode())


def test_harder_means_more_rounds() -> None:
    easy, hard = (proof_of_work.challenge("register", harder=harder)["parameters"]["cost"] for harder in (False, True))
    assert hard == 4 * easy


def test_challenge_of_the_key_before_a_rotation_is_still_good(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = Keyring(tmp_path)
    solution = _solve(proof_of_work.challenge("register"))
    settings.KEYS._make("index", 2)
    settings.KEYS = Keyring(tmp_path)
    assert proof_of_work.verify("register", solution)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: base64.b64encode(raw).decode()))
def test_rubbish_is_refused(solution: str) -> None:
    assert not proof_of_work.verify("register", solution)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=6,
)


@given(parameters=_json, signature=_json, solution=_json)
def test_well_formed_rubbish_is_refused(parameters: object, signature: object, solution: object) -> None:
    payload = {"challenge": {"parameters": parameters, "signature": signature}, "solution": solution}
    assert not proof_of_work.verify("register", base64.b64encode(json.dumps(payload).encode()).decode())


@given(
    st.dictionaries(st.sampled_from(["algorithm", "cost", "keyPrefix", "expiresAt", "salt", "nonce", "data"]), _json)
)
def test_a_real_challenge_with_rubbish_in_it_is_refused(rubbish: dict[str, object]) -> None:
    given = proof_of_work.challenge("register")
    given["parameters"] |= rubbish or {"cost": 1}
    payload = {"challenge": given, "solution": {"counter": 0, "derivedKey": "00"}}
    assert not proof_of_work.verify("register", base64.b64encode(json.dumps(payload).encode()).decode())
