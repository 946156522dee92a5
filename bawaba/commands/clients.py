"""`bawaba clients`: the services that may ask who is signed in. Secrets are made here and shown once."""

import argparse
import sys

from django.conf import settings

from bawaba.web.oidc import actions
from bawaba.web.oidc.actions import UnfitClient
from bawaba.web.oidc.claims import SCOPES
from bawaba.web.oidc.models import Client

ACTOR = "console"
SCOPE = f"what it may ask for beside openid, of {' '.join(SCOPES)}"


def main(arguments: list[str]) -> int:
    """Exit code 0, 1 for a client that is not here, 2 for one that cannot be registered."""
    options = _parser().parse_args(arguments)
    if options.verb == "list":
        return show()
    if options.verb == "add":
        return add(options)
    client = Client.objects.filter(client_id=options.client).first()
    if client is None:
        print(f"No client is called {options.client}.", file=sys.stderr)
        return 1
    if options.verb == "scopes":
        return assign(client, options.scope)
    return rotate(client) if options.verb == "rotate-secret" else remove(client)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bawaba clients", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="all clients, their addresses and their services")
    add = verbs.add_parser("add", help="register a service; prints its secret once")
    add.add_argument("client", help="its id: letters, digits and hyphens; the catalogue names it as client")
    add.add_argument("--name-ar", required=True, help="what people read on the page that asks them, in Arabic")
    add.add_argument("--name-en", required=True, help="the same in English")
    add.add_argument("--owner-ar", default=settings.BAWABA.operator_name_ar, help="who runs it, if not the public body")
    add.add_argument("--owner-en", default=settings.BAWABA.operator_name_en, help="the same in English")
    add.add_argument("--redirect", action="append", default=[], help="address that receives codes; may be repeated")
    add.add_argument("--post-logout", action="append", default=[], help="address after signing out; may be repeated")
    add.add_argument("--scope", action="append", default=[], help=f"{SCOPE}; may be repeated")
    scopes = verbs.add_parser("scopes", help="make these all that it may ask for, at once")
    scopes.add_argument("client")
    scopes.add_argument("scope", nargs="*", help=SCOPE)
    for verb, text in (
        ("rotate-secret", "make another secret; the old one ends at once"),
        ("remove", "end its tokens and everybody's consent to it"),
    ):
        verbs.add_parser(verb, help=text).add_argument("client")
    return parser


def show() -> int:
    for client in Client.objects.order_by("client_id"):
        service = client.service
        print(f"{client.client_id}  {client.name_en}  {service.key if service else 'not in the catalogue'}")
        print(f"    may ask for {client.scopes}")
        for uri in client.redirect_uris.split():
            print(f"    {uri}")
    return 0


def add(options: argparse.Namespace) -> int:
    try:
        secret = actions.add_client(
            client_id=options.client,
            names=(options.name_ar, options.name_en),
            owners=(options.owner_ar, options.owner_en),
            redirect_uris=options.redirect,
            post_logout_redirect_uris=options.post_logout,
            scopes=options.scope,
            actor=ACTOR,
        )
    except UnfitClient as unfit:
        return _refused(unfit)
    _show_secret(options.client, secret)
    return 0


def assign(client: Client, scopes: list[str]) -> int:
    try:
        together = actions.assign_scopes(client=client, scopes=scopes, actor=ACTOR)
    except UnfitClient as unfit:
        return _refused(unfit)
    print(f"{client.client_id} may ask for {together}; before it was {client.scopes}.")
    return 0


def _refused(unfit: UnfitClient) -> int:
    print(f"{unfit.field}: {unfit.reason}", file=sys.stderr)
    return 2


def rotate(client: Client) -> int:
    _show_secret(client.client_id, actions.rotate_secret(client=client, actor=ACTOR))
    return 0


def remove(client: Client) -> int:
    actions.remove_client(client=client, actor=ACTOR)
    print(f"{client.client_id} may ask no more.")
    return 0


def _show_secret(client_id: str, secret: str) -> None:
    print(f"issuer         {settings.BAWABA.origin}")
    print(f"client_id      {client_id}")
    print(f"client_secret  {secret}")
    print("The secret is shown this once. Hand it over in a way that nobody else reads.")
