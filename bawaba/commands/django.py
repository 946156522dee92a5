"""Django, loaded only by the processes that need it."""

import importlib
import os

from bawaba.commands.messages import compile_catalogues


def set_up_django() -> None:
    """Loads the settings and the models. The catalogues come first: gettext reads them once, while the models load."""
    compile_catalogues()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawaba.settings")
    importlib.import_module("django").setup()
