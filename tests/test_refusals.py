"""Settings that must not run: each refused alone, beside the nearest ones that may."""

import pytest

from bawaba.configuration import UnclearSetting, read
from bawaba.refusals import refuse

REFUSED = {
    "a demo that others can reach": ("BAWABA_DEMO", {"DEMO": "1", "ORIGIN": "https://portal.example"}),
    "a test seam that others can reach": ("BAWABA_TEST_SEAM", {"TEST_SEAM": "1", "ORIGIN": "https://portal.example"}),
    "a test seam outside the demo": ("BAWABA_TEST_SEAM", {"TEST_SEAM": "1"}),
    "a public portal in plain http": ("BAWABA_ORIGIN", {"ORIGIN": "http://portal.example"}),
    "an origin with a path": ("BAWABA_ORIGIN", {"ORIGIN": "https://portal.example/"}),
    "an origin with a user": ("BAWABA_ORIGIN", {"ORIGIN": "https://me@portal.example"}),
    "an origin without a host": ("BAWABA_ORIGIN", {"ORIGIN": "portal.example"}),
    "an origin with a port that is none": ("BAWABA_ORIGIN", {"ORIGIN": "https://portal.example:99999"}),
    "another scheme": ("BAWABA_ORIGIN", {"ORIGIN": "ftp://localhost"}),
    "an address without a port": ("BAWABA_BIND", {"BIND": "127.0.0.1"}),
    "an address with a port that is none": ("BAWABA_BIND", {"BIND": "127.0.0.1:70000"}),
    "several web processes without a cache": (
        "BAWABA_WEB_PROCESSES",
        {"WEB_PROCESSES": "2", "DATABASE_URL": "postgresql://localhost/bawaba"},
    ),
    "several web processes on SQLite": (
        "BAWABA_WEB_PROCESSES",
        {"WEB_PROCESSES": "2", "CACHE_URL": "redis://localhost"},
    ),
    "a database of another kind": ("BAWABA_DATABASE_URL", {"DATABASE_URL": "mysql://localhost/bawaba"}),
    "a database without a name": ("BAWABA_DATABASE_URL", {"DATABASE_URL": "postgresql://localhost"}),
    "a cache of another kind": ("BAWABA_CACHE_URL", {"CACHE_URL": "memcached://localhost"}),
    "a picture of too few characters": ("BAWABA_CAPTCHA_ALPHABET", {"CAPTCHA_ALPHABET": "ABDEFG"}),
    "a picture of one character": ("BAWABA_CAPTCHA_ALPHABET", {"CAPTCHA_ALPHABET": "A" * 30}),
    "a picture with a space": ("BAWABA_CAPTCHA_ALPHABET", {"CAPTCHA_ALPHABET": "ABDEFGHLMNQRTabdefhmnrt 234567"}),
    "a picture that our fonts cannot draw": (
        "BAWABA_CAPTCHA_ALPHABET",
        {"CAPTCHA_ALPHABET": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"},
    ),
    "no web process": ("BAWABA_WEB_PROCESSES", {"WEB_PROCESSES": "0"}),
    "one thread, which a password hash would block": ("BAWABA_WEB_THREADS", {"WEB_THREADS": "1"}),
    "a certificate without its key": ("BAWABA_TLS_CERT", {"TLS_CERT": "/etc/cert.pem"}),
    "a trade register without an address": ("BAWABA_TRADE_REGISTER_URL", {"TRADE_REGISTER": "http"}),
    "a trade register in plain http": (
        "BAWABA_TRADE_REGISTER_URL",
        {"TRADE_REGISTER": "http", "TRADE_REGISTER_URL": "http://register.example/"},
    ),
    "a name that no setting has, such as DEBUG": ("BAWABA_DEBUG", {"DEBUG": "0"}),
    "an unclear boolean": ("BAWABA_DEMO", {"DEMO": "maybe"}),
    "a number in other digits": ("BAWABA_WEB_THREADS", {"WEB_THREADS": "²"}),
    "a word that is no choice": ("BAWABA_LOG", {"LOG": "xml"}),
    "a value and its file": ("BAWABA_ORIGIN_FILE", {"ORIGIN": "http://localhost", "ORIGIN_FILE": "/dev/null"}),
    "a trade register that is no address": (
        "BAWABA_TRADE_REGISTER_URL",
        {"TRADE_REGISTER": "http", "TRADE_REGISTER_URL": "https://register.example:port/cr"},
    ),
    "a file that is not there": ("BAWABA_ORIGIN_FILE", {"ORIGIN_FILE": "/nowhere"}),
}
ACCEPTED = {
    "nothing set": {},
    "a demo on this machine": {"DEMO": "1", "ORIGIN": "http://127.0.0.1:9000"},
    "a demo on this machine by IPv6": {"DEMO": "1", "ORIGIN": "http://[::1]:9000"},
    "a test seam in a demo": {"DEMO": "1", "TEST_SEAM": "1"},
    "a public portal": {"ORIGIN": "https://portal.example", "BIND": "[::]:8443"},
    "several web processes": {
        "WEB_PROCESSES": "4",
        "CACHE_URL": "redis://localhost",
        "DATABASE_URL": "postgresql://localhost/bawaba",
    },
    "a trade register over https": {"TRADE_REGISTER": "http", "TRADE_REGISTER_URL": "https://register.example/cr"},
    "a trade register on this machine": {"TRADE_REGISTER": "http", "TRADE_REGISTER_URL": "http://127.0.0.1:9/cr"},
    "its own TLS": {"TLS_CERT": "/etc/cert.pem", "TLS_KEY": "/etc/key.pem"},
}


def environment(values: dict[str, str]) -> dict[str, str]:
    return {f"BAWABA_{name}": value for name, value in values.items()}


@pytest.mark.parametrize(("name", "values"), REFUSED.values(), ids=REFUSED)
def test_what_must_not_start_is_refused_by_name(name: str, values: dict[str, str]) -> None:
    with pytest.raises(UnclearSetting) as refusal:
        refuse(read(environment(values)))
    assert refusal.value.name == name


@pytest.mark.parametrize("values", ACCEPTED.values(), ids=ACCEPTED)
def test_its_neighbour_may_start(values: dict[str, str]) -> None:
    configuration = read(environment(values))
    assert refuse(configuration) is configuration


def test_a_secret_is_never_in_the_refusal() -> None:
    with pytest.raises(UnclearSetting) as refusal:
        refuse(read({"BAWABA_WEB_PROCESSES": "2", "BAWABA_DATABASE_URL": "postgresql://me:marked-secret@db/bawaba"}))
    assert "marked-secret" not in str(refusal.value)
