"""One list of messages: in the code, in the texts, in the calls. And only the courier speaks to providers."""

import ast
from pathlib import Path

from bawaba.infrastructure.messaging.kinds import SHAPES, Channel, Kind

PACKAGE = Path(__file__).parents[2] / "bawaba"
TEXTS = PACKAGE / "infrastructure/messaging/templates/messaging"
SHARED = {"parts"}
PROVIDERS = "bawaba.infrastructure.messaging.providers"
SPEAKS = {"smtplib", "smpplib", "apprise", "http.client", "urllib.request", "django.core.mail"}
MAY_SPEAK = {
    # file: what it may import, and why
    "infrastructure/messaging/providers/email.py": {"smtplib"},
    "infrastructure/messaging/providers/smtp.py": {"smtplib"},
    "infrastructure/messaging/providers/smpp.py": {"smpplib"},
    "infrastructure/messaging/providers/smpp_link.py": {"smpplib"},
    "infrastructure/messaging/providers/web_call.py": {"http.client"},
    "domain/companies/trade_register/service.py": {"http.client", "urllib.request"},
    "commands/healthy.py": {"http.client", "urllib.request"},  # asks the web process of its own machine
}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return names


def test_every_message_has_a_shape_and_a_folder_of_texts_and_no_folder_is_left_over() -> None:
    assert set(SHAPES) == set(Kind)
    folders = {path.name for path in TEXTS.iterdir() if path.is_dir()} - SHARED
    assert folders == {kind.value for kind in Kind}


def test_a_folder_holds_exactly_the_texts_of_its_channels() -> None:
    for kind, shape in SHAPES.items():
        expected = {f"{channel}.{language}.txt" for channel in shape.channels for language in ("ar", "en")}
        assert {path.name for path in (TEXTS / kind.value).iterdir()} == expected, kind


def test_only_the_courier_speaks_to_providers() -> None:
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        spoken = {word for word in SPEAKS if any(one == word or one.startswith(f"{word}.") for one in imported(path))}
        assert spoken <= MAY_SPEAK.get(name, set()), f"{name} imports {spoken}"


def test_no_door_and_no_record_knows_a_provider() -> None:
    """The words of outcomes and the demo's inbox apart: they hold no connection to anybody."""
    harmless = {f"{PROVIDERS}.outcome", f"{PROVIDERS}.inbox"}
    for folder in ("web", "domain"):
        for path in (PACKAGE / folder).rglob("*.py"):
            known = {name for name in imported(path) if name.startswith(f"{PROVIDERS}.")}
            others = {name for name in known if not any(name.startswith(one) for one in harmless)}
            assert others == set(), path


def test_channels_are_those_with_a_route() -> None:
    assert {channel for shape in SHAPES.values() for channel in shape.channels} == set(Channel)
