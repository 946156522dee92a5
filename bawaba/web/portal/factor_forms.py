"""The forms in which a second factor is given: digits of any script, and our counters before the library compares."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from json import JSONDecodeError, JSONDecoder
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bawaba.domain.accounts.allauth import PASSKEY, opens_alone
from bawaba.domain.accounts.models import User
from bawaba.identifiers.names import clean_title
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.limits import counter, table
from bawaba.web.ui import source
from bawaba.web.ui.fields import CleanedField, CodeField

CODE = "code"  # of the authenticator or a recovery code: a wrong one does not say which


@contextmanager
def counted(user: User, factor: str) -> Iterator[None]:
    """A failure is counted before the comparison and taken back when it was right; a refused one is written down.

    Raises `LimitReached` with nothing compared. The count of the source is only taken back, never cleared.
    """
    key, here = str(user.pk), source.of(context.request)
    counter.spend_all((table.FAILURES_SOURCE, here), (table.SECOND_FACTOR_FAILURES, key))
    at = clock.now()
    try:
        yield
    except ValidationError as refused:
        with transaction.atomic():
            record(EventType.FACTOR_REFUSED, subject=key, factor=factor, reason=refused.code or "")
        raise
    with counter.alone():
        counter.refund(table.FAILURES_SOURCE, here, spent_at=at)
        counter.refund(table.SECOND_FACTOR_FAILURES, key, spent_at=at)
        counter.clear(table.SECOND_FACTOR_FAILURES, key)


def _use_up(user: User, code: str) -> None:
    """The library's own mark lies in the cache, which a restart empties, and the first code of all gets none."""
    try:
        counter.spend(table.SECOND_FACTOR_VALUE, f"{user.pk} {code}")
    except counter.LimitReached:
        raise get_adapter().validation_error("incorrect_code") from None


class CodeForm:
    """What our forms with a code share: their ids, the one box, and that a code is good once."""

    fields: dict[str, forms.Field]
    user: User
    look = "w20"  # room for the twenty digits of a recovery code

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", label_suffix="", use_required_attribute=False, **kwargs)  # type: ignore[call-arg]
        self.fields["code"] = CodeField(help_text="", attrs={"class": self.look, "dir": "ltr"})

    def clean_code(self) -> str:
        with counted(self.user, CODE):
            code = str(super().clean_code())  # type: ignore[misc]  # a mixin of forms
            _use_up(self.user, code)
        return code


class AuthenticateForm(CodeForm, base.AuthenticateForm):  # type: ignore[misc]  # the library has no types
    """The second step of a sign-in: a code of the authenticator, or a recovery code."""


class ReauthenticateForm(CodeForm, base.ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    """The same, of a person who is signed in."""


class ActivateTOTPForm(CodeForm, totp.ActivateTOTPForm):  # type: ignore[misc]  # the library has no types
    """The first code of an authenticator that is being added."""

    look = "code"


class CredentialDecoder(JSONDecoder):
    """JSON that is nested without end, or has a number of thousands of digits, is no more JSON than a broken one."""

    def decode(self, s: str, *args: Any) -> Any:
        try:
            return super().decode(s, *args)
        except (RecursionError, ValueError) as nonsense:
            raise JSONDecodeError("no credential", s, 0) from nonsense


class PasskeyForm:
    """What our forms with a passkey share: nonsense instead of one is refused, in words that stand above the form."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].decoder = CredentialDecoder  # type: ignore[attr-defined]  # a JSONField of the library

    def add_error(self, field: str | None, error: ValidationError | str) -> None:
        super().add_error(None if field == "credential" else field, error)  # type: ignore[misc]  # a mixin of forms

    @contextmanager
    def read(self) -> Iterator[None]:
        """The library reads some of what a browser never sends without looking."""
        try:
            yield
        except (LookupError, AttributeError, TypeError, ValueError) as nonsense:
            raise ValidationError(_("The passkey was not accepted."), code="nonsense") from nonsense


class AuthenticateWebAuthnForm(PasskeyForm, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]  # no types
    """A passkey as the second step."""

    def clean_credential(self) -> Authenticator:
        with counted(self.user, PASSKEY), self.read():
            return super().clean_credential()


class ReauthenticateWebAuthnForm(PasskeyForm, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # no types
    """A passkey of a person who is signed in."""

    def clean_credential(self) -> Authenticator:
        with counted(self.user, PASSKEY), self.read():
            return super().clean_credential()


class LoginWebAuthnForm(PasskeyForm, webauthn.LoginWebAuthnForm):  # type: ignore[misc]  # no types
    """A passkey instead of e-mail and password. Only the source is counted: anybody may name an account."""

    def clean_credential(self) -> Authenticator:
        here = source.of(context.request)
        counter.spend(table.FAILURES_SOURCE, here)
        at = clock.now()
        with self.read():
            row: Authenticator = super().clean_credential()
        if not opens_alone(row):
            raise ValidationError(_("The passkey was not accepted."), code="not_alone")
        counter.refund(table.FAILURES_SOURCE, here, spent_at=at)
        return row


def _name_box() -> CleanedField:
    return CleanedField(
        partial(clean_title, longest=40),
        label=_("Name"),
        help_text=_("So that you know it again, such as the name of the phone."),
    )


class AddWebAuthnForm(PasskeyForm, webauthn.AddWebAuthnForm):  # type: ignore[misc]  # no types
    """A passkey that is being added, with a name for it."""

    name = _name_box()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", label_suffix="", use_required_attribute=False, **kwargs)

    def clean(self) -> dict[str, Any]:
        with self.read():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class EditWebAuthnForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # no types
    """Another name for a passkey."""

    name = _name_box()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", label_suffix="", use_required_attribute=False, **kwargs)
