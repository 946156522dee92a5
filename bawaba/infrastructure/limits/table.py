"""Every limit of the product, in the order in which the counters of one act are spent.

A `Limit` is counted in the database by `limits.counter`; a `Figure` is a size or a time that its user compares itself.
`docs/limits.toml` says the same for people, and a gate compares the two.
"""

from dataclasses import dataclass
from enum import StrEnum

from bawaba.configuration import read
from bawaba.infrastructure.limits.moved import Moved

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
IN_A_ROW = 0
NO_WAITS = (0, 0)
SITE = "site"  # the key of everybody together


class KeyKind(StrEnum):
    """Whom a counter belongs to. `SITE` is everybody together."""

    ADDRESS = "address"  # normalised e-mail or mobile, with the purpose or lane in front of it where one exists
    ACCOUNT = "account"
    SOURCE = "source"  # `web.ui.source.of(request)`: IPv4, or the /64 of IPv6
    COMPANY = "company"
    CLIENT = "client"  # OIDC client and source
    TOKEN = "token"  # noqa: S105 a kind of key
    SITE = "site"


@dataclass(frozen=True)
class Window:
    """At most `most` in `seconds`, from the first one on; `IN_A_ROW` seconds: until a success clears the count."""

    most: int
    seconds: int


@dataclass(frozen=True)
class Limit:
    """What is counted, for whom, and how much of it.

    `waits`: reaching the window does not close; each further one must wait twice as long, from the first to the second
    number of seconds. `shards`: one row would itself be the brake, so this many are hit at random and summed.
    `warn_above`: from here on the doors or the alarms act, though nothing is refused yet. `fixed`: no setting moves it.
    """

    name: str
    key: KeyKind
    windows: tuple[Window, ...]
    waits: tuple[int, int] = NO_WAITS
    shards: int = 1
    warn_above: int = 0
    fixed: bool = False


@dataclass(frozen=True)
class Figure:
    """A size or a time, in `unit`."""

    name: str
    value: int
    unit: str
    fixed: bool = False


_moved = Moved.read(read().limits)  # not settings.BAWABA: the settings themselves need this table


def _limit(
    name: str,
    key: KeyKind,
    periods: tuple[tuple[int, int], ...],
    *,
    waits: tuple[int, int] = NO_WAITS,
    shards: int = 1,
    warn_above: int = 0,
    fixed: bool = False,
) -> Limit:
    """A limit as this installation has it. Failures in a row never move; a figure that warns moves along."""
    in_a_row = tuple(Window(most, seconds) for most, seconds in periods if seconds == IN_A_ROW)
    ours = tuple((most, seconds) for most, seconds in periods if seconds != IN_A_ROW)
    theirs = ours if fixed else _moved.periods(name, ours)
    if warn_above:
        warn_above = warn_above * theirs[0][0] // ours[0][0]
    return Limit(name, key, (*(Window(*period) for period in theirs), *in_a_row), waits, shards, warn_above, fixed)


def _figure(name: str, value: int, unit: str, *, fixed: bool = False) -> Figure:
    return Figure(name, value if fixed else _moved.number(name, value), unit, fixed)


FAILURES_SOURCE = _limit("failures.source", KeyKind.SOURCE, ((30, 10 * MINUTE),))
CODE_FAILURES_SITE = _limit("code.failures.site", KeyKind.SITE, ((300, HOUR),), shards=16, fixed=True)
SIGN_IN_FAILURES_SITE = _limit("sign_in.failures.site", KeyKind.SITE, ((1000, 5 * MINUTE),), shards=16)
CODE_FAILURES = _limit("code.failures", KeyKind.ADDRESS, ((10, HOUR), (20, DAY)))
CODE_CONSECUTIVE = _limit("code.consecutive", KeyKind.ADDRESS, ((100, IN_A_ROW),), fixed=True)
SIGN_IN_FAILURES = _limit("sign_in.failures", KeyKind.ADDRESS, ((10, 5 * MINUTE),), waits=(1, HOUR))
SECOND_FACTOR_FAILURES = _limit(
    "second_factor.failures",
    KeyKind.ACCOUNT,
    ((5, 5 * MINUTE), (20, HOUR), (50, DAY), (100, IN_A_ROW)),
)
SECOND_FACTOR_VALUE = _limit("second_factor.value", KeyKind.ACCOUNT, ((1, 30),), fixed=True)
REAUTH_FAILURES = _limit("reauth.failures", KeyKind.ACCOUNT, ((10, 5 * MINUTE),))
REGISTER = _limit("register", KeyKind.SOURCE, ((60, HOUR),), warn_above=20)
CAPTCHA_PICTURES = _limit("captcha.pictures", KeyKind.SOURCE, ((60, 10 * MINUTE),))
CAPTCHA_RECORDINGS = _limit("captcha.recordings", KeyKind.SOURCE, ((20, 10 * MINUTE),))
SEND_EMAIL_SOURCE = _limit("send.email.source", KeyKind.SOURCE, ((30, HOUR),))
SEND_SMS_SOURCE = _limit("send.sms.source", KeyKind.SOURCE, ((10, HOUR),))
SEND_EMAIL = _limit("send.email", KeyKind.ADDRESS, ((1, MINUTE), (5, HOUR), (10, DAY)))
SEND_SMS = _limit("send.sms", KeyKind.ADDRESS, ((1, MINUTE), (3, HOUR), (6, DAY)))
SEND_EMAIL_SITE = _limit("send.email.site", KeyKind.SITE, ((10_000, HOUR),), shards=16, warn_above=8_000)
SEND_SMS_SITE = _limit("send.sms.site", KeyKind.SITE, ((2_000, DAY),), warn_above=1_600)
INVITE = _limit("invite", KeyKind.COMPANY, ((20, DAY),))
DELEGATE = _limit("delegate", KeyKind.COMPANY, ((20, DAY),))
JOIN_REQUEST = _limit("join.request", KeyKind.ACCOUNT, ((5, DAY),))
OIDC_CLIENT_FAILURES = _limit("oidc.client_failures", KeyKind.CLIENT, ((10, 5 * MINUTE),))
API = _limit("api", KeyKind.TOKEN, ((120, MINUTE),))
STAFF_REVEAL = _limit("staff.reveal", KeyKind.ACCOUNT, ((30, HOUR),))
STAFF_EXPORT = _limit("staff.export", KeyKind.ACCOUNT, ((10, DAY),))
CSP_REPORT = _limit("csp.report", KeyKind.SOURCE, ((60, MINUTE),))

