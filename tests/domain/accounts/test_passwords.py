"""Which passwords are taken: the edges of each profile, known leaks, and words that others know."""

import gzip
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from bawaba.domain.accounts import passwords
from bawaba.domain.accounts.blocklist import build, entries
from bawaba.domain.accounts.passwords import WeakPassword

LEAKED = gzip.decompress(Path(__file__).with_name("leaked.txt.gz").read_bytes()).decode().split("\n")
LETTERS = "xqzvkjwyhufgtbn"


@pytest.fixture
def profile(settings: Settings) -> Callable[[str], None]:
    def choose(name: str) -> None:
        settings.BAWABA = replace(settings.BAWABA, password_profile=name)

    return choose


def codes(raw: str, *context: str, second_factor: bool = False) -> set[str]:
    try:
        passwords.check(raw, context=context, second_factor=second_factor)
    except WeakPassword as weak:
        return set(weak.codes)
    return set()


@pytest.mark.parametrize(
    ("name", "second_factor", "shortest", "kinds"),
    [
        ("guide", False, 8, True),
        ("guide", True, 8, True),
        ("kw-nbcc", False, 14, True),
        ("kw-nbcc", True, 8, True),
        ("nist", False, 15, False),
        ("nist", True, 8, False),
    ],
)
def test_the_shortest_length_is_exact(
    profile: Callable[[str], None], name: str, *, second_factor: bool, shortest: int, kinds: bool
) -> None:
    profile(name)
    long_enough = ("Q7!" if kinds else "q7x") + LETTERS[: shortest - 3]
    assert codes(long_enough, second_factor=second_factor) == set()
    with pytest.raises(WeakPassword) as caught:
        passwords.check(long_enough[:-1], second_factor=second_factor)
    assert caught.value.codes == ("length",)
    assert caught.value.shortest == shortest


def test_an_account_has_no_second_factor_unless_it_is_said(profile: Callable[[str], None]) -> None:
    profile("kw-nbcc")
    with pytest.raises(WeakPassword) as caught:
        passwords.check("Q7!xqzvkjw")
    assert caught.value.shortest == 14


@pytest.mark.parametrize("name", ["guide", "kw-nbcc"])
def test_a_phrase_of_fifteen_needs_no_kinds_and_one_of_fourteen_does(profile: Callable[[str], None], name: str) -> None:
    profile(name)
    assert codes("xqzvkjwyhufgtbn") == set()
    assert codes("xqzvkjwyhufgtb") == {"upper", "digit", "symbol"}


@pytest.mark.parametrize("name", ["guide", "kw-nbcc", "nist"])
def test_the_longest_length_is_exact(profile: Callable[[str], None], name: str) -> None:
    profile(name)
    text = "Q7! " + LETTERS * 9
    assert codes(text[:128]) == set()
    assert codes(text[:129]) == {"too_long"}
    assert codes("x" * 1_000_000) == {"too_long"}
    with pytest.raises(WeakPassword) as caught:
        passwords.check(text)
    assert (caught.value.shortest, caught.value.longest) == (passwords.profile().alone, 128)


@pytest.mark.parametrize(
    ("raw", "missing"),
    [
        ("xq7!vkjw", "upper"),
        ("XQ7!VKJW", "lower"),
        ("XqZ!vkjw", "digit"),
        ("Xq7Zvkjw", "symbol"),
        ("Xq7Zبحرن", "symbol"),
        ("Xq7Zـــــ", "symbol"),
        ("XQ7!ǅǅǅǅ", "lower"),
        ("xq7!ǅǅǅǅ", "upper"),
    ],
)
def test_each_missing_kind_is_named(raw: str, missing: str) -> None:
    assert codes(raw) == {missing}


@pytest.mark.parametrize("raw", ["Xq٧!vkjw", "Xq۷!vkjw", "Xq7 vkjw", "Éq7!vkjw", "Xq7؟vkjw"])
def test_digits_of_any_script_and_any_sign_count(raw: str) -> None:
    assert codes(raw) == set()


@pytest.mark.parametrize("raw", ["البحر أزرق والسماء صافية", "قهوة وتمر بعد صلاة العصر", "نخلة طويلة في وسط الدار"])
def test_a_phrase_in_arabic_is_taken(raw: str) -> None:
    assert codes(raw) == set()


