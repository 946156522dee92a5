"""What the templates say in Python: fields and their errors, and values that must keep their direction."""

from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_urlconf
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from bawaba.domain.accounts.models import SESSION_IDLE
from bawaba.infrastructure import clock
from bawaba.web.ui import markup, notices, session, values
from bawaba.web.ui.forms import Form, problems

register = template.Library()

register.filter("ltr", values.ltr)
register.filter("address", values.address)
register.filter("person", values.person)
register.filter("day", values.day)
register.filter("time", values.time)
register.filter("day_and_time", values.day_and_time)
register.filter("soon", values.soon)
register.filter("minutes", values.minutes)
register.filter("minutes_until", values.minutes_until)
register.filter("phone", values.phone)
register.filter("countdown", values.countdown)

_groups: dict[tuple[type, str, str | None], tuple[object, SafeString]] = {}
_pieces: dict[tuple[str, str | None, str | None], tuple[object, SafeString]] = {}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """`{% field form.email %}`: the whole field."""
    return _kept_group(bound) if _is_alike(bound) else markup.group(bound)


@register.simple_block_tag
def group(content: SafeString, bound: BoundField) -> SafeString:
    """`{% group form.code %}{{ form.code }}<button …>{% endgroup %}`: label, hint, error around the content."""
    return markup.group(bound, content)


@register.simple_tag
def password_rules(bound: BoundField) -> SafeString:
    """`{% password_rules form.password %}`: the list that is ticked while one types."""
    return markup.rules(bound)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """What the title of a page begins with when something on it is wrong: heard first, and seen in the tab."""
    return f"{gettext('Error:')} " if any(form.errors for form in _forms(context)) else ""


@register.simple_tag(takes_context=True)
def summary(context: Context) -> SafeString:
    """The errors of the page's `form` (or of its several `forms`) as links to the fields; takes the focus."""
    found = [problem for form in _forms(context) if form.errors for problem in problems(form)]
    if not found:
        return SafeString()
    lines = (format_html('<a href="#{}">{}</a>', to, text) if to else escape(text) for to, text in found)
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html(
        '<div class="summary" id="errors" tabindex="-1" role="alert" aria-labelledby="errors-title">'
        '<h2 id="errors-title">{}</h2><ul>{}</ul></div>',
        gettext("There are errors in the information"),
        items,
    )


@register.simple_tag(takes_context=True)
def notice(context: Context) -> SafeString:
    """What the action before this page did, if it led here."""
    request = context.get("request")
    found = notices.read(request) if request else None
    if found is None:
        return SafeString()
    look = "warn" if found in notices.REFUSALS else "ok"
    return format_html('<p class="note {}" role="status">{}</p>', look, notices.WORDS[found])


@register.inclusion_tag("ui/session.html", takes_context=True)
def session_ends(context: Context) -> dict[str, int]:
    """The warning that the script shows before the session ends: seconds without use, seconds in all."""
    left = session.life_ends_at(context["request"]) - clock.now()
    return {"idle": int(SESSION_IDLE.total_seconds()), "life": int(left.total_seconds())}


@register.simple_tag(takes_context=True)
def switch_to(context: Context, language: str) -> str:
    """The link to this page in another language; the language middleware answers it."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop(notices.PARAMETER, None)
    query["language"] = language
    return f"?{query.urlencode()}"


@register.simple_tag
def piece(name: str) -> SafeString:
    """A part of the frame that is the same on every page of a language, drawn once: `{% piece "ui/foot.html" %}`."""
    key = (name, get_language(), get_urlconf())
    kept = _pieces.get(key)
    if kept is None or kept[0] is not settings.BAWABA:  # a test may put other settings in
        kept = _pieces[key] = (settings.BAWABA, SafeString(get_template(name).render({})))
    return kept[1]


@register.simple_tag
def setting(name: str) -> Any:
    """A setting of the installation; `operator_name` and its like in the language of the page."""
    if hasattr(settings.BAWABA, name):
        return getattr(settings.BAWABA, name)
    return getattr(settings.BAWABA, f"{name}_{get_language()}")


def _is_alike(bound: BoundField) -> bool:
    form = bound.form
    touched = form.is_bound or bound.name in form.initial or bound.field.initial is not None
    plain = getattr(bound.field.widget, "template_name", "") in markup.WRITERS  # one of its own may draw a new picture
    return isinstance(form, Form) and form.alike and plain and not touched


def _kept_group(bound: BoundField) -> SafeString:
    key = (type(bound.form), bound.auto_id, get_language())
    kept = _groups.get(key)
    if kept is None or kept[0] is not settings.BAWABA:  # a test may put other settings in
        kept = _groups[key] = (settings.BAWABA, markup.group(bound))
    return kept[1]


def _forms(context: Context) -> list[BaseForm]:
    several = context.get("forms")
    one = context.get("form")
    return list(several) if several else [one] if isinstance(one, BaseForm) else []
