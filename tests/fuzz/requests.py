"""Requests as they should not be: a form that was filled in well, spoiled in one of the many ways there are."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random  # noqa: TID251 a failure must come again with its seed
from typing import Any
from urllib.parse import quote_from_bytes

from bawaba.infrastructure.limits.table import BODY, FIELDS
from tests.fuzz.values import BAD, DOCUMENTS, EXTRA

FORM = "application/x-www-form-urlencoded"
HOST = "localhost"
TOKEN = b"csrfmiddlewaretoken"
SECRET = b"Zq7#K"
"""Stands in nearly every password that is sent, and in nothing else."""
DOCUMENT = b"credential"  # a field that holds JSON

Fields = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Request:
    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    kind: str = ""
    """Its content type."""
    headers: dict[str, str] = field(default_factory=dict)
    fields: Fields = field(default_factory=list)
    """What a form of the right type carries; empty where the body is something else."""

    def environ(self, cookies: dict[str, str]) -> dict[str, Any]:
        """As a web server hands it over."""
        return {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"),
            "CONTENT_TYPE": self.kind,
            "CONTENT_LENGTH": str(len(self.body)),
            "SERVER_NAME": HOST,
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": f"{HOST}:8000",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(),
        } | self.headers


def sent(path: bytes, fields: Fields) -> Request:
    """A form sent as a browser sends it."""
    return Request("POST", path, body=_encoded(fields), kind=FORM, fields=fields)


def asked(path: bytes, fields: Fields) -> Request:
    """The same by GET."""
    return Request("GET", path, query=_encoded(fields), fields=fields)


def spoiled(request: Request, random: Random) -> Request:
    """This request with something wrong in it."""
    way: Callable[[Request, Random], Request] = random.choices(WAYS, weights=WEIGHTS)[0]
    return way(request, random)


def bad_value(name: bytes, random: Random) -> bytes:
    value = random.choice(DOCUMENTS if name == DOCUMENT and random.random() < 0.7 else BAD)
    return value + SECRET if is_password(name) and value and random.random() < 0.8 else value


def is_password(name: bytes) -> bool:
    return name.rpartition(b"-")[2] in {b"password", b"password2", b"old_password", b"oldpassword"}


def _encoded(fields: Fields) -> bytes:
    return b"&".join(b"=".join(quote_from_bytes(part).encode() for part in pair) for pair in fields)


def _again(request: Request, fields: Fields) -> Request:
    """The same request with other fields."""
    make = sent if request.method == "POST" else asked
    return replace(make(request.path, fields), headers=request.headers)


def _values(request: Request, random: Random) -> Request:
    names = [name for name, _ in request.fields if name != TOKEN] or [b""]
    chosen = set(random.sample(names, min(len(names), random.choice((1, 1, 1, 2, 3)))))
    return _again(request, [(n, bad_value(n, random) if n in chosen else v) for n, v in request.fields])


def _every_value(request: Request, random: Random) -> Request:
    one = random.choice(BAD)
    return _again(request, [(n, v if n == TOKEN else one) for n, v in request.fields])


def _missing(request: Request, random: Random) -> Request:
    names = [name for name, _ in request.fields]
    gone = set(random.sample(names, random.randint(0, len(names))))
    return _again(request, [(n, v) for n, v in request.fields if n not in gone])


def _twice(request: Request, random: Random) -> Request:
    name, value = random.choice(request.fields or [(b"a", b"b")])
    again = random.choice((value, bad_value(name, random)))
    form = random.choice((b"%s", b"%s", b"%s[]", b"%s[0]", b"%s.0", b"%s[a][b]"))
    return _again(request, [*request.fields, (form % name, again)])


def _array(request: Request, random: Random) -> Request:
    name = random.choice([n for n, _ in request.fields] or [b"a"])
    form = random.choice((b"%s[]", b"%s[0]", b"%s[]"))
    return _again(request, [(form % n if n == name else n, v) for n, v in request.fields])


def _extra(request: Request, random: Random) -> Request:
    if random.random() < 0.2:
        return _again(request, request.fields + [(b"x%d" % n, b"1") for n in range(FIELDS.value + 1)])
    names = random.sample(EXTRA, 3)
    return _again(request, request.fields + [(name, random.choice((b"1", b"1", *BAD))) for name in names])


def _without_token(request: Request, random: Random) -> Request:
    wrong = random.choice((b"", b"x" * 64, b"x" * 32, *BAD))
    return _again(request, [(n, wrong if n == TOKEN else v) for n, v in request.fields])


def _other_type(request: Request, random: Random) -> Request:
    readable = {n.decode(errors="replace"): v.decode(errors="replace") for n, v in request.fields}
    body = random.choice((request.body, json.dumps(readable).encode(), random.choice(DOCUMENTS), random.choice(BAD)))
    kinds = ("", "text/plain", "application/json", "application/csp-report", "application/reports+json")
    broken = (
        f"{FORM}; charset=utf-16",
        f"{FORM}; charset=nonsense",
        f"{FORM};;=",
        "/",
        "a/b/c",
        "\u00e9",
        f"{FORM}, a",
    )
    return replace(request, kind=random.choice((*kinds, *broken, "text/xml")), body=body, fields=[])


def _multipart(request: Request, random: Random) -> Request:
    parts = [
        b'--frontier\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.replace(b'"', b""), value)
        for name, value in request.fields
    ]
    heads = (
        b'Content-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain',
        b'Content-Disposition: form-data; name="f"; filename="../../\x00"',
        b"Content-Disposition: form-data; name*=utf-8''%ff",
        b"Content-Disposition: form-data; name*=klingon''a",
        b'Content-Disposition: form-data; name="f"\r\nContent-Transfer-Encoding: base64',
        b'Content-Disposition: form-data; name="f"\r\nContent-Transfer-Encoding: quoted-printable',
        b'Content-Disposition: form-data; name="f"\r\nContent-Type: text/plain; charset=klingon',
        *(b"Content-Disposition: form-data", b"Content-Disposition", b":", b"\xff: \xff", b"A: " + b"b" * 2_000),
    )
    if random.random() < 0.6:
        parts.append(b"--frontier\r\n" + random.choice(heads) + b"\r\n\r\n" + random.choice(BAD) + b"\r\n")
    body = b"".join(parts) + random.choice((b"--frontier--\r\n", b"--frontier--\r\n", b"--frontier", b""))
    if random.random() < 0.3:
        body = body[: random.randrange(len(body) + 1)]
    boundaries = ("; boundary=frontier",) * 6 + ("", "; boundary=", "; boundary=other", "; boundary=" + "x" * 300)
    broken = ("; boundary=frontier; charset=klingon", "; boundary=\u00e9", '; boundary="frontier', "; boundary*=a''b")
    return replace(request, kind="multipart/form-data" + random.choice(boundaries + broken), body=body, fields=[])


def _raw(request: Request, random: Random) -> Request:
    bodies = (
        *(b"", b"&&&=&=&", b"%", b"%zz=%zz", b"a" * BODY.value, b"a" * (BODY.value + 1), b"=" * 3_000, b"a=1;b=2"),
        *(
            random.choice(BAD),
            random.randbytes(50),
            b"\xef\xbb\xbf" + request.body,
            request.body + b"&" + random.choice(BAD),
        ),
    )
    lengths = ({}, {}, {}, *({"CONTENT_LENGTH": text} for text in ("", "-1", "1e3", "٣", "9" * 30, "5, 5", "1", "999")))
    return replace(request, body=random.choice(bodies), headers=request.headers | random.choice(lengths), fields=[])


def _query(request: Request, random: Random) -> Request:
    names = (
        b"next",
        b"language",
        b"ended",
        b"q",
        b"page",
        b"format",
        b"state",
        b"id",
        *(n for n, _ in request.fields[:3]),
    )
    query = b"&".join(b"%s=%s" % (random.choice(names), quote_from_bytes(random.choice(BAD)).encode()) for _ in "ab")
    return replace(request, query=random.choice((query, query, random.choice(BAD), b"a=1&a=2", b"%ff", b"a[]=1")))


def _path(request: Request, random: Random) -> Request:
    parts = request.path.split(b"/")
    parts[random.randrange(len(parts))] = random.choice(BAD)[:300]
    return replace(request, path=random.choice((b"/".join(parts), request.path + random.choice(BAD)[:300])))


def _headers(request: Request, random: Random) -> Request:
    text = random.choice(BAD)[:300].decode("latin-1").replace("\n", " ").replace("\r", " ")
    names = (
        "COOKIE",
        "REFERER",
        "ORIGIN",
        "ACCEPT_LANGUAGE",
        "USER_AGENT",
        "X_FORWARDED_FOR",
        "HOST",
        "RANGE",
        "ACCEPT",
    )
    others = ("SEC_FETCH_SITE", "SEC_FETCH_DEST", "AUTHORIZATION", "IF_MODIFIED_SINCE", "IF_NONE_MATCH", "X_REQUEST_ID")
    cookies = tuple(f"{name}={text}" for name in ("session", "csrf", "pending", "device", "language", "notice"))
    name = random.choice(names + others)
    value = random.choice(cookies) if name == "COOKIE" else random.choice((text, f"Bearer {text}", f"Basic {text}"))
    return replace(request, headers={f"HTTP_{name}": value})


WAYS = (
    *(_values, _every_value, _missing, _twice, _array, _extra),
    *(_without_token, _other_type, _multipart, _raw, _query, _path, _headers),
)
WEIGHTS = (55, 5, 5, 4, 2, 5, 3, 4, 5, 4, 3, 2, 3)
