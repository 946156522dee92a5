"""The way past the picture without a test of eye, ear or memory: the browser computes for about half a second.

The protocol is altcha's second: the browser tries counters until a PBKDF2 key begins as asked. The server
chooses the counter, so that a slow telephone has a longest wait too. Nothing is stored until a solution comes.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha
from django.conf import settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.captcha.store import spend
from bawaba.infrastructure.keys import Key
from bawaba.infrastructure.limits.table import CAPTCHA_LIFE

LIFE = timedelta(seconds=CAPTCHA_LIFE.value)
LONGEST_SOLUTION = 2000  # characters
ALGORITHM = "PBKDF2/SHA-256"
ROUNDS = 5000  # of the hash in each try
TRIES = range(100, 300)
HARDER = 4  # times, when the site is under attack


def challenge(form: str, *, harder: bool = False) -> dict[str, Any]:
    """A challenge for one form, as altcha's JSON. Costs one try, about 2 ms."""
    key = settings.KEYS.newest("index")
    made = altcha.create_challenge(
        ALGORITHM,
        cost=ROUNDS * (HARDER if harder else 1),
        counter=secrets.choice(TRIES),
        expires_at=clock.now() + LIFE,
        data={"form": form},
        hmac_secret=_secret(key, "challenge"),
        hmac_key_secret=_secret(key, "solution"),
    )
    return made.to_dict()


def verify(form: str, solution: str) -> bool:
    """Whether `solution` (base64 of altcha's JSON) solves a challenge of this form, in time. Raises `UsedUp`."""
    if not solution or len(solution) > LONGEST_SOLUTION:
        return False
    try:
        payload = altcha.Payload.from_base64(solution)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
    signature, parameters = payload.challenge.signature, payload.challenge.parameters
    if not signature or not parameters.expires_at or not _is_solved(payload) or parameters.data != {"form": form}:
        return False
    expires_at = datetime.fromtimestamp(parameters.expires_at, UTC)
    if clock.now() >= expires_at:
        return False
    spend(signature.encode(), expires_at)
    return True


def _is_solved(payload: altcha.Payload) -> bool:
    """Under any version of the key: a challenge made just before a rotation is still good."""
    return any(
        altcha.verify_solution(payload, _secret(key, "challenge"), hmac_key_secret=_secret(key, "solution")).verified
        for key in settings.KEYS.versions("index").values()
    )


def _secret(key: Key, use: str) -> str:
    return str(settings.KEYS.digest_with(key, "proof of work", use))
