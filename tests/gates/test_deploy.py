"""The files in deploy/ speak only of settings and commands that exist, and run nothing as root."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bawaba.commands.settings import page
from bawaba.commands.table import COMMANDS

DEPLOY = Path("deploy")
FILES = sorted(path for path in DEPLOY.rglob("*") if path.is_file())
COMMAND = re.compile(r"python -m bawaba ([a-z-]+)|args: \[([a-z-]+)|command: \[([a-z-]+)[,\]]")
OTHERS = {"sh", "python", "valkey-server"}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_setting_exists(path: Path) -> None:
    known = page()
    for name in re.findall(r"BAWABA_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")):
        assert f"`{name.removesuffix('_FILE')}`" in known, name


@pytest.mark.parametrize("path", FILES, ids=str)
def test_every_command_exists(path: Path) -> None:
    for found in COMMAND.findall(path.read_text(encoding="utf-8")):
        name = "".join(found)
        assert name in COMMANDS or name in OTHERS, name


def pods() -> list[dict[str, Any]]:
    documents = [
        document for path in DEPLOY.glob("kustomize/*.yaml") for document in yaml.safe_load_all(path.read_text())
    ]
    return [document["spec"]["template"]["spec"] for document in documents if "template" in document.get("spec", {})]


def test_no_pod_runs_as_root_or_writes_outside_its_volumes() -> None:
    assert len(pods()) == 3
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        for container in [*pod["initContainers"], *pod["containers"]]:
            assert container["securityContext"]["readOnlyRootFilesystem"] is True
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
