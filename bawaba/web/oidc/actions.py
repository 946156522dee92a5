"""What may happen to clients, consents and authorisations."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from oauth2_provider.models import AccessToken, Grant, IDToken, RefreshToken, clear_expired

from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue.access import Missing
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.refusals import is_loopback
from bawaba.web.oidc import signing
from bawaba.web.oidc.claims import SCOPES
from bawaba.web.oidc.models import FAMILY_LIFE, Authorization, Client, ServiceConsent


class UnfitClient(Exception):
    """A client that cannot be registered: `field` and, in plain words, `reason`."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def digest(text: str) -> str:
    """Of a secret or a code: 256 random bits need neither salt nor slowness."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def add_client(
    *,
    client_id: str,
    names: tuple[str, str],
    owners: tuple[str, str],
    redirect_uris: list[str],
    post_logout_redirect_uris: list[str],
    scopes: Iterable[str],
    actor: str,
) -> str:
    """Lets a service ask who is signed in, and for these scopes beside `openid`. Returns its secret, once.

    Names and owners are given in Arabic and English.
    """
    if not client_id.isascii() or not client_id.replace("-", "").isalnum() or len(client_id) > 40:
        raise UnfitClient("client", "letters a-z, digits and hyphens, at most 40")
    if sum(map(str.isdigit, client_id)) > 6:
        raise UnfitClient("client", "at most six digits: it stands in the register of events")
    if Client.objects.filter(client_id=client_id).exists():
        raise UnfitClient("client", "there is one with this name")
    if not redirect_uris:
        raise UnfitClient("redirect", "at least one address")
    for field, uris in (
        ("redirect", redirect_uris),
        ("post-logout", post_logout_redirect_uris),
    ):
        for uri in uris:
            _check_uri(field, uri)
    secret = secrets.token_urlsafe(32)
    Client.objects.create(
        client_id=client_id,
        name=names[1],
        name_ar=names[0],
        name_en=names[1],
        owner_ar=owners[0],
        owner_en=owners[1],
        redirect_uris=" ".join(redirect_uris),
        post_logout_redirect_uris=" ".join(post_logout_redirect_uris),
        scopes=_together(scopes),
        client_type=Client.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Client.GRANT_AUTHORIZATION_CODE,
        algorithm=signing.ALGORITHM,
        client_secret=digest(secret),
        hash_client_secret=False,  # it is a digest already; the library would take a slow one at each call
    )
    record(EventType.OIDC_CLIENT_ADDED, subject=client_id, actor=actor, client=client_id)
    return secret


@transaction.atomic
def assign_scopes(*, client: Client, scopes: Iterable[str], actor: str) -> str:
    """Makes these, beside `openid`, all that the service may ask for. Returns them, joined by spaces.

    What is taken away is gone at the service's next call and from what people agreed to: back again, it is asked for.
    """
    together = _together(scopes)
    if Client.objects.filter(pk=client.pk).exclude(scopes=together).update(scopes=together):
        _narrow_consents(client, together.split())
        dotted = together.replace(" ", ".")
        record(
            EventType.OIDC_CLIENT_CHANGED,
            subject=client.client_id,
            actor=actor,
            client=client.client_id,
            field="scopes",
            scope=dotted,
        )
    return together


def _narrow_consents(client: Client, assigned: list[str]) -> None:
    """By what they cover: many people have agreed, to few different things."""
    consents = ServiceConsent.objects.filter(client=client)
    for covered in consents.order_by().values_list("scopes", flat=True).distinct():
        kept = " ".join(name for name in covered.split() if name in assigned)
        consents.filter(scopes=covered).update(scopes=kept)


def _together(scopes: Iterable[str]) -> str:
    wanted = {"openid", *scopes}
    if not wanted <= set(SCOPES):
        raise UnfitClient("scope", f"of {' '.join(SCOPES)}")
    return " ".join(name for name in SCOPES if name in wanted)


def _check_uri(field: str, uri: str) -> None:
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise UnfitClient(field, str(error)) from None
    plain_http = settings.BAWABA.demo and parts.scheme == "http" and is_loopback(parts.hostname or "")
    if not uri.isascii() or not uri.isprintable() or " " in uri or "\\" in uri or "*" in uri:
        raise UnfitClient(field, "plain ASCII without spaces, backslashes and asterisks")
    if parts.scheme != "https" and not plain_http:
        raise UnfitClient(field, "must begin with https://")
    if not parts.hostname or "@" in parts.netloc or "#" in uri:
        raise UnfitClient(field, "a whole address without user name and fragment")


@transaction.atomic
def rotate_secret(*, client: Client, actor: str) -> str:
    """Another secret; the old one ends in the same moment. Returned once."""
    secret = secrets.token_urlsafe(32)
    Client.objects.filter(pk=client.pk).update(client_secret=digest(secret))
    record(EventType.OIDC_SECRET_CHANGED, subject=client.client_id, actor=actor, client=client.client_id)
    return secret


@transaction.atomic
def remove_client(*, client: Client, actor: str) -> None:
    """The service may ask no more; its tokens and the consents to it go."""
    record(EventType.OIDC_CLIENT_REMOVED, subject=client.client_id, actor=actor, client=client.client_id)
    client.delete()


@transaction.atomic
def agree(*, user: User, client: Client, scopes: tuple[str, ...]) -> None:
    """Remembers what this person lets the service learn, beside what was agreed to before."""
    row, new = ServiceConsent.objects.get_or_create(user=user, client=client, defaults={"scopes": " ".join(scopes)})
    if not new:
        together = dict.fromkeys((*row.scopes.split(), *scopes))
        ServiceConsent.objects.filter(pk=row.pk).update(scopes=" ".join(together), given_at=clock.now())
    record(
        EventType.CONSENT_GIVEN, subject=str(user.pk), actor=str(user.pk), document="service", client=client.client_id
    )


@transaction.atomic
def withdraw(*, user: User, client: Client) -> bool:
    """Takes the consent back: every token of the service for this person ends with it. False when there was none."""
    if not ServiceConsent.objects.of(user, client).delete()[0]:
        return False
    record(
        EventType.CONSENT_WITHDRAWN,
        subject=str(user.pk),
        actor=str(user.pk),
        document="service",
        client=client.client_id,
    )
    _end(Authorization.objects.filter(user=user, client=client), user=user, reason="withdrawn")
    return True


def _note_consent(event: EventType, user: User, client: Client) -> None:
    record(event, subject=str(user.pk), actor=str(user.pk), document="service", client=client.client_id)


@transaction.atomic
def authorize(*, authorization: Authorization, code: str, scopes: list[str]) -> None:
    """Notes that a service will be told, beside the library's row of the code."""
    authorization.code_digest = digest(code)
    authorization.save(force_insert=True)
    record(
        EventType.OIDC_AUTHORIZED,
        subject=str(authorization.user_id),
        actor=str(authorization.user_id),
        client=authorization.client.client_id,
        scope=".".join(scopes),
        session=str(authorization.session_id),
    )


