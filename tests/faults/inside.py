"""Scripts that run inside an installation, each in a process of its own, which may be killed."""

import subprocess
import sys

START = "from bawaba.commands.django import set_up_django; set_up_django()\n"


def start(script: str, environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START + script, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def said(script: str, environment: dict[str, str], *arguments: str) -> str:
    """What it printed; it must end well, within a minute."""
    process = start(script, environment, *arguments)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output
