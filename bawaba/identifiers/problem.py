"""What is wrong with something typed."""


class Problem(ValueError):
    """A value that cannot be taken. `code` says why, in one word; it never carries the value itself.

    Codes: `required` nothing is left after cleaning · `format` characters or length · `length` too long or too short ·
    `chars` characters that have no place here · `script` two scripts in one field · `invalid` not an address, not a
    mobile · `century`, `birth_date`, `check_digit`, `birth_date_future` of a civil number.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