LIMITS: tuple[Limit, ...] = (
    FAILURES_SOURCE,
    CODE_FAILURES_SITE,
    SIGN_IN_FAILURES_SITE,
    CODE_FAILURES,
    CODE_CONSECUTIVE,
    SIGN_IN_FAILURES,
    SECOND_FACTOR_FAILURES,
    SECOND_FACTOR_VALUE,
    REAUTH_FAILURES,
    REGISTER,
    CAPTCHA_PICTURES,
    CAPTCHA_RECORDINGS,
    SEND_EMAIL_SOURCE,
    SEND_SMS_SOURCE,
    SEND_EMAIL,
    SEND_SMS,
    SEND_EMAIL_SITE,
    SEND_SMS_SITE,
    INVITE,
    DELEGATE,
    JOIN_REQUEST,
    OIDC_CLIENT_FAILURES,
    API,
    STAFF_REVEAL,
    STAFF_EXPORT,
    CSP_REPORT,
)

CODE_GUESSES = _figure("code.guesses", 5, "compared guesses of a challenge", fixed=True)
CODE_LONG_DIGITS = _figure("code.long_digits", 12, "digits", fixed=True)
CAPTCHA_LIFE = _figure("captcha.life", 5 * MINUTE, "seconds")
STAFF_EXPORT_ROWS = _figure("staff.export_rows", 5_000, "rows")
CSP_REPORT_BYTES = _figure("csp.report_bytes", 8 * 1024, "bytes", fixed=True)
BODY = _figure("body", 64 * 1024, "bytes", fixed=True)
FIELDS = _figure("fields", 40, "fields", fixed=True)
SESSION_IDLE = _figure("session.idle", 15 * MINUTE, "seconds")
SESSION_WARNING = _figure("session.warning", 2 * MINUTE, "seconds before the end")
SESSION_LIFE = _figure("session.life", 12 * HOUR, "seconds")
SESSION_COUNT = _figure("session.count", 10, "sessions of an account")
SESSION_COUNT_OFFICER = _figure("session.count_officer", 2, "sessions of an officer")
REAUTH_FRESH = _figure("reauth.fresh", 5 * MINUTE, "seconds")
PENDING_LIFE = _figure("pending.life", 15 * MINUTE, "seconds")
DEVICE_LIFE = _figure("device.life", 90 * DAY, "seconds")
REGISTRATION_LIFE = _figure("registration.life", 7 * DAY, "seconds")
INVITATION_LIFE = _figure("invitation.life", 7 * DAY, "seconds")
OIDC_CODE = _figure("oidc.code", MINUTE, "seconds", fixed=True)
OIDC_TOKEN = _figure("oidc.token", 10 * MINUTE, "seconds", fixed=True)
OIDC_FAMILY = _figure("oidc.family", 12 * HOUR, "seconds", fixed=True)

FIGURES: tuple[Figure, ...] = (
    CODE_GUESSES,
    CODE_LONG_DIGITS,
    CAPTCHA_LIFE,
    STAFF_EXPORT_ROWS,
    CSP_REPORT_BYTES,
    BODY,
    FIELDS,
    SESSION_IDLE,
    SESSION_WARNING,
    SESSION_LIFE,
    SESSION_COUNT,
    SESSION_COUNT_OFFICER,
    REAUTH_FRESH,
    PENDING_LIFE,
    DEVICE_LIFE,
    REGISTRATION_LIFE,
    INVITATION_LIFE,
    OIDC_CODE,
    OIDC_TOKEN,
    OIDC_FAMILY,
)

_moved.must_be_among({limit.name for limit in LIMITS if not limit.fixed} | {f.name for f in FIGURES if not f.fixed})