def test_length_counts_code_points_after_nfc() -> None:
    decomposed = "e\u0301" * 4 + "Q7!x"
    assert len(decomposed) == 12
    assert codes(decomposed) == set()
    assert codes("e\u0301" * 3 + "Q7!x") == {"length"}
    assert codes(unicodedata.normalize("NFD", "é" * 64 + "Q7! " + LETTERS * 4)) == set()


def test_five_thousand_real_leaks_are_refused_for_that_reason_alone() -> None:
    assert len(LEAKED) == 5_000
    assert all(build.passes(password) for password in LEAKED)
    assert [password for password in LEAKED if "breached" not in codes(password)] == []


def test_the_list_is_as_large_as_documented() -> None:
    assert entries.FILE.stat().st_size // entries.WIDTH > 400_000


@pytest.mark.parametrize(
    "raw",
    [
        "P@ssw0rd",
        "Password1!",
        "!!Welcome2024",
        "Qwerty123!",
        "PASSWORDpassword",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "\u200b" * 20,
    ],
)
def test_disguises_of_common_passwords(raw: str) -> None:
    assert "breached" in codes(raw)


def test_the_same_leak_in_other_letters() -> None:
    leak = next(password for password in LEAKED if "o" in password.lower() and "a" in password.lower())
    assert "breached" in codes(leak.swapcase().replace("o", "0").replace("A", "@"))


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        ("Xsalem.n7!q", "salem.n@example.com"),
        ("X!qSALEM-4v", "salem.n@example.com"),
        ("Xv!182040701483", "182040701483"),
        ("Xv!١٨٢٠٤٠٧٠١٤٨٣", "182040701483"),
        ("Vx!q23118", "23118"),
        ("Vx!q50012345", "+96550012345"),
        ("Vx!q7Maryam", "مريم Maryam"),
        ("Vx!q7أحمد", "احمد"),
        ("Vx!q7سالم", "سَالِم"),
        ("Vx!q7صالح", "الصالح"),
        ("Vx!q7M4ry@m", "Maryam"),
        ("Vx!q7zkwAli", "Ali"),
    ],
)
def test_what_others_know_of_the_person(raw: str, known: str) -> None:
    assert codes(raw, known) == {"context"}
    assert "context" not in codes(raw)


@pytest.mark.parametrize(
    "raw", ["Vx!7Customs", "Vx!7Cu5t0ms", "Xv!7aبوابة", "Xv!7aالجمارك", "Xv!7Kuwait", "Xv!7aالكويت"]
)
def test_the_names_of_portal_operator_and_country(raw: str) -> None:
    assert "context" in codes(raw)


def test_the_names_come_from_the_settings(settings: Settings) -> None:
    assert codes("Vx!7Harbour") == set()
    settings.BAWABA = replace(settings.BAWABA, portal_name_en="Harbour e-Services")
    assert codes("Vx!7Harbour") == {"context"}


def test_a_phrase_may_hold_a_known_word_beside_fifteen_others() -> None:
    assert codes("maryam drinks tea at the sea", "Maryam") == set()
    assert codes("maryam drinks tea", "Maryam") == {"context"}
    assert "context" in codes("maryam maryam maryam", "Maryam")
    assert codes("maryam" + LETTERS, "Maryam") == set()
    assert codes("maryam" + LETTERS[:14], "Maryam") == {"context"}


def test_the_longest_known_word_is_taken_out_first() -> None:
    known = ("Yousef", "falconyousef@example.com")
    assert codes("falconyousef" + LETTERS[:10], *known) == {"context"}
    assert codes("falcon" + LETTERS[:10], *known) == set()


def test_the_domain_of_an_e_mail_is_nobodys_secret_and_nobodys_name() -> None:
    assert codes("Vx!7Example", "salem.n@example.com") == codes("Vx!7Compass", "salem.n@example.com") == set()


@pytest.mark.parametrize("known", ["", " ", "@", "Al", "٣"])
def test_nothing_known_refuses_nothing(known: str) -> None:
    assert codes("Vx!q7zkw alal", known) == set()


@given(st.text(max_size=140), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_is_taken_or_refused_with_reasons(raw: str, context: list[str]) -> None:
    assert codes(raw, *context) <= {*passwords.KINDS, "length", "too_long", "context", "breached"}


def test_the_password_stands_in_no_exception() -> None:
    with pytest.raises(WeakPassword) as caught:
        passwords.check("hunter2")
    assert str(caught.value) == "length, upper, symbol, breached"
