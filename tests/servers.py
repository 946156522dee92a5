"""Servers for tests and benchmarks: a PostgreSQL and a Valkey (or Redis) of their own, gone without a trace afterwards.

`python -m tests.servers COMMAND…` runs a command with BAWABA_DATABASE_URL set to such a PostgreSQL.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOM = 2 * 1024**3  # bytes
SECONDS_TO_START = 30
INITIAL = "--auth=trust --encoding=UTF8 --locale=C.UTF-8 --username=bawaba"
PROGRAMS = {
    "chromium": "chromium",
    "postgresql": "pg_ctl",
    "redis-server": "redis-server",
    "gettext": "msgfmt",
    "faketime": "faketime",
    "strace": "strace",
    "nodejs": "node",
    "npm": "npm",
}


def has(package: str) -> bool:
    """Whether the program of a Debian package is here."""
    program = PROGRAMS[package]
    return any(shutil.which(program, path=path) for path in (None, postgresql_folder()))


def is_ci() -> bool:
    return bool(os.environ.get("CI"))


def postgresql_folder() -> str:
    """Where Debian keeps PostgreSQL's programs of the newest version; not on the PATH."""
    return max((str(path) for path in Path("/usr/lib/postgresql").glob("*/bin")), default="")


def surroundings() -> dict[str, str]:
    """The environment of this process without the settings of any installation."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BAWABA_")}


def false_clock(**how: str) -> dict[str, str]:
    """What a process needs to go by another clock, as libfaketime's variables say; a second takes as long as ever."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    mended = str(Path(__file__).with_name("false_clock"))
    return {"LD_PRELOAD": str(library), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": mended} | how


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _memory() -> str | None:
    """The file system in memory, if it has room for a database."""
    shared = Path("/dev/shm")  # noqa: S108 the folder inside is made safely
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > ROOM else None


@contextmanager
def postgresql(*, durable: bool = False, settings: tuple[str, ...] = ()) -> Iterator[str]:
    """The address of a fresh PostgreSQL with an empty database `bawaba`.

    Without `durable` it lies in memory where there is room, and a commit does not wait for its sync.
    """
    folder = Path(tempfile.mkdtemp(prefix="bawaba-postgresql-", dir=None if durable else _memory()))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    port = free_port()
    options = [f"-p {port}", f"-k {folder}", "-c listen_addresses=127.0.0.1", "-c max_connections=200"]
    if not durable:
        options += ["-c synchronous_commit=off", "-c full_page_writes=off"]
    options += [f"-c {setting}" for setting in settings]
    programs = postgresql_folder()
    control = [f"{programs}/pg_ctl", f"--pgdata={folder}/data", f"--log={folder}/log", "-w"]
    control.append(f"--timeout={SECONDS_TO_START}")
    try:
        _run(user, folder, [*control, "initdb", "-o", INITIAL])
        _run(user, folder, [*control, "start", "-o", " ".join(options)])
        _run(
            user, folder, [f"{programs}/createdb", f"--host={folder}", f"--port={port}", "--username=bawaba", "bawaba"]
        )
        yield f"postgresql://bawaba@127.0.0.1:{port}/bawaba"
    finally:
        subprocess.run([*control, "stop", "-m", "immediate"], user=user, cwd=folder, capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def valkey() -> Iterator[str]:
    """The address of a fresh Valkey, or of a Redis where there is no Valkey."""
    program = shutil.which("valkey-server") or shutil.which("redis-server") or "redis-server"
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="bawaba-valkey-"))
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    process = subprocess.Popen([program, *arguments], stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_port(port: int, *, seconds: float = SECONDS_TO_START) -> None:
    """Waits until somebody listens on 127.0.0.1. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nobody listens on port {port}")


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the user it runs as instead."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, folder: Path, command: list[str]) -> None:
    """Runs one of PostgreSQL's programs. Its output goes to a file: a pipe would stay open in the server it starts."""
    with (folder / "output").open("ab") as output:
        subprocess.run(command, user=user, cwd=folder, stdout=output, stderr=output, check=True)


def main() -> int:
    with postgresql() as address:
        environment = os.environ | {"BAWABA_DATABASE_URL": address}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
