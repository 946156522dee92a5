"""Speaks the digits of a picture in Arabic or English, from one recording a digit, over light noise."""

import wave
from functools import cache
from hashlib import shake_256
from io import BytesIO
from pathlib import Path

VOICES = Path(__file__).parent / "voices"
RATE = 11025  # samples a second, one byte each
START = RATE // 2
GAP, GAP_SPREAD = 9 * RATE // 10, 3 * RATE // 10  # between digits: time to type one, never quite the same
LOUDEST_NOISE = 16
# Speech moves down and is cut so that adding noise never carries into the byte of the next sample.
_ROOM = bytes(min(max(level, LOUDEST_NOISE // 2), 256 - LOUDEST_NOISE) - LOUDEST_NOISE // 2 for level in range(256))
_QUIET = bytes(level % LOUDEST_NOISE for level in range(256))
_SILENCE = b"\x80"


def speak(digits: str, language: str, seed: bytes) -> bytes:
    """A WAV file of at most 15 s and 170 KB, in the English voice unless `language` is "ar".

    The same seed gives the same bytes, since browsers fetch a recording in ranges.
    """
    voice = "ar" if language == "ar" else "en"
    lengths = shake_256(b"gaps" + seed).digest(len(digits))
    speech = _SILENCE * START
    for digit, length in zip(digits, lengths, strict=True):
        speech += _recording(voice, digit) + _SILENCE * (GAP + GAP_SPREAD * length // 255)
    return _wav(_over_noise(speech, seed))


@cache
def _recording(voice: str, digit: str) -> bytes:
    with wave.open(str(VOICES / voice / f"{digit}.wav")) as file:
        return bytes(file.readframes(file.getnframes()))


def _over_noise(speech: bytes, seed: bytes) -> bytes:
    """All samples are added at once as two long numbers: a hundred times faster than one by one."""
    noise = shake_256(b"noise" + seed).digest(len(speech)).translate(_QUIET)
    total = int.from_bytes(speech.translate(_ROOM)) + int.from_bytes(noise)
    return total.to_bytes(len(speech))


def _wav(samples: bytes) -> bytes:
    file = BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(RATE)
        writer.writeframes(samples)
    return file.getvalue()