@transaction.atomic
def refuse_person(*, user: str, service: str, lack: Missing) -> None:
    """Notes that a signed-in person was not let into a service."""
    record(EventType.SERVICE_REFUSED, subject=user, actor=user, service=service, reason=lack.value)


@transaction.atomic
def refuse_client(*, client: str, reason: str, actor: str = "") -> None:
    """Notes that a service got nothing: a wrong secret, or the person did not agree."""
    record(EventType.OIDC_REFUSED, subject=client, actor=actor, client=client, reason=reason)


def claim_code(authorization: Authorization) -> bool:
    """Uses the code up, in the caller's transaction. Of exchanges at the same moment one gets True."""
    return Authorization.objects.filter(pk=authorization.pk, used_at=None).update(used_at=clock.now()) == 1


def claim_refresh_token(row: RefreshToken) -> bool:
    """The same for a refresh token; its access token ends with it."""
    if RefreshToken.objects.filter(pk=row.pk, revoked=None).update(revoked=clock.now()) != 1:
        return False
    AccessToken.objects.filter(refresh_token=row).delete()
    return True


def note_issued(authorization: Authorization, method: str) -> None:
    """In the transaction that made the tokens."""
    record(
        EventType.OIDC_TOKEN_ISSUED,
        subject=str(authorization.user_id),
        client=authorization.client.client_id,
        method=method,
    )


@transaction.atomic
def end_reused(*, authorization: Authorization, what: EventType) -> None:
    """A code or a refresh token came a second time: somebody copied it, so everything that came of it ends."""
    record(what, subject=str(authorization.user_id), client=authorization.client.client_id)
    _end(Authorization.objects.filter(pk=authorization.pk), user=authorization.user, reason="reused")


@transaction.atomic
def end_all(*, user: User, reason: str) -> None:
    """Ends everything that services were granted for a person."""
    _end(Authorization.objects.filter(user=user), user=user, reason=reason)


def forget(*, user: User) -> None:
    """Erases the consents of a closed account."""
    ServiceConsent.objects.filter(user=user).delete()


def _end(authorizations: QuerySet[Authorization], *, user: User, reason: str) -> None:
    """The mark on the authorisation decides: a token that a parallel request is about to write is dead as well."""
    running = authorizations.filter(ended_at=None)
    found = list(running.values_list("pk", "client__client_id", "client_id"))
    if not found:
        return
    running.update(ended_at=clock.now())
    families = [pk for pk, _, _ in found]
    tokens = RefreshToken.objects.filter(token_family__in=families)
    AccessToken.objects.filter(pk__in=tokens.values("access_token_id")).delete()
    tokens.filter(revoked=None).update(revoked=clock.now())
    for client_id, client_pk in {(name, pk) for _, name, pk in found}:
        Grant.objects.filter(user=user, application_id=client_pk).delete()
        IDToken.objects.filter(user=user, application_id=client_pk, access_token=None).delete()
        rows = sum(1 for _, name, _ in found if name == client_id)
        record(EventType.OIDC_TOKENS_REVOKED, subject=str(user.pk), client=client_id, reason=reason, rows=rows)


def purge() -> int:
    """Erases what nobody can use any more: codes, tokens, authorisations a day past their life. Returns the rows."""
    clear_expired()
    over = Authorization.objects.over(clock.now() - FAMILY_LIFE - timedelta(days=1))
    return over.delete()[0]
