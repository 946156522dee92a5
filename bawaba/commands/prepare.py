"""What every start makes anew when it is out of date: compiled catalogues, hashed static files."""

import fcntl

from django.conf import settings
from django.core.management import call_command

from bawaba.commands.messages import compile_catalogues


def prepare() -> None:
    """Safe to call from several processes at once. Takes some hundredths of a second when all is there."""
    settings.BAWABA.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.BAWABA.data_dir / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        compile_catalogues()
        call_command("collectstatic", interactive=False, verbosity=0)
