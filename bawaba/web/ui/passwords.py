"""Choosing a new password, twice; the same on registration, reset and change."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bawaba.domain.accounts import passwords
from bawaba.domain.accounts.passwords import WeakPassword
from bawaba.web.ui.fields import PasswordField
from bawaba.web.ui.forms import Form

SENTENCES = {
    "upper": gettext_lazy("Add at least one upper-case letter (A–Z)."),
    "lower": gettext_lazy("Add at least one lower-case letter (a–z)."),
    "digit": gettext_lazy("Add at least one digit."),
    "symbol": gettext_lazy("Add at least one symbol, such as !, # or @."),
    "context": gettext_lazy("The password must not contain your own data or the name of the portal."),
    "breached": gettext_lazy("This password is common or leaked. Choose another."),
}


class NewPasswordForm(Form):
    """Two boxes. A form that extends it says in `context` which words must not be in the password."""

    password = PasswordField(label=gettext_lazy("Password"))
    password2 = PasswordField(label=gettext_lazy("Re-type password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = rule()
        for name in ("password", "password2"):
            self.fields[name].widget.attrs["autocomplete"] = "new-password"

    def has_second_factor(self) -> bool:
        """Whether the account has one already, which in some profiles makes a shorter password enough."""
        return False

    def context(self) -> list[str]:
        """The person's own data, as far as this form knows them."""
        return []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, second = cleaned.get("password"), cleaned.get("password2")
        if first:
            self._check(first)
        if first and second and first != second:
            self.add_error("password2", _("The two passwords do not match."))
        return cleaned

    def _check(self, password: str) -> None:
        try:
            passwords.check(password, context=self.context(), second_factor=self.has_second_factor())
        except WeakPassword as weak:
            for code in weak.codes:
                self.add_error("password", _sentence(code, weak))


def rule() -> str:
    """The rule of this installation in one sentence."""
    profile = passwords.profile()
    shortest = profile.shortest(second_factor=False)
    if not profile.kinds:
        return _at_least(shortest)
    if shortest == 8:
        return _(
            "The password must have at least 8 characters, with upper-case and lower-case letters, digits and symbols, "
            "or be a phrase of 15 characters or more."
        )
    kinds = _(
        "It must have upper-case and lower-case letters, digits and symbols, or be a phrase of 15 characters or more."
    )
    return f"{_at_least(shortest)} {kinds}"


def _at_least(shortest: int) -> str:
    return ngettext(
        "The password must have at least {n} character.", "The password must have at least {n} characters.", shortest
    ).format(n=shortest)


def _sentence(code: str, weak: WeakPassword) -> str:
    if code == "length":
        return _at_least(weak.shortest)
    if code == "too_long":
        return ngettext(
            "The password may have at most {n} character.",
            "The password may have at most {n} characters.",
            weak.longest,
        ).format(n=weak.longest)
    return str(SENTENCES[code])
