"""The base of every form, and how its fields carry themselves."""

from typing import Any, ClassVar

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from bawaba.web.ui import markup

LEFT_TO_RIGHT = {"email", "tel", "number", "url", "password"}


class BoundField(forms.BoundField):
    """A field that knows its class, its direction and, for screen readers, whether it must be filled."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden or widget.use_fieldset:
            return attrs
        if self.field.required:
            attrs["aria-required"] = "true"
        kind = getattr(widget, "input_type", "text")
        if kind in {"checkbox", "file"}:
            return attrs
        own = widget.attrs
        attrs["class"] = f"input {own['class']}" if "class" in own else "input"
        if kind in LEFT_TO_RIGHT or own.get("inputmode") == "numeric" or own.get("dir") == "ltr":
            attrs["dir"] = "ltr"
            if kind != "password":
                attrs |= {"spellcheck": "false", "autocapitalize": "off"}
        return attrs

    def as_widget(
        self, widget: forms.Widget | None = None, attrs: dict[str, Any] | None = None, only_initial: bool = False
    ) -> SafeString:
        if widget is None and not only_initial:
            return markup.control(self, attrs)
        return super().as_widget(widget, attrs, only_initial)

    def as_field_group(self) -> SafeString:
        return markup.group(self)


class Renderer(TemplatesSetting):
    """Gives every form of the product our fields, those of the libraries too."""

    bound_field_class = BoundField
    field_template_name = "ui/field.html"
    form_template_name = "ui/form.html"


class Form(forms.Form):
    """A form whose ids are the names of its fields. Two forms on a page that share a name need a `prefix`."""

    use_required_attribute = False
    alike: ClassVar[bool] = False
    """Its untouched fields are the same for everybody, so they are drawn once for each language. Not for a form whose
    choices, hints or labels hang on the person or the request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("auto_id", "%s")
        super().__init__(*args, **kwargs)


def problems(form: forms.BaseForm) -> list[tuple[str, str]]:
    """What is wrong with a form, for the summary on top: (id of the control or "", sentence) in the form's order."""
    found: list[tuple[str, str]] = [("", str(message)) for message in form.non_field_errors()]
    for name in form.fields:
        if name not in form.errors:
            continue
        bound = form[name]
        message = str(form.errors[name][0])
        several = bool(bound.use_fieldset)
        named = several or getattr(bound.field.widget, "input_type", "") != "checkbox"  # one box's label is a sentence
        target = f"{bound.auto_id}_0" if several else bound.id_for_label
        found.append((target, f"{bound.label}: {message}" if named else message))
    return found
