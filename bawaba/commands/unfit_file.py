"""Why a file that a command was given cannot be taken."""

import csv
from pathlib import Path


def sentence(file: Path, error: OSError | ValueError | csv.Error) -> str:
    """What the system said of `file` or of another one that is needed, else what is wrong with its content."""
    if isinstance(error, OSError):
        return f"{error.filename or file}: {error.strerror or type(error).__name__}."
    reason = "it is not in UTF-8" if isinstance(error, UnicodeDecodeError) else error
    return f"The file is not understood: {reason}."
