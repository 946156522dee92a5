"""What nobody should type, as the bytes that arrive: UTF-8 where it is text at all."""

import json
from typing import Any

_NESTED = 2_000  # levels

TEXTS: tuple[str, ...] = (
    *("", " ", "\t \r\n", "\N{IDEOGRAPHIC SPACE}\N{NO-BREAK SPACE}", "\u200b\u200e\u2060\ufeff", "-", "."),  # blank
    *("x" * 51, "س" * 255, "م" * 300, "x" * 5_000, "ﷺ" * 60, "\N{ARABIC TATWEEL}" * 60, "a\u0301" * 300),  # long
    *("王小明", "Ярослав", "मरियम", "ασδ", "სალემ", "Salem سالم", "Ｓａｌｅｍ", "𝐒𝐚𝐥𝐞𝐦", "😀", "🇰🇼"),  # script
    *(
        "\x01",
        "a\x1b[31mb",
        "\x7f",
        "a\u0085b",
        "a\u2028b",
        "a\r\nBcc: x@example.com",
        "a\n\n.\nb",
        "a\x0bb",
    ),  # control
    *(
        "\u202eabc",
        "\u2066abc\u2069",
        "\u200fسالم",
        "sa\u00adlem",
        "سا\u200cلم",
        "\u0600",
        "\U000e0041",
        "\ue000",
    ),  # bidi
    *(
        "١٨٥٠٤١٢٠٠٠٢٩",
        "۱۸۵۰۴۱۲۰۰۰۲۹",
        "1850٤١٢٠٠٠٢۹",
        "１２３４５６",
        "²³",
        "①②③",
        "𝟏𝟐𝟑𝟒",
        "༳༣",
        "½",
        "Ⅻ",
        "٫٥",
    ),  # digits
    *(
        "0",
        "-1",
        "1e309",
        "1_000",
        "0x10",
        "NaN",
        "inf",
        "9" * 20,
        "9" * 400,
        "9" * 4_301,
        "1" * 12,
        "00000",
    ),  # numbers
    *("2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "99999-12-31", "٢٠٢٦-٠١-٠١", "01/02/2026"),  # dates
    *("\0", "a\0b", "\N{REPLACEMENT CHARACTER}", "\ufffe", "\U0010ffff", "\ufdd0"),  # no text
    *("' OR 1=1 --", '" autofocus onfocus="x', "<script>alert(1)</script>", "{{7*7}}{% debug %}", "${7*7}", "%(x)s{0}"),
    *("%00", "%", "%zz", "%25%30%30", "../../etc/passwd", "C:\\", "|id", "=1+1", "a;b,c", "\\", "\\u0000", "&amp;"),
    *("//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "http://[::1", "http://a:b"),
    *(
        "00000000-0000-0000-0000-000000000000",
        "٠٠٠٠٠٠٠٠-0000-0000-0000-000000000000",
        "{00000000000000000000000000000000}",
    ),
    *("f" * 32, "urn:uuid:" + "0" * 32, "not-a-uuid", "null", "true", "None", "undefined", "[]", "{}", "administrator"),
    *(
        "a@b",
        "@",
        "a@@example.com",
        '"a b"@example.com',
        "a@[127.0.0.1]",
        "a@xn--a.com",
        "a@مثال.إختبار",
        "ß@example.com",
    ),
    *("a@" + "b" * 64 + ".com", "a" * 65 + "@example.com", "İ@example.com", "a@example.com.", "a@example.com\u202e"),
    *(
        "a@-example.com",
        "a@xn--" + "9" * 60 + ".com",
        "a@\u2488com",
        "a@example。com",
        "<a@example.com>",
        "a@exam\0ple.com",
    ),
    *("+96550000101", "00965 5000 0101", "5000-0101", "+965" + "5" * 40, "+", "++965", "+٩٦٥٥٠٠٠٠١٠١", "tel:50000101"),
)
BROKEN: tuple[bytes, ...] = (  # not UTF-8: cut short, overlong, half of a pair, beyond the last
    *(
        b"\xff\xfe",
        b"\xc3(",
        b"a\xe2\x82",
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\xed\xb0\x80\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
    ),
    "سالم".encode("cp1256"),
    "سالم".encode("utf-16"),
)
BAD: tuple[bytes, ...] = (*(text.encode() for text in TEXTS), *BROKEN)

_RESPONSE = {"clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA", "attestationObject": "AA"}
_KEY = {"id": "AA", "rawId": "AA", "type": "public-key", "response": _RESPONSE, "clientExtensionResults": {}}
_WRONG: tuple[Any, ...] = (None, 1, [], {}, {"blocked-uri": []}, "", "é", "a", "=", "\0")
DOCUMENTS: tuple[bytes, ...] = tuple(
    text.encode()
    for text in (
        *(
            "null",
            "1",
            '"a"',
            "[]",
            "{}",
            "[null]",
            "[[[",
            "{",
            '{"a":',
            "NaN",
            "1e999",
            '"\\ud800"',
            '{"\\u0000":"\\u0000"}',
        ),
        "9" * 5_000,
        "[" * _NESTED,
        "[" * _NESTED + "]" * _NESTED,
        '{"a":' * _NESTED + "1" + "}" * _NESTED,
        *(json.dumps(_KEY | {name: wrong}) for name in _KEY for wrong in _WRONG),
        *(json.dumps(_KEY | {"response": _RESPONSE | {name: wrong}}) for name in _RESPONSE for wrong in _WRONG),
        *(json.dumps({kind: wrong}) for kind in ("csp-report", "body") for wrong in _WRONG),
        json.dumps([{"body": {"effectiveDirective": {}, "blockedURL": "http://[::1"}}, None, 5]),
    )
)
"""Where a field or a body holds JSON: none of it says what it should."""

EXTRA: tuple[bytes, ...] = (
    *(b"is_active", b"is_staff", b"is_superuser", b"verified", b"role", b"roles", b"user", b"user_id", b"company"),
    *(b"company_id", b"id", b"pk", b"state", b"email_proven_at", b"audience", b"next", b"__proto__", b"_method"),
    *(b"", b"constructor", b"csrfmiddlewaretoken ", "الاسم".encode()),
)
"""Fields that no form has."""
