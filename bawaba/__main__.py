"""`python -m bawaba COMMAND`: the one command line of the product."""

import importlib
import os
import sys

from bawaba.commands.django import set_up_django
from bawaba.commands.table import COMMANDS, Command
from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.keys import UnusableKey


def main() -> None:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("help", "--help", "-h"):
        print_commands()
        return
    command = COMMANDS.get(arguments[0])
    try:
        if command is None:
            manage()
        else:
            sys.exit(start(command, arguments[1:]))
    except (UnclearSetting, UnusableKey) as error:
        sys.exit(f"bawaba does not start. {error}")


def start(command: Command, arguments: list[str]) -> int:
    """Runs one of the product's own commands; gives its exit code."""
    if command.django:
        set_up_django()
    module = importlib.import_module(f"bawaba.commands.{command.module}")
    code: int = module.main(arguments)
    return code


def manage() -> None:
    """Django's own commands, for developers: makemigrations, shell, …"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawaba.settings")
    importlib.import_module("django.core.management").execute_from_command_line(sys.argv)


def print_commands() -> None:
    sys.stdout.write("python -m bawaba COMMAND\n\n")
    for name, command in COMMANDS.items():
        sys.stdout.write(f"  {name:<14}{command.text}\n")


if __name__ == "__main__":
    main()
