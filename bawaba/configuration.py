"""Every setting of the product, read from the environment once, typed, and refused when it is not understood.

A setting is a field of `Configuration`; its variable is `BAWABA_` and the field's name in capitals. `BAWABA_NAME_FILE`
reads the value from a file, which is how secrets are given. An unknown `BAWABA_*` name stops the start: a misspelt
security setting must never be taken for an absent one.
"""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

PREFIX = "BAWABA_"
TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class UnclearSetting(Exception):
    """A setting that cannot be understood: `name` is the variable, `reason` says why. The value is never shown."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def split_address(name: str, address: str) -> SplitResult:
    """The parts of an address in a setting, its port a number. Raises `UnclearSetting`."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 it is read for the error alone
    except ValueError as error:
        raise UnclearSetting(name, "is not an address") from error
    return parts


def setting(default: Any, text: str, *, secret: bool = False, choices: tuple[str, ...] = ()) -> Any:
    """A field of `Configuration`: its default, the sentence for the manual, whether it is masked, its allowed words."""
    return field(default=default, metadata={"text": text, "secret": secret, "choices": choices})


@dataclass(frozen=True, kw_only=True)
class Configuration:
    # --- the installation
    demo: bool = setting(
        default=False,
        text="Demo mode: example people, the on-screen inbox at /inbox/, and a banner. Only on a loopback origin.",
    )
    test_seam: bool = setting(
        default=False, text="Opens the documented test seams. Only together with demo mode on a loopback origin."
    )
    origin: str = setting(
        "http://localhost:8000",
        "The one address of the portal; links in messages and the OIDC issuer are made from it.",
    )
    bind: str = setting("127.0.0.1:8000", "Address and port on which the web process listens.")
    data_dir: Path = setting(Path("data"), "Folder of the SQLite database and other data of the installation.")
    keys_dir: Path = setting(Path("data/keys"), "Folder of the key files; keep it out of the database's backup.")
    database_url: str = setting(
        "", "postgresql://user:password@host:port/name; empty means SQLite in the data folder.", secret=True
    )
    cache_url: str = setting("", "redis://… of Valkey or Redis; needed for more than one web process.", secret=True)
    database_pooler: bool = setting(
        default=False,
        text="A transaction pooler stands before PostgreSQL: no start options, no prepared statements.",
    )
    statement_seconds: int = setting(10, "PostgreSQL ends a statement of the web process after so many seconds.")
    backup_dir: str = setting("", "Folder of the databases saved each day; empty means none are made.")
    backup_keep: int = setting(14, "How many saved databases are kept.")
    metrics_token: str = setting("", "The bearer token that opens /metrics; empty keeps it shut.", secret=True)
    audit_months: int = setting(24, "Months for which the register of events is kept; never less than twelve.")
    log: str = setting("json", "Form of the log lines.", choices=("json", "text"))
    # --- the web process
    web_processes: int = setting(1, "Web processes; above 1 a cache is needed.")
    web_threads: int = setting(
        32,
        "Threads of each web process; half of them may wait for a password hash. Each has its own database connection.",
    )
    drain_seconds: int = setting(0, "Seconds between turning /healthz/ready red and leaving; 5 behind a balancer.")
    tls_cert: str = setting("", "Certificate file (PEM) when the web process serves TLS by itself.")
    tls_key: str = setting("", "Key file (PKCS#8 PEM) of that certificate.")
    tls_minimum: str = setting("1.3", "Oldest TLS version that is spoken.", choices=("1.3", "1.2"))
    hashes: int = setting(
        0, "Password hashes that a web process runs at a time; 0 means one per core, over all processes."
    )
    password_memory: int = setting(19_456, "Memory of one password hash (Argon2id), in KiB.")
    password_passes: int = setting(2, "Passes of one password hash over its memory.")
    password_lanes: int = setting(1, "Lanes of one password hash.")
    proxy_count: int = setting(0, "Trusted proxies in front of the portal; with 0 forwarding headers are ignored.")
    proxy_networks: tuple[str, ...] = setting(
        (), "Networks of the trusted proxies, separated by commas; other peers are refused. Empty: any peer."
    )
    # --- messages
    email_url: tuple[str, ...] = setting(
        (),
        "Mail servers in their order, separated by commas: smtp://user:password@host:587 (STARTTLS), smtps://… (TLS"
        " from the start), smtp+plain://… (no TLS, for a relay on the same machine); inbox in demo mode.",
        secret=True,
    )
    email_from: str = setting("", "Visible sender of every mail.")
    email_envelope: str = setting("", "Envelope sender, where bounces go; empty means the visible sender.")
    auditor_email: str = setting(
        "", "Address that is sent the signed head of the register of events every day; empty: nobody."
    )
    sms_providers: tuple[str, ...] = setting(
        (), "SMS providers in their order: kwtsms, http, smpp, apprise. Empty: the portal works without SMS."
    )
    sms_prefixes: tuple[str, ...] = setting(
        ("+9655", "+9656", "+9659", "+96541"), "Beginnings of the numbers that may be sent an SMS."
    )
    sms_origin_domain: str = setting(
        "", "Domain in the last line of an SMS code, for autofill; only where everything still fits one segment."
    )
    sms_sender: str = setting("", "Sender name of the SMS as registered with the operators; case-sensitive.")
    sms_kwtsms_url: str = setting("https://www.kwtsms.com/API/send/", "Address of kwtSMS.")
    sms_kwtsms_username: str = setting("", "User of the kwtSMS programming interface.")
    sms_kwtsms_password: str = setting("", "Its password.", secret=True)
    sms_kwtsms_test: bool = setting(default=False, text="kwtSMS takes the messages and never delivers them.")
    sms_http_url: str = setting(
        "",
        "Address of any other SMS gateway; {number}, {digits}, {text}, {reference} and {sender} are filled in.",
        secret=True,
    )
    sms_http_method: str = setting("POST", "How it is called.", choices=("POST", "GET", "PUT"))
    sms_http_headers: tuple[str, ...] = setting((), "Headers of the call, separated by commas.", secret=True)
    sms_http_form: str = setting("json", "How values are written in its body.", choices=("json", "form"))
    sms_http_body: str = setting("", "Its body, with the same places as the address.", secret=True)
    sms_http_accepted: str = setting("", "Regular expression that finds acceptance in its answer; group id: reference.")
    sms_http_refused: str = setting("", "Regular expression that finds a refused number or text in its answer.")
    sms_http_busy: str = setting("", "Regular expression that finds in its answer that it cannot take the SMS now.")
    sms_smpp_url: str = setting(
        "", "smpp://user:password@host:2775 of an SMPP 3.4 provider; smpps:// with TLS.", secret=True
    )
    sms_apprise_url: str = setting(
        "", "Address of a service in Apprise's form, with {number} or {digits} where the number stands.", secret=True
    )
    courier_email_threads: int = setting(
        20, "Mails that one courier sends at the same time, each over a link of its own to the mail server."
    )
    courier_sms_threads: int = setting(4, "SMS that one courier sends at the same time.")
    courier_wake: str = setting(
        "auto",
        "How the courier learns of new messages: told by the database, or by looking ten times a second (behind a"
        " transaction pooler, or above 1,000 writes a second).",
        choices=("auto", "poll"),
    )
    # --- the public body
    operator_name_ar: str = setting("الإدارة العامة للجمارك", "Name of the public body in Arabic, on every page.")
    operator_name_en: str = setting("General Administration of Customs", "Name of the public body in English.")
    portal_name_ar: str = setting("بوابة الخدمات الإلكترونية للجمارك", "Name of the portal in Arabic.")
    portal_name_en: str = setting("Customs e-Services Portal", "Name of the portal in English.")
    support_provider_ar: str = setting("", "Who gives technical support, in Arabic.")
    support_provider_en: str = setting("", "Who gives technical support, in English.")
    support_email: str = setting("", "E-mail of technical support.")
    support_phones: tuple[str, ...] = setting(
        (), "Telephones of technical support, separated by commas; an extension as ;ext=12."
    )
    support_fax: str = setting("", "Fax of technical support.")
    notice_ar: str = setting("", "A notice on the opening page, in Arabic: planned works, holidays.")
    notice_en: str = setting("", "The same notice in English.")
    terms_path: str = setting("", "TOML file with the operator's own terms and conditions, in the form of terms.toml.")
    # --- the journey
    civil_id_centuries: tuple[str, ...] = setting(
        ("2", "3"), "First digits of a civil number that are accepted; demo mode adds 1, which no living person has."
    )
    registration_gender: str = setting(
        "required", "Whether the form asks for the gender.", choices=("required", "optional", "hidden")
    )
    mobile_countries: tuple[str, ...] = setting(
        ("KW",), "Countries whose mobiles are taken, as ISO codes: each costs more per SMS and opens a way for fraud."
    )
    mobile_proof: str = setting(
        "optional", "Whether the mobile is proven by an SMS code.", choices=("off", "optional", "required")
    )
    human_check: bool = setting(
        default=True, text="Whether registration and reset ask for the picture test or one of its other ways."
    )
    captcha_alphabet: str = setting(
        "ABDEFGHLMNQRTabdefhmnrt2345679", "Characters of the picture test; the default has no look-alikes."
    )
    limits: tuple[str, ...] = setting(
        (),
        "Limits that differ from docs/limits.toml, separated by commas: name=how many/seconds, or name=number.",
    )
    long_codes: bool = setting(
        default=True, text="While the whole portal meets too many wrong codes, new codes have 12 digits."
    )
    password_profile: str = setting("guide", "Rule for passwords.", choices=("guide", "kw-nbcc", "nist"))
    imported_hash: str = setting(
        "",
        "A password hash of the form that an import brought; while it is set, every sign-in costs what an imported one"
        " costs, so that nobody can time who has not signed in since.",
        secret=True,
    )
    second_factor: str = setting(
        "optional",
        "Who must have a second factor; the profile kw-nbcc asks it of everybody.",
        choices=("optional", "officers-and-company-administrators", "required"),
    )
    admission_policy: str = setting(
        "auto", "Who may act for a company at first.", choices=("auto", "review", "registry")
    )
    trade_register: str = setting(
        "none",
        "Where the trade register is read: nowhere, an imported table, a service.",
        choices=("none", "csv", "http"),
    )
    trade_register_url: str = setting("", "Address of the trade register's service; the CR number is put after it.")
    trade_register_token: str = setting("", "Bearer token for the trade register's service.", secret=True)
    delegation_days: int = setting(365, "Days that a delegation to another company may last at most.")
    recovery_hours: int = setting(72, "Hours in which a company's administrator may object to being replaced.")

    @property
    def accepted_centuries(self) -> tuple[str, ...]:
        """First digits of a civil number that this installation takes."""
        return (*self.civil_id_centuries, "1") if self.demo else self.civil_id_centuries

    @property
    def mail_route(self) -> tuple[str, ...]:
        """The mail servers in use: in demo mode the inbox stands in for those that are not set."""
        return self.email_url or (("inbox",) if self.demo else ())

    @property
    def sms_route(self) -> tuple[str, ...]:
        """The SMS providers in use, with the same stand-in."""
        return self.sms_providers or (("inbox",) if self.demo else ())

    @property
    def second_factor_policy(self) -> str:
        """What `second_factor` comes to: a profile that protects short passwords by a second factor asks everybody."""
        return "required" if self.password_profile == "kw-nbcc" else self.second_factor  # noqa: S105 a profile's name


