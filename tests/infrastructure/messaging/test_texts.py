"""Every message in both languages: what stands in it, and what never does."""

import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import resolve
from django.utils import translation
from django.utils.html import escape

from bawaba.domain.accounts import allauth as factors
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.kinds import SHAPES, Channel, Kind
from bawaba.infrastructure.messaging.models import Message
from bawaba.infrastructure.messaging.rendering import RULE, Letter, fits_one_segment, render, whole_minutes

LONG_CODE = "481516234200"
ARABIC = re.compile(r"[\u0600-\u06ff]")
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u00ad\ufeff]")
VALUES: dict[str, str | int] = {
    "company": "شركة المثال & Sons <General> Trading",
    "delegate": "Example Clearing Agency",
    "roles_ar": "مدير حساب الشركة، مسؤول الدفع",
    "roles_en": "Administrator, payer",
    "services_ar": "البيان الجمركي",
    "services_en": "Customs declaration",
    "kind_ar": "رخصة الاستيراد",
    "kind_en": "Import licence",
    "value": "KW-4482",
    "starts": "2026-01-01",
    "ends": "2026-12-31",
    "token": "t" * 90,
    "device": "Firefox, Linux",
    "factor": "totp",
    "hours": 72,
    "days": 7,
    "head": "17.ab.cd.1.ef",
    "mark": "K7-4482",
}
EVERY_TEXT = [
    (kind, channel, language) for kind in Kind for channel in sorted(SHAPES[kind].channels) for language in ("ar", "en")
]


def letter(kind: Kind, channel: Channel, language: str, **values: str | int) -> Letter:
    now = clock.now()
    message = Message(
        id=uuid.uuid4(),
        kind=kind,
        channel=channel,
        language=language,
        address="ahmad@example.com",
        subject=str(uuid.uuid4()),
        variables={name: (VALUES | values)[name] for name in SHAPES[kind].variables},
        created_at=now,
        expires_at=now + timedelta(minutes=60),
    )
    return render(message, code=LONG_CODE if SHAPES[kind].has_code else "", now=now)


class Text(HTMLParser):
    """The visible words of an HTML part, and where its addresses lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "background", "action"}]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


@pytest.mark.parametrize(("kind", "channel", "language"), EVERY_TEXT)
def test_every_message_has_its_text(kind: Kind, channel: Channel, language: str) -> None:
    one = letter(kind, channel, language)
    assert "{" not in one.text + one.subject + one.html.split("</head>")[-1]
    assert not INVISIBLE.search(one.text + one.subject)
    assert not re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", one.text), "in Arabic such a date is shown back to front"
    assert "\n" not in one.subject
    if channel is Channel.EMAIL:
        assert one.subject
        assert bool(ARABIC.search(one.subject)) == (language == "ar")


@pytest.mark.parametrize("kind", [kind for kind in Kind if Channel.EMAIL in SHAPES[kind].channels])
def test_a_mail_is_arabic_first_then_a_line_then_english(kind: Kind) -> None:
    arabic, english = letter(kind, Channel.EMAIL, "ar").text.split(f"\n{RULE}\n")
    assert arabic.startswith(settings.BAWABA.portal_name_ar)
    assert english.strip().startswith(settings.BAWABA.portal_name_en)
    assert ARABIC.search(arabic)


@pytest.mark.parametrize("kind", [kind for kind in Kind if Channel.EMAIL in SHAPES[kind].channels])
def test_the_html_says_what_the_text_says_and_loads_nothing(kind: Kind) -> None:
    one = letter(kind, Channel.EMAIL, "en")
    html = Text(one.html)
    assert [word for word in one.text.split() if word != RULE and word not in html.words] == []
    assert all(address.startswith(settings.BAWABA.origin) for address in html.addresses)
    assert not re.search(r"<(img|script|link|iframe|form)|url\(|@import", one.html)
    for tag in re.findall(r"<(?:td|p|table)[^>]*>", one.html):
        assert 'dir="' in tag, tag
    for tag in re.findall(r"<a [^>]*>", one.html):
        assert "word-break:break-all" in tag, "a long address would make the mail wider than a phone"
    assert len(one.html.encode()) < 9_000


@pytest.mark.parametrize(("factor", "words"), [(factors.TOTP, "تطبيق المصادقة"), (factors.PASSKEY, "مفتاح مرور")])
@pytest.mark.parametrize("kind", [Kind.FACTOR_ADDED, Kind.FACTOR_REMOVED])
def test_a_factor_is_called_by_its_name(kind: Kind, factor: str, words: str) -> None:
    assert words in letter(kind, Channel.EMAIL, "ar", factor=str(factor)).text


def test_a_value_that_runs_against_its_half_is_isolated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the Arabic half shows +965 2222 1111 as 1111 2222 965+, 12-34-56 as 56-34-12, and the dot before W.L.L."""
    portal = settings.BAWABA.__class__(support_email="help@example.com", support_phones=("+965 2222 1111",))
    monkeypatch.setattr(settings, "BAWABA", portal)
    halves = letter(Kind.PASSWORD_CHANGED, Channel.EMAIL, "ar").html.split("<hr")
    line = "{}<br>{}"
    assert line.format(*map('<span dir="ltr">{}</span>'.format, ("help@example.com", "+965 2222 1111"))) in halves[0]
    assert line.format("help@example.com", "+965 2222 1111") in halves[1]
    names = {"company": "Example Trading W.L.L.", "value": "12-34-56"}
    arabic, english = letter(Kind.NUMBER_ENDS_SOON, Channel.EMAIL, "ar", **names).html.split("<hr")
    assert ': <span dir="ltr">Example Trading W.L.L.</span><br>' in arabic
    assert ': <span dir="ltr">12-34-56</span><br>' in arabic
    assert "Company: Example Trading W.L.L.<br>Import licence: 12-34-56<br>" in english
    arabic, english = letter(Kind.MEMBERSHIP_ENDED, Channel.EMAIL, "ar", company="شركة المثال 7.").html.split("<hr")
    assert ">شركة المثال 7.</p>" in arabic
    assert '><span dir="rtl">شركة المثال 7.</span></p>' in english
    assert '<span dir="ltr">17.ab.cd.1.ef</span>' in letter(Kind.AUDIT_HEAD, Channel.EMAIL, "ar").html.split("<hr")[0]


