"""What every test gets: an installation of its own in a temporary folder, with its own keys."""

import os
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command

from bawaba.commands.messages import compile_catalogues

_folder = Path(tempfile.mkdtemp(prefix="bawaba-test-"))
os.environ.setdefault("BAWABA_DATA_DIR", str(_folder))
os.environ.setdefault("BAWABA_KEYS_DIR", str(_folder / "keys"))

compile_catalogues()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """The hashed names of the style sheet and the script, as at every start."""
    call_command("collectstatic", interactive=False, verbosity=0)
