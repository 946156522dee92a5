"""Whether what a service was told still holds. Read from the database at each call, never from a token."""

from typing import Any

from oauth2_provider.models import AccessToken, RefreshToken

from bawaba.domain.catalogue.access import missing
from bawaba.infrastructure import clock
from bawaba.web.oidc.models import FAMILY_LIFE as FAMILY_LIFE
from bawaba.web.oidc.models import Authorization, Client
from bawaba.web.ui import acting
from bawaba.web.ui.acting import Acting

_HELD = "_bawaba_acting"
FADED = ("idle", "life")
"""Ends of a portal session that leave the services alone: nobody wished them."""


def acting_in(authorization: Authorization) -> Acting | None:
    """As whom the person went to the service, while that gives rights. Read once for each call of a service."""
    if not hasattr(authorization, _HELD):
        setattr(authorization, _HELD, _acting(authorization))
    held: Acting | None = getattr(authorization, _HELD)
    return held


def _acting(authorization: Authorization) -> Acting | None:
    if authorization.membership_id is None:
        return None
    delegation = authorization.delegation_id
    return acting.find(
        authorization.user, str(authorization.membership_id), str(delegation) if delegation is not None else None
    )


def alive(authorization: Authorization) -> bool:
    """Account, session, service, membership and role: all must still let this person into this service."""
    if not _stands(authorization):
        return False
    service = authorization.client.service
    if service is None:
        return authorization.delegation_id is None  # a delegation names services of the catalogue
    standing = acting.standing_of(authorization.user, acting_in(authorization))
    return not missing(service, standing)


def find(client: Client, **known: Any) -> Authorization | None:
    """An authorisation of this service, read at this moment with the person and the session: none or one."""
    found = Authorization.objects.filter(client=client, **known).select_related("user", "session").first()
    if found is not None:
        found.client = client  # which knows its entry in the catalogue already
    return found


def behind(token: AccessToken, client: Client) -> Authorization | None:
    """The authorisation from which an access token comes: its refresh token names the family."""
    return find(client, pk__in=RefreshToken.objects.filter(access_token=token).values("token_family"))


def _stands(authorization: Authorization) -> bool:
    """Not ended and within its twelve hours, the account open, the session as it was."""
    user, session = authorization.user, authorization.session
    return (
        authorization.ended_at is None
        and authorization.began_at > clock.now() - FAMILY_LIFE
        and user.is_active
        and user.closed_at is None
        and (session.ended_at is None or session.end_reason in FADED)
    )
