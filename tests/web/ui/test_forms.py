"""Fields: the order of their parts, what screen readers are told, and that our fast markup says what Django's would."""

from dataclasses import replace

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template import engines
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from bawaba.web.ui.forms import Form, problems
from tests.page import Element, parse

COLOURS = [("", "Choose"), ("r", "Red & white"), ("g", "Green")]


class Example(Form):
    name = forms.CharField(label="الاسم", help_text="كما في البطاقة")
    number = forms.CharField(label="الرقم", required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    email = forms.EmailField(label="البريد", required=False)
    password = forms.CharField(label="كلمة المرور", widget=forms.PasswordInput)
    colour = forms.ChoiceField(label="اللون", choices=COLOURS, required=False)
    way = forms.ChoiceField(label="الطريقة", choices=COLOURS[1:], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="أوافق", error_messages={"required": "تجب الموافقة."})


def drawn(form: forms.Form, name: str) -> Element:
    with translation.override("ar"):
        tag = engines["django"].from_string("{% load ui %}{% field bound %}")
        return parse(tag.render({"bound": form[name]})).root


def test_order_is_label_hint_error_control() -> None:
    group = drawn(Example({"name": ""}), "name").one("div")
    assert [(c.tag, c.classes) for c in group.children if isinstance(c, Element)] == [
        ("label", {"label"}),
        ("p", {"hint"}),
        ("p", {"error"}),
        ("input", {"input"}),
    ]
    assert "is-err" in group.classes


def test_error_is_announced_and_described() -> None:
    root = drawn(Example({"name": ""}), "name")
    control = root.one("input")
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == "name_helptext name_error"
    assert root.one(id="name_error").text == "خطأ: هذا الحقل مطلوب."


def test_required_is_told_without_letting_the_browser_check() -> None:
    control = drawn(Example(), "name").one("input")
    assert control["aria-required"] == "true"
    assert "required" not in control.attrs
    assert "aria-required" not in drawn(Example(), "number").one("input").attrs


@pytest.mark.parametrize("name", ["number", "email", "password"])
def test_latin_values_are_written_from_left_to_right(name: str) -> None:
    assert drawn(Example(), name).one("input")["dir"] == "ltr"


def test_password_is_never_given_back_and_can_be_shown() -> None:
    root = drawn(Example({"password": "Falcon-7-Pearl"}), "password")
    assert "value" not in root.one("input").attrs
    button = root.one("button")
    assert button["data-reveal"] == "password"
    assert "hidden" in button.attrs


def test_options_stand_in_a_fieldset_with_its_description() -> None:
    fieldset = drawn(Example({}), "way").one("fieldset")
    assert fieldset.one("legend").text == "الطريقة*"
    assert fieldset["aria-describedby"] == "way_error"
    assert [label.text for label in fieldset.all("label")] == ["Red & white", "Green"]


def test_typed_values_are_escaped() -> None:
    typed = '"><script>alert(1)</script>'
    root = drawn(Example({"name": typed, "colour": typed}), "name")
    assert root.one("input")["value"] == typed
    assert not root.all("script")


def test_label_and_message_are_escaped_unless_marked_safe() -> None:
    class Odd(Form):
        plain = forms.CharField(label="<b>a</b>", help_text=mark_safe("<bdi>b</bdi>"))

        def clean_plain(self) -> None:
            raise ValidationError("<i>no</i>")

    root = drawn(Odd({"plain": "x"}), "plain")
    assert root.one("label").text == "<b>a</b>*"
    assert root.one("bdi").text == "b"
    assert "<i>no</i>" in root.one(id="plain_error").text


@pytest.mark.parametrize(
    "data", [None, {}, {"name": "سالم <&>", "colour": "r", "way": "g", "agree": "on", "number": "7"}]
)
@pytest.mark.parametrize("name", list(Example.base_fields))
def test_control_is_what_django_would_draw(name: str, data: dict[str, str] | None) -> None:
    bound = Example(data)[name]
    django = super(type(bound), bound).as_widget()
    assert controls(str(bound)) == controls(django)


def controls(html: str) -> list[tuple[str, dict[str, str], str]]:
    found = parse(html).root.all("input", "select", "option", "textarea")
    return [(c.tag, c.attrs, "" if c.tag == "select" else c.text) for c in found]


def test_textarea_keeps_its_first_line_break_and_hidden_fields_stay_bare() -> None:
    class Letter(Form):
        text = forms.CharField(widget=forms.Textarea)
        key = forms.CharField(widget=forms.HiddenInput)

    form = Letter({"text": "\nسطر", "key": "k"})
    assert ">\n\nسطر</textarea>" in str(form["text"])
    assert controls(str(form["key"])) == [("input", {"type": "hidden", "name": "key", "value": "k", "id": "key"}, "")]


def test_summary_lines_name_the_field_except_for_a_box_that_names_itself() -> None:
    with translation.override("ar"):
        found = problems(Example({"way": "g", "password": "x"}))
    assert found == [("name", "الاسم: هذا الحقل مطلوب."), ("agree", "تجب الموافقة.")]


def test_summary_begins_with_what_belongs_to_no_field() -> None:
    form = Example({"name": "x", "password": "x", "way": "g", "agree": "on"})
    form.add_error(None, "محاولات كثيرة.")
    assert problems(form) == [("", "محاولات كثيرة.")]


def test_group_wraps_what_a_page_puts_beside_the_control() -> None:
    tag = engines["django"].from_string(
        '{% load ui %}{% group form.number %}{{ form.number }}<button name="x">تحقق</button>{% endgroup %}'
    )
    group = parse(tag.render({"form": Example()})).root.one("div")
    assert [c.tag for c in group.children if isinstance(c, Element)] == ["label", "input", "button"]


class Alike(Example):
    alike = True


def drawn_text(form: forms.Form, name: str = "name") -> str:
    return drawn(form, name).one("div").text + str(drawn(form, name).one("input").get("value"))


def test_untouched_fields_of_an_alike_form_are_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn_text(Alike())
    monkeypatch.setattr("bawaba.web.ui.markup.group", lambda *_: pytest.fail("drawn again"))
    assert drawn_text(Alike()) == first


def test_what_was_typed_or_is_known_is_never_kept() -> None:
    untouched = drawn_text(Alike())
    assert "سالم" in drawn_text(Alike({"name": "سالم"}))
    assert "مريم" in drawn_text(Alike(initial={"name": "مريم"}))
    assert "هذا الحقل مطلوب" in drawn_text(Alike({}))
    assert drawn_text(Alike()) == untouched


def test_widget_of_its_own_is_drawn_each_time() -> None:
    class Ticket(forms.TextInput):
        template_name = "ticket.html"
        drawn = 0

        def render(self, *_: object, **__: object) -> SafeString:
            Ticket.drawn += 1
            return format_html('<input name="ticket" value="{}">', Ticket.drawn)

    class Queue(Form):
        alike = True
        ticket = forms.CharField(widget=Ticket)

    assert [drawn(Queue(), "ticket").one("input")["value"] for _ in range(2)] == ["1", "2"]


def test_kept_fields_follow_language_and_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    tag = engines["django"].from_string("{% load ui %}{% field bound %}")
    with translation.override("ar"):
        arabic = tag.render({"bound": Alike()["password"]})
    with translation.override("en"):
        assert tag.render({"bound": Alike()["password"]}) != arabic
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, demo=True))
    form = Alike()
    form.fields["name"].help_text = "غير ذلك"
    assert "غير ذلك" in drawn_text(form)