def test_a_browser_that_says_nothing_of_itself_is_called_unknown() -> None:
    text = letter(Kind.NEW_DEVICE, Channel.EMAIL, "ar", device="").text
    assert "\n\nمتصفح غير معروف\n\n" in text
    assert "\n\nUnknown browser\n\n" in text


@pytest.mark.parametrize("rest", [".example.com/sign-in/", "/en/objection/x/"])
def test_a_name_that_looks_like_an_address_of_ours_opens_nothing(rest: str) -> None:
    """Anybody can register a company, call it so, and invite strangers."""
    name = f"{settings.BAWABA.origin}{rest}"
    html = Text(letter(Kind.INVITATION, Channel.EMAIL, "en", company=name).html)
    assert name not in html.addresses
    assert html.addresses


@pytest.mark.parametrize("kind", [kind for kind in Kind if Channel.EMAIL in SHAPES[kind].channels])
def test_an_address_in_a_mail_opens_a_page_of_its_language(kind: Kind) -> None:
    one = letter(kind, Channel.EMAIL, "ar")
    for half, language in zip(one.text.split(f"\n{RULE}\n"), ("ar", "en"), strict=True):
        for path in re.findall(rf"^{re.escape(settings.BAWABA.origin)}(/.*)$", half, re.MULTILINE):
            with translation.override(language):
                assert resolve(path).url_name


@pytest.mark.parametrize("kind", [kind for kind in Kind if SHAPES[kind].has_code])
def test_a_code_stands_alone_on_its_line_and_not_in_subject_or_preview(kind: Kind) -> None:
    if Channel.EMAIL not in SHAPES[kind].channels:
        assert LONG_CODE in letter(kind, Channel.SMS, "ar").text
        return
    one = letter(kind, Channel.EMAIL, "ar")
    assert one.text.split("\n").count(LONG_CODE) == 2
    assert LONG_CODE not in one.subject
    assert LONG_CODE not in one.html.split("<table")[0]
    assert f'<span dir="ltr">{LONG_CODE}</span></div>' in one.html


@pytest.mark.parametrize(("kind", "channel", "language"), [text for text in EVERY_TEXT if text[1] is Channel.SMS])
def test_an_sms_is_charged_once_even_with_the_longest_values(kind: Kind, channel: Channel, language: str) -> None:
    text = letter(kind, channel, language).text
    assert fits_one_segment(text), len(text)
    assert "<" not in text
    assert "//" not in text


def test_what_a_person_typed_never_becomes_a_paragraph_or_markup() -> None:
    one = letter(Kind.INVITATION, Channel.EMAIL, "ar", company="Firm\n\nhttp://bad.example\r\nBcc: x <b>" + "y" * 500)
    assert "\nhttp://bad.example" not in one.text
    assert "<b>" not in one.html
    assert "y" * 210 not in one.text


@pytest.mark.parametrize("typed", ["{{ 7|add:7 }}", "{% now 'Y' %}", "{0.__class__}", "%(settings)s", "{company}"])
def test_what_a_person_typed_is_never_a_template(typed: str) -> None:
    one = letter(Kind.INVITATION, Channel.EMAIL, "ar", company=typed)
    assert typed in one.text
    assert escape(typed) in one.html


def test_the_line_for_autofill_is_added_only_where_everything_fits_one_segment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "BAWABA", settings.BAWABA.__class__(sms_origin_domain="portal.example"))
    english, arabic = (letter(Kind.MOBILE_CODE, Channel.SMS, language).text for language in ("en", "ar"))
    assert english.endswith(f"\n\n@portal.example #{LONG_CODE}")
    assert "@" not in arabic
    assert fits_one_segment(english)


def test_the_time_left_is_said_in_whole_minutes_and_never_as_none() -> None:
    assert [whole_minutes(seconds) for seconds in (600, 599, 586, 584, 61, 5, -1)] == [10, 10, 10, 9, 1, 1, 1]


def test_the_glossary_wording_of_the_sms_code() -> None:
    arabic, english = (letter(Kind.MOBILE_CODE, Channel.SMS, language).text for language in ("ar", "en"))
    assert arabic == f"رمز تحقق الجوال: {LONG_CODE}\nصالح 60 دقيقة. لا تشاركه مع أحد."
    assert english == f"Mobile verification code: {LONG_CODE}\nValid 60 minutes. Do not share it."
