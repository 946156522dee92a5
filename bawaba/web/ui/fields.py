"""The fields of the portal: each cleans what was typed with `identifiers` and says in words what is wrong."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bawaba.identifiers.addresses import clean_email
from bawaba.identifiers.digits import clean_number
from bawaba.identifiers.kw import clean_civil_id, clean_cr_number, clean_mobile
from bawaba.identifiers.names import clean_name, clean_title
from bawaba.identifiers.problem import Problem
from bawaba.infrastructure import clock

KUWAIT = ZoneInfo("Asia/Kuwait")
REQUIRED = _("This field is required.")
Words = str | Promise


def today_in_kuwait() -> date:
    return clock.now().astimezone(KUWAIT).date()


class CleanedField(forms.CharField):
    """A text field whose value is what `clean_text` returns; a `Problem` becomes the sentence of its code.

    `strip` is off, since the cleaning knows better than Django what surrounds a value, and so is Django's own check
    for NUL, which would answer in other words.
    """

    sentences: dict[str, Words] = {}
    sentence: Words = REQUIRED

    attrs: dict[str, str] = {}

    def __init__(
        self, clean_text: Callable[[str], str], *, attrs: dict[str, str] | None = None, **options: Any
    ) -> None:
        options.setdefault("error_messages", {"required": REQUIRED})
        super().__init__(strip=False, **options)
        self.clean_text = clean_text
        self.widget.attrs |= self.attrs | (attrs or {})
        self.validators = []

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return self.clean_text(text)
        except Problem as problem:
            if problem.code == "required":
                return ""  # Django's own `validate` then says so, or accepts it where the field is optional
            raise ValidationError(str(self.sentences.get(problem.code, self.sentence)), code=problem.code) from problem


class NameField(CleanedField):
    attrs = {"spellcheck": "false"}
    sentence = _("The name contains characters that are not allowed.")
    sentences = {
        "script": _("Write the name in Arabic letters only or in Latin letters only."),
        "length": _("The name may have at most 50 characters."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(clean_name, **options)


class CivilIdField(CleanedField):
    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    sentence = _("This civil number is not correct. Enter it as shown on the civil ID card.")
    sentences = {"format": _("The civil number has 12 digits.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(self._clean_text, **options)

    @staticmethod
    def _clean_text(text: str) -> str:
        return clean_civil_id(text, today=today_in_kuwait(), centuries=settings.BAWABA.accepted_centuries)


class CrNumberField(CleanedField):
    attrs = {"class": "w20", "inputmode": "numeric", "autocomplete": "off"}
    sentence = _("The commercial registration number has digits only.")
    sentences = {"length": _("The commercial registration number has at most 12 digits.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(_clean_cr_number, **options)


def _clean_cr_number(text: str) -> str:
    try:
        return clean_cr_number(text)
    except Problem as problem:
        digits = clean_number(text)
        raise Problem("length" if digits.isascii() and digits.isdecimal() else problem.code) from problem


class MobileField(CleanedField):
    sentence = _("Enter an 8-digit Kuwaiti mobile number.")
    attrs = {"autocomplete": "tel"}
    widget = forms.TelInput

    def __init__(self, **options: Any) -> None:
        super().__init__(self._clean_text, **options)

    @staticmethod
    def _clean_text(text: str) -> str:
        return clean_mobile(text, countries=settings.BAWABA.mobile_countries)


class EmailField(CleanedField):
    sentence = _("Enter a valid e-mail address, such as name@example.com.")
    attrs = {"autocomplete": "email"}
    widget = forms.EmailInput

    def __init__(self, **options: Any) -> None:
        super().__init__(clean_email, **options)


class CodeField(CleanedField):
    """One box for a one-time code, in any digits, with or without spaces. Only the challenge knows its length."""

    sentence = _("The verification code has digits only.")
    attrs = {"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code"}

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Verification code"))
        options.setdefault("help_text", _("You can paste the code as it came."))
        super().__init__(_clean_code, **options)


def _clean_code(text: str) -> str:
    digits = clean_number(text)
    if not digits:
        raise Problem("required")
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 40:
        raise Problem("format")
    return digits


class LineField(CleanedField):
    """A line of anything that can be seen, in any script, of at most `longest` characters."""

    sentence = _("The text contains characters that are not allowed.")
    sentences = {"length": _("Shorten what you entered and try again.")}

    def __init__(self, *, longest: int, **options: Any) -> None:
        super().__init__(partial(clean_title, longest=longest), max_length=longest, **options)


class PasswordField(forms.CharField):
    """A password exactly as typed: nothing is trimmed and nothing removed."""

    widget = forms.PasswordInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", {"required": REQUIRED})
        super().__init__(strip=False, **options)
        self.validators = []
