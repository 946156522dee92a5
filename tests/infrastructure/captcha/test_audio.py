"""The spoken digits: short, small, in the language of the page, and made of recordings of the right form."""

import wave
from io import BytesIO
from itertools import combinations

import pytest

from bawaba.infrastructure.captcha import audio

DIGITS = "0123456789"
LANGUAGES = ("ar", "en")


def _samples(file: bytes) -> bytes:
    with wave.open(BytesIO(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, audio.RATE)
        return bytes(sound.readframes(sound.getnframes()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("digit", DIGITS)
def test_every_recording_has_the_form_that_is_mixed(language: str, digit: str) -> None:
    samples = _samples((audio.VOICES / language / f"{digit}.wav").read_bytes())
    assert 0.3 * audio.RATE < len(samples) < 1.2 * audio.RATE
    assert max(samples) - min(samples) > 100  # loud enough to be heard over the noise
    assert min(samples) >= audio.LOUDEST_NOISE // 2
    assert max(samples) <= 256 - audio.LOUDEST_NOISE


@pytest.mark.parametrize("language", LANGUAGES)
def test_longest_code_stays_short_and_small(language: str) -> None:
    for digit in DIGITS:
        file = audio.speak(digit * 6, language, seed=b"\xff")
        assert len(file) <= 170_000
        assert len(_samples(file)) <= 20 * audio.RATE


def test_digits_and_languages_sound_different() -> None:
    spoken = [audio._recording(language, digit) for language in LANGUAGES for digit in DIGITS]
    assert all(one != other for one, other in combinations(spoken, 2))


def test_same_seed_gives_the_same_bytes_and_another_seed_other_noise() -> None:
    assert audio.speak("123456", "ar", seed=b"one") == audio.speak("123456", "ar", seed=b"one")
    assert audio.speak("123456", "ar", seed=b"one") != audio.speak("123456", "ar", seed=b"two")


def test_noise_never_drowns_or_breaks_the_speech() -> None:
    """Adding all samples at once must equal adding them one by one: no sample may carry into its neighbour."""
    speech = bytes(range(256)) * 3
    mixed = audio._over_noise(speech, b"seed")
    for level, heard in zip(speech, mixed, strict=True):
        cut = min(max(level, audio.LOUDEST_NOISE // 2), 256 - audio.LOUDEST_NOISE)
        assert abs(heard - cut) <= audio.LOUDEST_NOISE // 2
