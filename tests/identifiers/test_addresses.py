"""E-mail addresses as people paste them: one mailbox, one account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawaba.identifiers.addresses import clean_email, display_email, email_key
from bawaba.identifiers.problem import Problem


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("salem@example.com", "salem@example.com"),
        ("salem@example.com\u200f", "salem@example.com"),
        ("\u202bsalem@exa\u200bmple.com\u202c\n", "salem@example.com"),
        (" salem@example.com ", "salem@example.com"),
        ("Salem.N+customs@EXAMPLE.com", "Salem.N+customs@example.com"),
        ("salem@مثال.com", "salem@xn--mgbh0fb.com"),
        ("salem@xn--mgbh0fb.com", "salem@xn--mgbh0fb.com"),
        ("salem@example．com", "salem@example.com"),
    ],
)
def test_what_is_stored(text: str, address: str) -> None:
    assert clean_email(text) == address


def test_the_key_ignores_case_and_nothing_else() -> None:
    assert email_key(clean_email("SALEM@Example.COM")) == email_key(clean_email("salem@example.com"))
    assert email_key(clean_email("salem@مثال.com")) == email_key(clean_email("salem@XN--mgbh0fb.com"))
    assert email_key(clean_email("s.alem@example.com")) != email_key(clean_email("salem@example.com"))
    assert email_key(clean_email("salem+a@example.com")) != email_key(clean_email("salem@example.com"))


def test_people_see_the_domain_in_its_script() -> None:
    assert display_email("salem@xn--mgbh0fb.com") == "salem@مثال.com"
    assert display_email("salem@example.com") == "salem@example.com"
    assert display_email("salem@xn--a.com") == "salem@xn--a.com"


@pytest.mark.parametrize("text", ["", " ", "\u200f\u200e"])
def test_nothing_left_is_nothing_given(text: str) -> None:
    with pytest.raises(Problem, match="required"):
        clean_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "salem",
        "salem@",
        "@example.com",
        "salem@example",
        "salem@@example.com",
        "sa lem@example.com",
        "salem@-a.com",
        "salem@exa_mple.com",
        "salem@localhost",
        "salem@[127.0.0.1]",
        "salem..n@example.com",
        ".salem@example.com",
        '"salem"@example.com',
        "Salem <salem@example.com>",
        "[salem@example.com]",
        "salem@example.com,eve@example.com",
        "salem@example.com;eve@example.com",
        "salem@example.com eve@example.com",
        "salem@example.com\r\nBcc: eve@example.com",
        "salem@example.com\x00",
        "mıke@example.com",
        "\u212aim@example.com",
        "ﬁ@example.com",
        "ſalem@example.com",
        "straße@example.com",
        "İ@example.com",
        "ｓalem@example.com",
        "سالم@example.com",
        "salem＠example.com",
        "a" * 65 + "@example.com",
        "salem@" + "a" * 250 + ".com",
        "salem@" + "\u0645" * 64 + ".com",
        "x" * 1_000_000,
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(Problem, match="invalid"):
        clean_email(text)


@given(st.text() | st.emails() | st.builds("{}@{}".format, st.text(max_size=8), st.text(max_size=12)))
def test_any_text_is_an_address_or_a_problem(text: str) -> None:
    try:
        address = clean_email(text)
    except Problem:
        return
    assert address.isascii()
    assert address.isprintable()
    assert len(address) <= 254
    assert clean_email(address) == address
    assert email_key(email_key(address)) == email_key(address)
    assert clean_email(display_email(address)) == address
