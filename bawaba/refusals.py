"""What must never start: settings that are clear one by one and dangerous together."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from bawaba.configuration import Configuration, UnclearSetting, split_address

FEWEST_CHARACTERS = 20


def refuse(configuration: Configuration) -> Configuration:
    """The same configuration. Raises `UnclearSetting` when its settings must not run together."""
    _origin(configuration)
    _bind(configuration)
    _web_process(configuration)
    _stores(configuration)
    _trade_register(configuration)
    _picture(configuration)
    return configuration


def is_loopback(host: str) -> bool:
    """Whether a host name can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(configuration: Configuration) -> None:
    origin = urlsplit(configuration.origin)
    try:
        port_is_clear = origin.port is None or origin.port > 0
    except ValueError:
        port_is_clear = False
    if origin.scheme not in ("http", "https") or not origin.hostname or not port_is_clear:
        raise UnclearSetting("BAWABA_ORIGIN", "must be https://host or https://host:port")
    if configuration.origin != f"{origin.scheme}://{origin.netloc}" or "@" in origin.netloc:
        raise UnclearSetting("BAWABA_ORIGIN", "must end after the host or port: no path, no user, no final slash")
    if is_loopback(origin.hostname):
        if configuration.test_seam and not configuration.demo:
            raise UnclearSetting("BAWABA_TEST_SEAM", "opens only together with BAWABA_DEMO")
        return
    if configuration.demo:
        raise UnclearSetting("BAWABA_DEMO", "shows messages to everybody, so it needs an origin on this machine")
    if configuration.test_seam:
        raise UnclearSetting("BAWABA_TEST_SEAM", "opens the door to everybody, so it needs an origin on this machine")
    if origin.scheme == "http":
        raise UnclearSetting("BAWABA_ORIGIN", "must be https: passwords and sessions would travel in the open")


def _bind(configuration: Configuration) -> None:
    host, _, port = configuration.bind.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise UnclearSetting("BAWABA_BIND", "must be address:port")


def _web_process(configuration: Configuration) -> None:
    if configuration.web_processes < 1:
        raise UnclearSetting("BAWABA_WEB_PROCESSES", "must be at least 1")
    if configuration.web_threads < 2:
        raise UnclearSetting("BAWABA_WEB_THREADS", "must be at least 2: one may wait for a password hash")
    if configuration.web_processes > 1 and not configuration.cache_url:
        raise UnclearSetting(
            "BAWABA_WEB_PROCESSES",
            "above 1 needs BAWABA_CACHE_URL: each process would count failures and used codes for itself",
        )
    if configuration.web_processes > 1 and not configuration.database_url:
        raise UnclearSetting("BAWABA_WEB_PROCESSES", "above 1 needs BAWABA_DATABASE_URL: SQLite serves one process")
    if bool(configuration.tls_cert) != bool(configuration.tls_key):
        raise UnclearSetting("BAWABA_TLS_CERT", "and BAWABA_TLS_KEY are given together or not at all")


def _stores(configuration: Configuration) -> None:
    database = split_address("BAWABA_DATABASE_URL", configuration.database_url)
    named = database.scheme in ("postgresql", "postgres") and database.path.strip("/")
    if configuration.database_url and not named:
        raise UnclearSetting("BAWABA_DATABASE_URL", "must be postgresql://user:password@host:port/name")
    cache = split_address("BAWABA_CACHE_URL", configuration.cache_url)
    if configuration.cache_url and cache.scheme not in ("redis", "rediss", "unix"):
        raise UnclearSetting("BAWABA_CACHE_URL", "must begin with redis:// or rediss://")


def _trade_register(configuration: Configuration) -> None:
    if configuration.trade_register != "http":
        return
    address = split_address("BAWABA_TRADE_REGISTER_URL", configuration.trade_register_url)
    if address.scheme != "https" and not (address.scheme == "http" and is_loopback(address.hostname or "")):
        raise UnclearSetting("BAWABA_TRADE_REGISTER_URL", "must be https://…: its token and answers travel there")


def _picture(configuration: Configuration) -> None:
    """Our fonts hold A-Z, a-z and 0-9; a character that stands twice, or too few of them, make the text guessable."""
    alphabet = configuration.captcha_alphabet
    different = len(set(alphabet)) == len(alphabet) >= FEWEST_CHARACTERS
    if not (alphabet.isascii() and alphabet.isalnum() and different):
        reason = f"must be at least {FEWEST_CHARACTERS} different characters of A-Z, a-z and 0-9"
        raise UnclearSetting("BAWABA_CAPTCHA_ALPHABET", reason)
