"""`bawaba courier`: sends the messages and does the chores, until it gets TERM."""

import argparse
import signal

from django.conf import settings

from bawaba.commands import parent
from bawaba.commands.duties import CHORES, PULSES
from bawaba.commands.prepare import prepare
from bawaba.configuration import read
from bawaba.infrastructure.messaging.courier import ChoreThread, Courier
from bawaba.infrastructure.messaging.routes import routes
from bawaba.refusals import refuse

KEYS = ("code", "index", "audit")
"""What a courier cannot do without. A courier that made its own would send wrong codes."""


def main(arguments: list[str]) -> int:
    """Exit code 0 after a stop in order."""
    parser = argparse.ArgumentParser(prog="bawaba courier", description=__doc__)
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process ends")
    chosen = parser.parse_args(arguments)
    if chosen.parent:
        parent.follow(chosen.parent)
    configuration = refuse(read())
    settings.KEYS.require(*KEYS)
    prepare()
    courier = Courier(routes(configuration), pulses=PULSES)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: courier.stop())
    chores = ChoreThread(CHORES, owner=courier.owner)
    chores.start()
    courier.run()
    chores.stop()
    return 0
