"""Every command of the product: its name on the command line, its module here, whether it needs Django."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """`django` false marks the commands that must stay without it: they start other processes and wait for them."""

    module: str
    text: str
    django: bool = True


COMMANDS = {
    "run": Command("run", "Opens the portal here: migrates, then keeps web and courier alive.", django=False),
    "serve": Command("serve", "The web process alone.", django=False),
    "courier": Command("courier", "The courier alone: sends the messages and does the chores."),
    "migrate": Command("migrate", "Brings the database to this version; saves an SQLite database first."),
    "check": Command("check", "Says in plain words whether this installation is ready for the public."),
    "backup": Command("backup", "Saves the database into a folder and proves the copy."),
    "restore": Command("restore", "Puts a saved database into an empty place and makes it safe."),
    "import-users": Command("import_users", "Opens accounts for the people of another system, from CSV or JSON lines."),
    "import-register": Command("import_register", "Takes the trade register from a CSV table."),
    "lost-factor": Command("lost_factor", "Two officers take a lost second factor away from a person."),
    "chores": Command("chores", "What the courier does besides sending: how often, when last, and when next."),
    "audit-verify": Command("audit_verify", "Reads the register of events again and says whether it was altered."),
    "keys": Command("keys", "Lists the versions of the keys, begins new ones and removes old ones."),
    "catalogue": Command("catalogue", "Compares, applies or prints the catalogue of e-services."),
    "clients": Command("clients", "Registers the services that ask who is signed in, and their secrets."),
    "settings": Command("settings", "Prints the page of all settings.", django=False),
    "healthy": Command("healthy", "Asks the web process a health question; for containers.", django=False),
    "version": Command("version", "Prints the version.", django=False),
}
