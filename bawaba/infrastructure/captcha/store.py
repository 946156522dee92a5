"""Pictures nobody stores: the page carries the answer sealed, and only what was answered is written down.

A picture's id is its form, text, digits and expiry under AES-256-GCM with the field key. Showing a page with a picture
therefore costs no row and no drawing; the id is spent by a unique row when an answer comes.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import choice

from cryptography.exceptions import InvalidTag
from django.conf import settings

from bawaba.identifiers.digits import fold_digits, remove_invisible
from bawaba.infrastructure import clock
from bawaba.infrastructure.captcha import audio, picture
from bawaba.infrastructure.captcha.models import UsedAnswer
from bawaba.infrastructure.keys import UnusableKey
from bawaba.infrastructure.limits.table import CAPTCHA_LIFE

LIFE = timedelta(seconds=CAPTCHA_LIFE.value)
LENGTH = 6
LONGEST_ID = 500
SLICE = 1000
_SEAL = "captcha picture"


class NoSuchPicture(Exception):
    """The id was not made here, or its five minutes are over."""


class UsedUp(Exception):
    """The challenge was answered before, rightly or wrongly."""


class SeamClosed(Exception):
    """The solution of a picture was asked for outside of a test installation."""


@dataclass(frozen=True)
class Picture:
    """What the browser is given. `id` opens nothing and tells nothing."""

    id: str


@dataclass(frozen=True)
class Solution:
    """Both answers of a picture: the drawn text and the spoken digits."""

    form: str
    text: str
    digits: str
    expires_at: datetime


def new(form: str) -> Picture:
    """A fresh picture for one form. Writes nothing."""
    digits = "".join(choice("0123456789") for _ in range(LENGTH))
    expires = int((clock.now() + LIFE).timestamp() * 1000)
    plain = json.dumps([form, _text(), digits, expires], separators=(",", ":")).encode()
    return Picture(id=urlsafe_b64encode(settings.KEYS.encrypt(_SEAL, plain)).decode())


def answer(picture_id: str, form: str, text: str) -> bool:
    """Whether `text` answers the picture. An answer of any kind uses the picture up; the empty one does not count.

    Raises `UsedUp`.
    """
    typed = fold_digits(remove_invisible(text).strip()).encode()
    try:
        solution = _open(picture_id)
    except NoSuchPicture:
        return False
    if not typed or solution.form != form:
        return False
    spend(_sealed(picture_id), solution.expires_at)
    drawn = hmac.compare_digest(typed, solution.text.encode())
    spoken = hmac.compare_digest(typed, solution.digits.encode())
    return drawn or spoken


def png(picture_id: str) -> bytes:
    """The picture itself. Raises `NoSuchPicture`."""
    return picture.draw(_open(picture_id).text)


def wav(picture_id: str, language: str) -> bytes:
    """The spoken digits, every time the same bytes. Raises `NoSuchPicture`."""
    return audio.speak(_open(picture_id).digits, language, seed=_sealed(picture_id))


def solve(picture_id: str) -> Solution:
    """The test seam: what a test types in place of a person. Raises `SeamClosed` unless the setting opens it."""
    if not settings.BAWABA.test_seam:
        raise SeamClosed
    return _open(picture_id)


def spend(challenge: bytes, expires_at: datetime) -> None:
    """Use a challenge up. Of any number of attempts, also at the same moment, all but the first raise `UsedUp`."""
    key = sha256(challenge).hexdigest()
    _, first = UsedAnswer.objects.get_or_create(challenge=key, defaults={"expires_at": expires_at})
    if not first:
        raise UsedUp


def purge() -> int:
    """Forget answers whose challenge has expired, in slices so that no lock lasts. Returns how many."""
    expired = UsedAnswer.objects.expired(clock.now())
    deleted = 0
    while keys := list(expired.values_list("pk", flat=True)[:SLICE]):
        deleted += expired.filter(pk__in=keys).delete()[0]
    return deleted


def _text() -> str:
    while True:
        text = "".join(choice(settings.BAWABA.captcha_alphabet) for _ in range(LENGTH))
        if "rn" not in text:  # it reads as m
            return text


def _sealed(picture_id: str) -> bytes:
    """The bytes of an id, so that one picture has one name however its id is spelt. Raises `NoSuchPicture`."""
    if len(picture_id) > LONGEST_ID:
        raise NoSuchPicture
    try:
        return urlsafe_b64decode(picture_id.encode("ascii"))
    except ValueError as error:
        raise NoSuchPicture from error


def _open(picture_id: str) -> Solution:
    try:
        form, text, digits, expires = json.loads(settings.KEYS.decrypt(_SEAL, _sealed(picture_id)))
    except (InvalidTag, UnusableKey, ValueError) as error:
        raise NoSuchPicture from error
    expires_at = datetime.fromtimestamp(expires / 1000, UTC)
    if clock.now() >= expires_at:
        raise NoSuchPicture
    return Solution(form=form, text=text, digits=digits, expires_at=expires_at)
