"""What must not stand in the source at all, or only in the places named here with their reason."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "bawaba"

FORBIDDEN_MODULES = {
    "pickle": "loads code",
    "marshal": "loads code",
    "shelve": "loads code",
    "dill": "loads code",
    "random": "can be guessed; use secrets",
    "telnetlib": "not encrypted",
    "ftplib": "not encrypted",
    "xml": "no XML is read",
}
WEAK_HASHES = {"md5", "sha1"}
PROCESSES = {"subprocess", "pty", "multiprocessing", "os.system", "os.popen", "os.execv", "os.spawnv"}
CRYPTOGRAPHY = {
    "bawaba/domain/accounts/foreign.py": "hashes that an import brings",
    "bawaba/domain/accounts/credentials.py": "Argon2 for passwords",
    "bawaba/infrastructure/keys.py": "encrypts fields",
    "bawaba/infrastructure/captcha/store.py": "a sealed picture that was altered",
    "bawaba/infrastructure/readiness/settings.py": "how long a certificate is valid",
    "bawaba/web/oidc/id_tokens.py": "reads ID tokens that come back as hints",
    "bawaba/web/oidc/signing.py": "the keys of ID tokens",
    "bawaba/web/ui/sealed.py": "a sealed cookie that was altered",
}
SAFE_STRINGS = {
    "bawaba/infrastructure/messaging/rendering.py": "two constants of the frame of a mail",
    "bawaba/web/ui/captcha.py": "a rendered template with an identifier of ours put in",
    "bawaba/web/ui/markup.py": "the parts of a field, each escaped",
    "bawaba/web/ui/templatetags/ui.py": "rendered templates and nothing at all",
    "bawaba/web/portal/factor_adapter.py": "a QR code as the library draws it",
}
ENVIRONMENT = {
    "bawaba/configuration.py": "the one reader",
    "bawaba/wsgi.py": "names Django's settings",
    "bawaba/commands/django.py": "names Django's settings",
    "bawaba/commands/lost_factor.py": "asks sudo whose login it is",
    "bawaba/commands/run.py": "tells its children in which mode they run",
    "bawaba/infrastructure/backup.py": "hands a password to PostgreSQL's programs",
}


def sources(folder: str = "") -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.Module) -> set[str]:
    """Everything imported, as `module` and as `module.name`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def calls(tree: ast.Module) -> Iterator[str]:
    """The dotted name of everything that is called."""
    return (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def dangers(tree: ast.Module) -> set[str]:
    roots = {name.partition(".")[0] for name in imports(tree)} & set(FORBIDDEN_MODULES)
    weak = {name for name in imports(tree) if name.rpartition(".")[2] in WEAK_HASHES}
    weak |= {name for name in calls(tree) if name.rpartition(".")[2] in WEAK_HASHES}
    code = {name for name in calls(tree) if name in {"eval", "exec", "compile", "__import__"}}
    return roots | weak | code


def processes(tree: ast.Module) -> set[str]:
    started = {name for name in calls(tree) if name in PROCESSES or name.startswith(("os.exec", "os.spawn"))}
    return started | {name for name in imports(tree) if name.partition(".")[0] in PROCESSES or name in PROCESSES}


def makes_safe(tree: ast.Module) -> bool:
    return any(name.rpartition(".")[2] in {"mark_safe", "SafeString", "SafeText"} for name in calls(tree))


def reads_environment(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv", "os.environb"}
        for node in ast.walk(tree)
    )


def uses_cryptography(tree: ast.Module) -> bool:
    return any(name.partition(".")[0] in {"cryptography", "Crypto", "jwcrypto", "argon2"} for name in imports(tree))


@pytest.mark.parametrize(
    ("planted", "danger"),
    [
        ("import pickle", "pickle"),
        ("from random import choice", "random"),
        ("import xml.etree.ElementTree", "xml"),
        ("from hashlib import md5", "hashlib.md5"),
        ("import hashlib\nhashlib.sha1(b'')", "hashlib.sha1"),
        ("eval('1')", "eval"),
    ],
)
def test_a_danger_is_seen(planted: str, danger: str) -> None:
    assert danger in dangers(ast.parse(planted))


def test_the_other_searches_see_what_they_look_for() -> None:
    assert processes(ast.parse("import os\nos.system('ls')\nimport subprocess")) == {"os.system", "subprocess"}
    assert makes_safe(ast.parse("mark_safe(x)"))
    assert reads_environment(ast.parse("os.environ['HOME']"))
    assert uses_cryptography(ast.parse("from cryptography.fernet import Fernet"))
    assert unsafe_template("{{ name|safe }}")
    assert unsafe_template("{% autoescape off %}")


def test_nothing_dangerous_is_imported_or_called() -> None:
    assert {path: found for path, tree in sources() if (found := dangers(tree))} == {}


def test_the_doors_start_no_process() -> None:
    assert {path: found for path, tree in sources("web") if (found := processes(tree))} == {}


@pytest.mark.parametrize(
    ("search", "named"),
    [
        (uses_cryptography, CRYPTOGRAPHY),
        (makes_safe, SAFE_STRINGS),
        (reads_environment, ENVIRONMENT),
    ],
    ids=["cryptography", "safe strings", "environment"],
)
def test_only_the_named_places_do_it(search: object, named: dict[str, str]) -> None:
    assert callable(search)
    assert {path for path, tree in sources() if search(tree)} == set(named)


def unsafe_template(text: str) -> bool:
    return re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", text) is not None


def test_pages_switch_no_escaping_off() -> None:
    pages = [path for path in PACKAGE.rglob("*.html") if "templates" in path.parts]
    assert len(pages) > 5
    assert [str(path) for path in pages if unsafe_template(path.read_text(encoding="utf-8"))] == []


def test_each_exception_from_a_rule_names_the_rule_and_a_reason() -> None:
    for path in PACKAGE.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "nosemgrep" in line:
                assert re.search(r"# nosemgrep: [a-z-]+  \S.{10,}", line), f"{path}: {line}"


def test_pages_use_living_technology_only() -> None:
    dead = re.compile(r"<(applet|object|embed|frame|frameset|marquee|bgsound|keygen|plaintext|xmp)\b", re.IGNORECASE)
    pages = PACKAGE.rglob("templates/**/*.html")
    assert [str(path) for path in pages if dead.search(path.read_text(encoding="utf-8"))] == []


def test_one_cipher_is_used_and_it_is_authenticated() -> None:
    ciphers = {name for _, tree in sources() for name in imports(tree) if name.startswith("cryptography.hazmat")}
    assert {name for name in ciphers if "ciphers" in name} == {
        "cryptography.hazmat.primitives.ciphers.aead",
        "cryptography.hazmat.primitives.ciphers.aead.AESGCM",
    }
    assert not {name for name in ciphers if "padding" in name or "modes" in name}
