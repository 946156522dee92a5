"""What every start makes anew when it is out of date: hashed static files."""

import fcntl
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def prepare() -> None:
    """Safe to call from several processes at once. Takes some hundredths of a second when all is there."""
    settings.BAWABA.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.BAWABA.data_dir / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _collect()


def _collect() -> None:
    """Only when a file has changed: it takes each away for a moment, and another process may be about to read it."""
    stamp = settings.BAWABA.data_dir / "static.stamp"
    collected = "\n".join(_sources())
    now = sha256(collected.encode()).hexdigest()
    if Path(settings.STATIC_ROOT).is_dir() and stamp.exists() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _sources() -> Iterator[str]:
    """Every static file, its size and when it changed."""
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = Path(storage.path(name)).stat()
            yield f"{storage.path(name)} {facts.st_size} {facts.st_mtime_ns}"
