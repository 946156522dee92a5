"""A lock on a file of the data folder: held as long as the process, or a child it forked, lives."""

import fcntl
import os
from pathlib import Path


class Held(Exception):
    """Another process holds the lock; `note` is what it wrote there."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


def hold(path: Path, note: str) -> int:
    """Takes the lock and writes a note for whoever comes second. Gives the descriptor, which nobody may close.

    Raises `Held` when another process has it. The kernel lets go when the last holder ends, however it ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held_by = os.read(descriptor, 1000).decode()
        os.close(descriptor)
        raise Held(held_by) from error
    os.truncate(descriptor, 0)
    os.pwrite(descriptor, note.encode(), 0)
    return descriptor
