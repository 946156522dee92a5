"""The human check as a part of a form: a picture to read, a recording to hear, or a computation of the browser.

    class Registration(HumanCheck):
        human_check = "register"
        …
        captcha = CaptchaField()

    form = Registration.of(request)

Each of the three ways is enough. The check is friction, not a control: no limit is loosened because it was passed.
"""

from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bawaba.infrastructure.captcha import proof_of_work, store
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import FAILURES_SOURCE
from bawaba.web.ui.forms import Form
from bawaba.web.ui.source import of as source_of

PLACE = "PICTURE"  # where the id goes: letters alone, so that no address escapes them
PICTURE, PROOF = "captcha_id", "captcha_proof"
USED_UP = "used_up"  # the code of the error when somebody has answered already
NEW, LISTEN, WORK = "captcha_new", "captcha_audio", "captcha_work"


class Attempt(NamedTuple):
    """What came back: which picture, what was typed, and what the browser computed."""

    picture: str
    text: str
    proof: str


class CaptchaWidget(forms.TextInput):
    """The input with its picture and its buttons. Each time it is drawn it shows another picture."""

    template_name = "ui/captcha.html"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "w20", "dir": "ltr", "autocomplete": "off"})
        self.form = ""
        self.asked_for = ""  # the button that brought this page, if it was one of ours

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Attempt:
        return Attempt(data.get(PICTURE, ""), data.get(name, ""), data.get(PROOF, ""))

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        focused = {"autofocus": True} if self.asked_for == NEW else {}
        context = self.get_context(name, None, (attrs or {}) | focused)["widget"]
        drawn = _drawn(get_language(), self.form, self.asked_for, name, tuple(context["attrs"].items()))
        return SafeString(drawn.replace(PLACE, store.new(self.form).id))


@lru_cache(maxsize=64)
def _drawn(language: str, form: str, asked_for: str, name: str, attrs: tuple[tuple[str, Any], ...]) -> str:
    """The part as it is in every page of a language but for the id: it is on the portal's busiest page."""
    widget = {"type": "text", "name": name, "attrs": dict(attrs)}
    context = {"widget": widget, "picture": PLACE, "form": form, "listening": asked_for == LISTEN}
    return get_template(CaptchaWidget.template_name).render(context)


class CaptchaField(forms.Field):
    """Passed or not; there is no other value. A form hands over its name and who is asking, by `serve`."""

    widget = CaptchaWidget
    default_error_messages = {"captcha": _("The image text is not correct. Mind upper and lower case and try again.")}

    def __init__(self) -> None:
        super().__init__(
            label=_("Enter the text in the image"),
            help_text=_("Enter the text shown in the image; upper and lower case matter."),
        )
        self.form = self.source = ""

    def serve(self, form: str, *, source: str, asked_for: str) -> None:
        self.form, self.source = form, source
        widget = cast(CaptchaWidget, self.widget)  # Django keeps a copy of the class's widget in each field
        widget.form, widget.asked_for = form, asked_for

    def clean(self, value: Attempt) -> bool:
        """Raises `ValidationError`, or `LimitReached` when too much failed from this source."""
        if not value.text.strip() and not value.proof:  # forgotten, not guessed
            raise ValidationError(self.error_messages["required"], code="required")
        try:
            passed = self._passes(value)
        except store.UsedUp:
            raise ValidationError(self.error_messages["captcha"], code=USED_UP) from None
        if not passed:
            raise ValidationError(self.error_messages["captcha"], code="captcha")
        return True

    def _passes(self, given: Attempt) -> bool:
        counter.spend(FAILURES_SOURCE, self.source)
        passed = proof_of_work.verify(self.form, given.proof) or store.answer(given.picture, self.form, given.text)
        if passed:
            counter.refund(FAILURES_SOURCE, self.source)
        return passed


class HumanCheck(Form):
    """A form with a `captcha` field, which disappears when the installation has switched the check off."""

    human_check: ClassVar[str]

    def __init__(self, *args: Any, source: str, asked_for: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.BAWABA.human_check:
            cast(CaptchaField, self.fields["captcha"]).serve(self.human_check, source=source, asked_for=asked_for)
        else:
            del self.fields["captcha"]

    @classmethod
    def of(cls, request: HttpRequest, *, initial: dict[str, Any] | None = None, **kwargs: Any) -> Self:
        """The form of a request: empty, sent, or as it stood when somebody asked for another picture or to listen."""
        source = source_of(request)
        asked_for = next((button for button in (NEW, LISTEN, WORK) if button in request.POST), "")
        if asked_for:
            typed = (initial or {}) | request.POST.dict()
            return cls(source=source, asked_for=asked_for, initial=typed, **kwargs)
        sent = request.POST if request.method == "POST" else None
        return cls(sent, source=source, initial=initial, **kwargs)
