"""`python -m bawaba COMMAND`: the one command line of the product."""

import importlib
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
    except OSError as error:
        sys.exit(f"bawaba cannot go on. {error.filename or 'The system'}: {error.strerror or error}.")
    except Exception as error:
        if not is_absence(error):
            raise
        reason = str(error).partition("\n")[0]
        sys.exit(f"bawaba cannot use the database: {reason}. Is it there, and has `bawaba migrate` made its tables?")


def start(command: Command, arguments: list[str]) -> int:
    """Runs one of the product's own commands; gives its exit code."""
    if command.django:
        set_up_django()
    module = importlib.import_module(f"bawaba.commands.{command.module}")
    code: int = module.main(arguments)
    return code


def manage() -> None:
    """Django's own commands, for developers: makemigrations, shell, …"""
    set_up_django()
    management = importlib.import_module("django.core.management")
    if sys.argv[1] not in management.get_commands():
        sys.exit(f"bawaba has no command {sys.argv[1]}; `python -m bawaba` lists those that it has.")
    management.execute_from_command_line(sys.argv)


def is_absence(error: Exception) -> bool:
    """Whether a database is away or has not got its tables. By name: some commands must stay without Django."""
    kind = type(error)
    return kind.__module__ == "django.db.utils" and kind.__name__ in ("OperationalError", "ProgrammingError")


def print_commands() -> None:
    sys.stdout.write("python -m bawaba COMMAND; each explains itself with --help.\n\n")
    width = max(map(len, COMMANDS)) + 2
    for name, command in COMMANDS.items():
        sys.stdout.write(f"  {name:<{width}}{command.text}\n")


if __name__ == "__main__":
    main()
