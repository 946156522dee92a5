"""What a person sees and the load generator cannot: the text of a picture, the code in a mail.

Both come from the test seam and the keys of the installation, in whose environment the generator runs.
"""

from bawaba.commands.django import set_up_django

set_up_django()

from bawaba.identifiers.addresses import email_key  # noqa: E402 after Django is set up
from bawaba.infrastructure.captcha import store  # noqa: E402 after Django is set up
from bawaba.infrastructure.codes.derivation import address_digest, derive  # noqa: E402 after Django is set up
from bawaba.infrastructure.codes.models import Challenge  # noqa: E402 after Django is set up


def text_of(picture: str) -> str:
    """What is to be typed for a picture."""
    return store.solve(picture).text


def code_for(purpose: str, email: str) -> str:
    """The code that was sent last to an address."""
    key = email_key(email)
    challenge = (
        Challenge.objects.open().filter(purpose=purpose, address_digest=address_digest(key)).latest("created_at")
    )
    return derive(challenge, challenge.generation, key)
