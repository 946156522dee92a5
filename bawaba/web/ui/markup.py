"""One field of a form as HTML: label, hint, error, control, in this order.

Django draws each control through a template of its own, 3.8 ms for the eleven fields of the registration. These
functions write the same markup from what the widget itself says (`Widget.get_context`) in a tenth of that time, so
every value, attribute and choice still comes from Django. A widget with a template of its own is left to it.
"""

import html
from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy

STAR = '<span class="star" aria-hidden="true">*</span>'
RULES = (  # in the order of own.js, which ticks them
    gettext_lazy("8 characters or more"),
    gettext_lazy("An upper-case letter A–Z"),
    gettext_lazy("A lower-case letter a–z"),
    gettext_lazy("A digit"),
    gettext_lazy("A symbol, such as !, # or @"),
    gettext_lazy("Or a phrase of 15 characters or more"),
)


def escape(value: object) -> str:
    """Django's `conditional_escape` without its search for lazy arguments, which was a tenth of the whole page."""
    text = str(value)
    return text if isinstance(text, SafeData) else html.escape(text)


def control(bound: BoundField, attrs: Mapping[str, Any] | None = None) -> SafeString:
    """The input, list or box alone."""
    widget = bound.field.widget
    merged = bound.build_widget_attrs(dict(attrs or {}))
    if bound.auto_id and "id" not in widget.attrs:
        merged.setdefault("id", bound.auto_id)
    context = widget.get_context(bound.html_name, bound.value(), merged)["widget"]
    write = WRITERS.get(context["template_name"])
    if write is None:
        return SafeString(widget.render(bound.html_name, bound.value(), merged, bound.form.renderer))
    return mark_safe(write(context))  # noqa: S308 every part was escaped by its writer


def group(bound: BoundField, inner: str | None = None) -> SafeString:
    """The whole field. `inner` replaces the plain control where a page puts a button or a picture beside it."""
    kind = _kind(bound)
    errors = bound.errors
    parts = [f'<div class="group{" is-err" if errors else ""}">', _open(bound, kind), _hint(bound)]
    if errors:
        parts.append(
            f'<p class="error" id="{bound.auto_id}_error"><span><span class="vh">{escape(gettext("Error:"))}</span>'
            f" {escape(errors[0])}</span></p>"
        )
    parts.append(_frame(bound, kind) if inner is None else inner)
    parts.append("</fieldset></div>" if kind == "options" else "</div>")
    return mark_safe("".join(parts))  # noqa: S308 made of escaped parts


def rules(bound: BoundField) -> SafeString:
    """The rules of a new password as a list that the script ticks; the hint says the same to everybody."""
    items = "".join(f"<li>{escape(rule)}</li>" for rule in RULES)
    return mark_safe(f'<ul class="rules" data-rules="{bound.auto_id}" hidden data-js>{items}</ul>')  # noqa: S308 own words


def _kind(bound: BoundField) -> str:
    if bound.use_fieldset:
        return "options"
    return str(getattr(bound.field.widget, "input_type", ""))


def _label(bound: BoundField) -> str:
    return f"{escape(bound.label)}{STAR if bound.field.required else ''}"


def _open(bound: BoundField, kind: str) -> str:
    if kind == "options":
        described = bound.aria_describedby
        says = f' aria-describedby="{described}"' if described else ""
        return f'<fieldset{says}><legend class="label">{_label(bound)}</legend>'
    if kind == "checkbox":  # its label stands beside the box
        return ""
    return f'<label class="label" for="{bound.id_for_label}">{_label(bound)}</label>'


def _hint(bound: BoundField) -> str:
    text = bound.help_text
    return f'<p class="hint" id="{bound.auto_id}_helptext">{escape(text)}</p>' if text else ""


def _frame(bound: BoundField, kind: str) -> str:
    inner = control(bound)
    if kind == "select":
        return f'<div class="select">{inner}</div>'
    if kind == "checkbox":
        return f'<label class="choice" for="{bound.id_for_label}">{inner} <span>{_label(bound)}</span></label>'
    if kind == "password":
        show, hide = escape(gettext("Show")), escape(gettext("Hide"))
        return (
            f'<div class="pw">{inner}<button type="button" class="btn quiet" hidden data-js'
            f' data-reveal="{bound.id_for_label}" data-show="{show}" data-hide="{hide}">{show}</button></div>'
        )
    return inner


def _attributes(attrs: Mapping[str, Any]) -> str:
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(f" {name}")
        elif value is not False and value is not None:
            parts.append(f' {name}="{escape(value)}"')
    return "".join(parts)


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    says = "" if value is None else f' value="{escape(value)}"'
    return f'<input type="{widget["type"]}" name="{escape(widget["name"])}"{says}{_attributes(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    # The line break is swallowed by the browser; without it a text that begins with one would lose it.
    attrs, value = _attributes(widget["attrs"]), widget["value"] or ""
    return f'<textarea name="{escape(widget["name"])}"{attrs}>\n{escape(value)}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for heading, options, _ in widget["optgroups"]:
        inner = "".join(
            f'<option value="{escape(option["value"])}"{_attributes(option["attrs"])}>'
            f"{escape(option['label'])}</option>"
            for option in options
        )
        parts.append(f'<optgroup label="{escape(heading)}">{inner}</optgroup>' if heading else inner)
    return "".join([*parts, "</select>"])


def _options(widget: Mapping[str, Any]) -> str:
    return "".join(
        f'<label class="choice" for="{option["attrs"]["id"]}">{_input(option)} '
        f"<span>{escape(option['label'])}</span></label>"
        for _, options, _ in widget["optgroups"]
        for option in options
    )


INPUTS = ("input", "text", "email", "tel", "number", "url", "password", "hidden", "date", "file", "search", "checkbox")
WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/radio.html": _options,
    "django/forms/widgets/checkbox_select.html": _options,
}
