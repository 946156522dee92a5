"""No secret lies in the tree. Example passwords of the tests are named by their folder, the rest one by one."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).parents[2]
FOUND_BY_GUESSING = {"KeywordDetector", "Base64HighEntropyString", "HexHighEntropyString", "IPPublicDetector"}
NOT_TEXT = (".woff2", ".gz", ".lock", ".svg", ".png")
IN_TESTS = "Basic Auth Credentials"  # invented addresses of databases and gateways
EXAMPLES = {
    ("bawaba/configuration.py", "Basic Auth Credentials"): "the form of a database address",
    ("bawaba/refusals.py", "Basic Auth Credentials"): "the same, for whoever gave another form",
    ("docs/operate/settings.md", "Basic Auth Credentials"): "the same in the manual",
    ("docs/operate/messages.md", "Basic Auth Credentials"): "the form of an address",
    ("bawaba/infrastructure/messaging/providers/smpp_link.py", "Basic Auth Credentials"): "the form of an address",
}
EXAMPLES |= {("tests/infrastructure/test_keys.py", "Private Key"): "the first line of a key, to find it by"}
PLANTED = {
    "Private Key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIE",
    "AWS Access Key": "key = 'AKIA" + "IOSFODNN7EXAMPLE'",
    "GitHub Token": "t = 'ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'",
    "Basic Auth Credentials": "u = 'postgresql://user:" + "hunter22@db.example/x'",
    "JSON Web Token": "j = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
    "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c'",
}


def secrets(*paths: Path) -> set[tuple[str, str]]:
    """Files and kinds of what looks like a secret, found by its form alone."""
    kinds: Iterable[type] = get_mapping_from_secret_type_to_class().values()
    plugins = [{"name": kind.__name__} for kind in kinds if kind.__name__ not in FOUND_BY_GUESSING]
    found = SecretsCollection()
    with transient_settings({"plugins_used": plugins}):
        for path in paths:
            found.scan_file(str(path))
    return {(name.removeprefix(f"{ROOT}/"), secret.type) for name, secret in found}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_found(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "planted.py"
    path.write_text(PLANTED[kind])
    assert kind in {found for _, found in secrets(path)}


def test_the_tree_holds_no_secret() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607 git, wherever it is
    files = [ROOT / name for name in listed.stdout.splitlines() if not name.endswith(NOT_TEXT)]
    found = {(name, kind) for name, kind in secrets(*files) if not (name.startswith("tests/") and kind == IN_TESTS)}
    assert found == set(EXAMPLES)
