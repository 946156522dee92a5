"""What every test gets: an installation of its own in a temporary folder, with its own keys."""

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="bawaba-test-"))
os.environ.setdefault("BAWABA_DATA_DIR", str(_folder))
os.environ.setdefault("BAWABA_KEYS_DIR", str(_folder / "keys"))
