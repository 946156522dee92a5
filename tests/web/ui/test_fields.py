"""The fields of the portal, each tried with what people and machines put into it."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from bawaba.web.ui import fields
from tests.people import ahmad

FIELDS = {
    "name": fields.NameField(),
    "civil_id": fields.CivilIdField(),
    "cr_number": fields.CrNumberField(),
    "mobile": fields.MobileField(),
    "email": fields.EmailField(),
    "code": fields.CodeField(),
    "line": fields.LineField(longest=80),
}


@pytest.mark.parametrize("name", FIELDS)
@given(text=st.text(max_size=300))
def test_any_text_is_cleaned_or_refused_with_a_sentence(name: str, text: str) -> None:
    with suppress(ValidationError):
        value = FIELDS[name].clean(text)
        assert value
        assert not set(value) & set("\u200f\u202e\x00\n\r")


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", ["", "   ", "\u200f\u200e", "\u00a0"])
def test_what_cannot_be_seen_is_nothing(name: str, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        FIELDS[name].clean(text)
    assert refusal.value.code == "required"


def test_the_values_of_a_person_are_taken() -> None:
    assert FIELDS["civil_id"].clean(ahmad.civil_id) == ahmad.civil_id
    assert FIELDS["mobile"].clean(ahmad.mobile) == ahmad.mobile
    assert FIELDS["email"].clean(ahmad.email) == ahmad.email
    assert FIELDS["name"].clean(ahmad.first_name) == ahmad.first_name


@pytest.mark.parametrize(
    ("name", "filled"), [("email", "email"), ("mobile", "tel"), ("code", "one-time-code"), ("civil_id", "off")]
)
def test_what_browsers_and_password_managers_fill_in_is_named(name: str, filled: str) -> None:
    assert FIELDS[name].widget.attrs["autocomplete"] == filled
