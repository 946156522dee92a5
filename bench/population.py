"""What an installation holds, made inside it by bulk SQL on PostgreSQL.

`python -m bench.population begin MEMBERS`: a service to which the first person has agreed, whose secret is printed, and
so many members of that person's company. `python -m bench.population grow USERS COMPANIES MEMBERS`: people with what
each leaves behind, companies, and further members of the first company; then what the planner knows is brought up to
date.
"""

import sys
from pathlib import Path

from bawaba.commands.django import set_up_django

set_up_django()

from django.db import connection, transaction  # noqa: E402 after Django is set up

from bawaba.domain.accounts.models import User  # noqa: E402 after Django is set up
from bawaba.domain.companies.models import Company, Membership  # noqa: E402 after Django is set up
from bawaba.domain.companies.roles import Role  # noqa: E402 after Django is set up
from bawaba.domain.companies.roster import enrol  # noqa: E402 after Django is set up
from bawaba.infrastructure import clock  # noqa: E402 after Django is set up
from bawaba.web.oidc import actions  # noqa: E402 after Django is set up
from bawaba.web.oidc.models import Client, ServiceConsent  # noqa: E402 after Django is set up
from bench.journeys import CLIENT, REDIRECT, SCOPES  # noqa: E402 after Django is set up
from bench.people import address  # noqa: E402 after Django is set up

STATEMENTS = Path(__file__).with_suffix(".sql")


def main() -> int:
    verb, *amounts = sys.argv[1:]
    if verb == "begin":
        begin(int(amounts[0]))
    else:
        grow(*map(int, amounts))
    return 0


def begin(members: int) -> None:
    secret = actions.add_client(
        client_id=CLIENT,
        names=("النمو", "Growth"),
        owners=("القياس", "Benchmark"),
        redirect_uris=[REDIRECT],
        post_logout_redirect_uris=[],
        scopes=SCOPES.split(),
        actor="console",
    )
    first = User.objects.with_email(address(0)).get()
    ServiceConsent.objects.create(user=first, client=Client.objects.get(client_id=CLIENT), scopes=SCOPES)
    company = Company.objects.get(memberships__user=first)
    for user in User.objects.filter(email__in=[address(person) for person in range(1, members)]):
        enrol(
            user=user,
            company=company,
            state=Membership.State.ACTIVE,
            roles=Role.SUBMITTER.value,
            active_from=clock.now(),
        )
    sys.stdout.write(secret)


def grow(users: int, companies: int, members: int) -> None:
    filled = STATEMENTS.read_text(encoding="utf-8").format(users=users, companies=companies, members=members)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in filled.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")  # or it would come while the grown database is measured


if __name__ == "__main__":
    sys.exit(main())
