"""Who reaches out of the process: only the named modules, and the log goes to standard error alone."""

from django.conf import settings

from tests.gates.test_source_rules import imports, sources

REACHING = ("socket", "ssl", "smtplib", "http.client", "urllib.request", "requests", "httpx", "apprise", "smpplib")
PROVIDERS = "bawaba/infrastructure/messaging/providers/"
NAMED = {
    "bawaba/commands/healthy.py": "asks the web process of this machine",
    "bawaba/commands/port.py": "looks whether a port is free",
    "bawaba/commands/run.py": "looks whether a port is free",
    "bawaba/domain/companies/trade_register/service.py": "asks the trade register",
    "bawaba/infrastructure/readiness/messages.py": "asks whether the mail server answers",
    **{f"{PROVIDERS}{name}.py": "hands messages over" for name in ("email", "smtp", "smpp", "smpp_link", "web_call")},
    **{f"{PROVIDERS}{name}.py": "verifies the certificate of the provider" for name in ("http", "kwtsms")},
}


def test_only_the_named_modules_reach_out() -> None:
    reaching = {path for path, tree in sources() if any(_is_reaching(name) for name in imports(tree))}
    assert reaching == set(NAMED)


def _is_reaching(name: str) -> bool:
    return any(name == module or name.startswith(f"{module}.") for module in REACHING)


def test_logs_go_to_standard_error_only() -> None:
    assert {handler["class"] for handler in settings.LOGGING["handlers"].values()} == {"logging.StreamHandler"}
    assert all(not logger.get("handlers") for logger in settings.LOGGING["loggers"].values())
