"""`python -m bench.accounts N`: opens accounts inside an installation.

All have one password, hashed once, and agreed to the terms.
"""

import sys
from itertools import islice

from bawaba.commands.django import set_up_django

set_up_django()

from django.db import transaction  # noqa: E402 after Django is set up

from bawaba.domain.accounts import actions, credentials  # noqa: E402 after Django is set up
from bawaba.domain.companies.actions import admit_registrant  # noqa: E402 after Django is set up
from bawaba.web.portal import texts  # noqa: E402 after Django is set up
from bench.people import PASSWORD, address, everybody, mobile  # noqa: E402 after Django is set up


def main() -> int:
    amount = int(sys.argv[1])
    terms = texts.terms()
    encoded = credentials.hash_password(PASSWORD)
    with transaction.atomic():
        for person, civil_id in islice(everybody(), amount):
            user = actions.create_user(
                email=address(person),
                password=encoded,
                first_name="Salem",
                last_name="Almithal",
                gender="m",
                civil_id=civil_id,
                mobile=mobile(person),
                language="ar",
            )
            actions.agree_to_terms(user=user, version=terms.version, text_hash=terms.digest)
            admit_registrant(user=user, cr_number=f"{700000 + person}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
