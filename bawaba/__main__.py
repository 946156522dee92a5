"""`python -m bawaba COMMAND`: the one command line of the product."""

import importlib
import sys

from bawaba.commands.django import set_up_django
from bawaba.commands.table import COMMANDS, Command
from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.keys import UnusableKey

DATABASE = ("bawaba cannot use the database", " Is it there, and has `bawaba migrate` made its tables?")
SENTENCES = {
    "django.db.utils.OperationalError": DATABASE,
    "django.db.utils.ProgrammingError": DATABASE,
    "django.core.exceptions.ImproperlyConfigured": ("bawaba does not start", ""),
}
"""For what is away or not installed. By name, because some commands must stay without Django."""


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
        beginning, advice = SENTENCES.get(f"{type(error).__module__}.{type(error).__name__}", ("", ""))
        if not beginning:
            raise
        reason = str(error).partition("\n")[0].rstrip(".")
        sys.exit(f"{beginning}: {reason}.{advice}")


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


def print_commands() -> None:
    sys.stdout.write("python -m bawaba COMMAND; each explains itself with --help.\n\n")
    width = max(map(len, COMMANDS)) + 2
    for name, command in COMMANDS.items():
        sys.stdout.write(f"  {name:<{width}}{command.text}\n")


if __name__ == "__main__":
    main()
