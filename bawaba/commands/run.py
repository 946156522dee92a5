"""`bawaba run`: the whole portal on one machine. Migrates, then keeps the web process and the courier alive."""

import argparse
import os
import socket
import subprocess
import sys
from functools import partial

from bawaba.commands import lock
from bawaba.commands.port import ask_for_port, split_bind
from bawaba.commands.supervisor import Child, Supervisor
from bawaba.configuration import Configuration, read
from bawaba.refusals import refuse

FIRST_PORT = 8000
PORTS_TO_TRY = 100
SECONDS_FOR_THE_GREETING = 10
"""Within which the web process should answer: no line of the courier's then stands before the greeting."""
BAWABA = (sys.executable, "-m", "bawaba")
DEMO_GREETING = """
  بوابة  bawaba is open.

  Portal          {origin}/       in English {origin}/en/
  Inbox           {origin}/inbox/    every e-mail and SMS that the portal sends

  To try: register on the portal, read the code in the inbox, enter it, sign in.
  Or sign in as latifa@example.com (administrator of a company), yousef@example.com (submits for it) or
  hind@example.com (a customs broker); each has the password Pearl-Diver#77.
  Data lies in the folder {folder}/ and is there again at the next start. Ctrl-C ends the portal.
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bawaba run", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="example people and companies, messages shown on a page")
    if parser.parse_args(arguments).demo:
        os.environ["BAWABA_DEMO"] = "1"
        os.environ.setdefault("BAWABA_LOG", "text")
    configuration = refuse(read())
    try:
        lock.hold(
            configuration.data_dir / "run.lock",
            f"The portal of {configuration.data_dir} runs already (process {os.getpid()}).",
        )
    except lock.Held as error:
        print(f"{error.note} End it first with Ctrl-C, or open the address it printed.", file=sys.stderr)
        return 1
    choose_port()
    configuration = refuse(read())
    ask_for_port(*split_bind(configuration.bind))
    code = subprocess.run([*BAWABA, "migrate"], check=False).returncode
    if code:
        return code
    children = [
        Child("The web process", [*BAWABA, "serve"], reloads=True),
        Child("The courier", [*BAWABA, "courier"], patience=SECONDS_FOR_THE_GREETING),
    ]
    return Supervisor(children, ready=partial(greet, configuration)).run()


def choose_port() -> None:
    """Takes the first free port when neither the origin nor the address to listen on was set."""
    if "BAWABA_ORIGIN" in os.environ or "BAWABA_BIND" in os.environ:
        return
    port = FIRST_PORT
    while port < FIRST_PORT + PORTS_TO_TRY and not is_free(port):
        print(f"Port {port} is taken; trying {port + 1}.", flush=True)
        port += 1
    os.environ["BAWABA_BIND"] = f"127.0.0.1:{port}"
    os.environ["BAWABA_ORIGIN"] = f"http://localhost:{port}"


def is_free(port: int) -> bool:
    try:
        ask_for_port("127.0.0.1", port)
    except OSError:
        return False
    return True


def greet(configuration: Configuration) -> bool:
    """Once the web process answers, says where the portal is; gives whether it did."""
    if not answers(configuration.bind):
        return False
    greeting = DEMO_GREETING if configuration.demo else "The portal is open: {origin}/"
    print(greeting.format(origin=configuration.origin, folder=configuration.data_dir), flush=True)
    return True


def answers(bind: str) -> bool:
    """Whether somebody listens on `address:port`; the web process does so only when it is ready to answer."""
    try:
        socket.create_connection(split_bind(bind), timeout=1).close()
    except OSError:
        return False
    return True
