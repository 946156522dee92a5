"""A child that must not outlive its parent: when the parent is gone, the child gets TERM."""

import ctypes
import os
import signal
import sys
import threading

PR_SET_PDEATHSIG = 1


def follow(parent: int) -> None:
    """Ends this process with TERM when the process `parent` ends. Called once, from the main thread.

    On Linux the kernel sends the signal when the parent's *thread* that started this process ends, which is why a
    parent has only one. Elsewhere a thread waits for the end of the pipe on standard input.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    else:
        watch_standard_input()
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def watch_standard_input() -> None:
    """Starts the thread that waits for the parent to let go of the pipe."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