def read(environment: Mapping[str, str] = os.environ) -> Configuration:
    """The configuration of an environment. Raises `UnclearSetting` for an unknown name or a value of wrong form."""
    known = {PREFIX + f.name.upper(): f for f in fields(Configuration)}
    values: dict[str, Any] = {}
    for name in sorted(n for n in environment if n.startswith(PREFIX)):
        plain = name if name in known else name.removesuffix("_FILE")
        if plain not in known:
            raise UnclearSetting(name, "no setting has this name")
        if plain != name and plain in environment:
            raise UnclearSetting(name, f"{plain} is given as well")
        text = environment[name] if plain == name else _file(name, environment[name])
        values[known[plain].name] = _parse(plain, known[plain], text)
    return Configuration(**values)


def _file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnclearSetting(name, f"the file cannot be read ({type(error).__name__})") from error


def _parse(name: str, declared: Field[Any], text: str) -> Any:
    choices = declared.metadata["choices"]
    if choices and text not in choices:
        raise UnclearSetting(name, "must be one of " + ", ".join(choices))
    if declared.type is bool:
        return _boolean(name, text)
    if declared.type is int:
        return _whole(name, text)
    if declared.type is Path:
        return Path(text)
    if declared.type is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _boolean(name: str, text: str) -> bool:
    word = text.strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise UnclearSetting(name, "must be one of 1, 0, true, false, yes, no, on, off")


def _whole(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise UnclearSetting(name, "must be a whole number written in the digits 0-9")
    return int(text)
