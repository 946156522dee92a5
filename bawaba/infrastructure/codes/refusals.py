"""Why a code is refused. Only doors turn these into words."""


class CodeRefused(Exception):
    """The code does not prove anything."""


class WrongCode(CodeRefused):
    """Compared and not equal; `tries_left` more guesses at this challenge will be compared."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(tries_left)
        self.tries_left = tries_left


class TooManyGuesses(CodeRefused):
    """Not compared: the guesses of this challenge are spent. Another code must be asked for."""


class CodeExpired(CodeRefused):
    """Not compared: no living challenge of this id and address. Another code must be asked for."""


class AlreadyUsed(CodeExpired):
    """The challenge was claimed or killed before."""
