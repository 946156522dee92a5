"""Every limit of the product, in the order in which the counters of one act are spent.

A `Limit` is counted in the database by `limits.counter`; a `Figure` is a size or a time that its user compares itself.
`docs/limits.toml` says the same for people, and a gate compares the two.
"""

from dataclasses import dataclass
from enum import StrEnum

MINUTE = 60
HOUR = 3600
DAY = 24 * HOUR
IN_A_ROW = 0
NO_WAITS = (0, 0)


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


FAILURES_SOURCE = Limit("failures.source", KeyKind.SOURCE, (Window(30, 10 * MINUTE),))
CODE_FAILURES_SITE = Limit("code.failures.site", KeyKind.SITE, (Window(300, HOUR),), shards=16)
SIGN_IN_FAILURES_SITE = Limit("sign_in.failures.site", KeyKind.SITE, (Window(1000, 5 * MINUTE),), shards=16)
CODE_FAILURES = Limit("code.failures", KeyKind.ADDRESS, (Window(10, HOUR), Window(20, DAY)))
CODE_CONSECUTIVE = Limit("code.consecutive", KeyKind.ADDRESS, (Window(100, IN_A_ROW),), fixed=True)
SIGN_IN_FAILURES = Limit("sign_in.failures", KeyKind.ADDRESS, (Window(10, 5 * MINUTE),), waits=(1, HOUR))
SECOND_FACTOR_FAILURES = Limit(
    "second_factor.failures",
    KeyKind.ACCOUNT,
    (Window(5, 5 * MINUTE), Window(20, HOUR), Window(50, DAY), Window(100, IN_A_ROW)),
)
REAUTH_FAILURES = Limit("reauth.failures", KeyKind.ACCOUNT, (Window(10, 5 * MINUTE),))
REGISTER = Limit("register", KeyKind.SOURCE, (Window(60, HOUR),), warn_above=20)
CAPTCHA_PICTURES = Limit("captcha.pictures", KeyKind.SOURCE, (Window(60, 10 * MINUTE),))
CAPTCHA_RECORDINGS = Limit("captcha.recordings", KeyKind.SOURCE, (Window(20, 10 * MINUTE),))
SEND_EMAIL_SOURCE = Limit("send.email.source", KeyKind.SOURCE, (Window(30, HOUR),))
SEND_SMS_SOURCE = Limit("send.sms.source", KeyKind.SOURCE, (Window(10, HOUR),))
SEND_EMAIL = Limit("send.email", KeyKind.ADDRESS, (Window(1, MINUTE), Window(5, HOUR), Window(10, DAY)))
SEND_SMS = Limit("send.sms", KeyKind.ADDRESS, (Window(1, MINUTE), Window(3, HOUR), Window(6, DAY)))
SEND_EMAIL_SITE = Limit("send.email.site", KeyKind.SITE, (Window(10_000, HOUR),), shards=16, warn_above=8_000)
SEND_SMS_SITE = Limit("send.sms.site", KeyKind.SITE, (Window(2_000, DAY),), warn_above=1_600)
INVITE = Limit("invite", KeyKind.COMPANY, (Window(20, DAY),))
JOIN_REQUEST = Limit("join.request", KeyKind.ACCOUNT, (Window(5, DAY),))
OIDC_CLIENT_FAILURES = Limit("oidc.client_failures", KeyKind.CLIENT, (Window(10, 5 * MINUTE),))
API = Limit("api", KeyKind.TOKEN, (Window(120, MINUTE),))
STAFF_REVEAL = Limit("staff.reveal", KeyKind.ACCOUNT, (Window(30, HOUR),))
STAFF_EXPORT = Limit("staff.export", KeyKind.ACCOUNT, (Window(10, DAY),))
CSP_REPORT = Limit("csp.report", KeyKind.SOURCE, (Window(60, MINUTE),))

LIMITS: tuple[Limit, ...] = (
    FAILURES_SOURCE,
    CODE_FAILURES_SITE,
    SIGN_IN_FAILURES_SITE,
    CODE_FAILURES,
    CODE_CONSECUTIVE,
    SIGN_IN_FAILURES,
    SECOND_FACTOR_FAILURES,
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
    JOIN_REQUEST,
    OIDC_CLIENT_FAILURES,
    API,
    STAFF_REVEAL,
    STAFF_EXPORT,
    CSP_REPORT,
)

CODE_GUESSES = Figure("code.guesses", 5, "compared guesses of a challenge", fixed=True)
CODE_LONG_DIGITS = Figure("code.long_digits", 12, "digits", fixed=True)
CAPTCHA_LIFE = Figure("captcha.life", 5 * MINUTE, "seconds")
STAFF_EXPORT_ROWS = Figure("staff.export_rows", 5_000, "rows")
CSP_REPORT_BYTES = Figure("csp.report_bytes", 8 * 1024, "bytes", fixed=True)
BODY = Figure("body", 64 * 1024, "bytes", fixed=True)
FIELDS = Figure("fields", 40, "fields", fixed=True)
SESSION_IDLE = Figure("session.idle", 15 * MINUTE, "seconds")
SESSION_WARNING = Figure("session.warning", 2 * MINUTE, "seconds before the end")
SESSION_LIFE = Figure("session.life", 12 * HOUR, "seconds")
SESSION_COUNT = Figure("session.count", 10, "sessions of an account")
SESSION_COUNT_OFFICER = Figure("session.count_officer", 2, "sessions of an officer")
REAUTH_FRESH = Figure("reauth.fresh", 5 * MINUTE, "seconds")
PENDING_LIFE = Figure("pending.life", 15 * MINUTE, "seconds")
DEVICE_LIFE = Figure("device.life", 90 * DAY, "seconds")
REGISTRATION_LIFE = Figure("registration.life", 7 * DAY, "seconds")
INVITATION_LIFE = Figure("invitation.life", 7 * DAY, "seconds")

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
)
