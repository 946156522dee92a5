"""What a provider may answer. The reason is always one of our own words: a provider's text may quote the address."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why a message is not handed over. Doors turn these into sentences; the first group is the recipient's affair."""

    ADDRESS_REFUSED = "address_refused"
    NUMBER_REFUSED = "number_refused"
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    TEXT_REFUSED = "text_refused"
    # passing
    NO_CONNECTION = "no_connection"
    TIMED_OUT = "timed_out"
    LATER = "later"
    THROTTLED = "throttled"
    PROVIDER_ERROR = "provider_error"
    NO_PROVIDER = "no_provider"
    SITE_CAP = "site_cap"
    DELAYED = "delayed"
    # ours to mend: an alarm
    NO_TLS = "no_tls"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    NO_CREDIT = "no_credit"
    CONFIGURATION = "configuration"
    # nobody knows whether it arrived
    NO_ANSWER = "no_answer"
    # of the courier itself
    TEXT_FAILED = "text_failed"
    GAVE_UP = "gave_up"
    OUR_FAULT = "our_fault"


TO_MEND = frozenset({Reason.NO_TLS, Reason.SIGN_IN, Reason.SENDER, Reason.NO_CREDIT, Reason.CONFIGURATION})


@dataclass(frozen=True)
class Accepted:
    """Taken by the provider, under its `reference` where it gives one. Not the same as arrived."""

    reference: str = ""


@dataclass(frozen=True)
class Refused:
    """This address or text is turned down for good."""

    reason: Reason


@dataclass(frozen=True)
class Busy:
    """Not taken; may work later, or with another provider. `after` is what the provider asked for.

    `stays_off`: nothing but an operator can mend it, so the provider is not asked again until then.
    """

    reason: Reason
    after: timedelta | None = None
    stays_off: bool = False


@dataclass(frozen=True)
class Unknown:
    """The link was lost after everything had been said."""

    reason: Reason = Reason.NO_ANSWER


@dataclass(frozen=True)
class Broken:
    """The request itself was wrong: our fault, and no repetition helps."""

    reason: Reason = Reason.OUR_FAULT


Outcome = Accepted | Refused | Busy | Unknown | Broken
