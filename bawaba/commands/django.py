"""Django, loaded only by the processes that need it."""

import importlib
import os


def set_up_django() -> None:
    """Loads the settings and the models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bawaba.settings")
    importlib.import_module("django").setup()
