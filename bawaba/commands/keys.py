"""`bawaba keys`: which versions of the keys there are, a new version, and the end of an old one."""

import argparse
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from bawaba.commands.key_uses import LIVES, USES
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.keys import NAMES


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 when a version cannot be retired yet."""
    parser = argparse.ArgumentParser(prog="bawaba keys", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all versions, their age, and what still needs them")
    for verb, text in (
        ("rotate", "begin a new version and move to it what can be moved"),
        ("renew", "move to the newest version what an interrupted rotation has left"),
        ("retire", "remove the versions that nothing needs any more"),
    ):
        verbs.add_parser(verb, help=text).add_argument("name", choices=NAMES)
    options = parser.parse_args(arguments)
    if options.verb == "list":
        return show()
    actions = {"rotate": rotate, "renew": renew, "retire": retire}
    return actions[options.verb](options.name)


def show() -> int:
    for name in NAMES:
        for key_id in settings.KEYS.versions(name):
            newest = "newest" if key_id == settings.KEYS.newest(name).id else "old"
            needed = ", ".join(f"{count} {what}" for what, count in _needed(name, key_id)) or "nothing stored"
            print(f"{name}.{key_id}  {newest:<7}{settings.KEYS.made_at(name, key_id):%Y-%m-%d %H:%M} UTC  {needed}")
    return 0


def rotate(name: str) -> int:
    fresh = settings.KEYS.rotate(name)
    with transaction.atomic():
        record(EventType.KEY_ROTATED, subject="installation", actor="console", key=name, version=fresh.id)
    print(f"{name}.{fresh.id} is in use.")
    if name == "session":
        print("Restart all web processes at the same time: each reads this key when it starts.")
    return renew(name)


def renew(name: str) -> int:
    newest = settings.KEYS.newest(name)
    for key_id in settings.KEYS.versions(name):
        for use in USES:
            if use.key == name and use.renew and key_id != newest.id:
                use.renew(key_id)
                print(f"{use.what}: moved from {name}.{key_id} to {name}.{newest.id}.")
    return 0


def retire(name: str) -> int:
    newest = settings.KEYS.newest(name)
    since = settings.KEYS.made_at(name, newest.id)
    free_at = since + timedelta(seconds=LIVES[name])
    if clock.now() < free_at:
        print(f"Not yet: what was made under an older version may live until {free_at:%Y-%m-%d %H:%M} UTC.")
        return 1
    code = 0
    for key_id in [key_id for key_id in settings.KEYS.versions(name) if key_id != newest.id]:
        needed = _needed(name, key_id)
        if needed:
            print(f"{name}.{key_id} stays: " + ", ".join(f"{count} {what}" for what, count in needed) + " need it.")
            code = 1
            continue
        with transaction.atomic():
            record(EventType.KEY_RETIRED, subject="installation", actor="console", key=name, version=key_id)
        settings.KEYS.retire(name, key_id)
        print(f"{name}.{key_id} is removed. Remove it from the backup of the keys as well.")
    return code


def _needed(name: str, key_id: str) -> list[tuple[str, int]]:
    counts = [(use.what, use.count(key_id)) for use in USES if use.key == name]
    return [(what, count) for what, count in counts if count]
