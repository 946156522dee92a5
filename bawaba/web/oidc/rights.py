"""Whether what a service was told still holds. Read from the database at each call, never from a token."""

from django.db.models import Q
from oauth2_provider.models import AccessToken, RefreshToken

from bawaba.domain.catalogue.access import missing
from bawaba.web.oidc.models import FAMILY_LIFE as FAMILY_LIFE
from bawaba.web.oidc.models import Authorization
from bawaba.web.ui import acting
from bawaba.web.ui.acting import Acting

FADED = ("idle", "life")
"""Ends of a portal session that leave the services alone: nobody wished them."""


def acting_in(authorization: Authorization) -> Acting | None:
    """As whom the person went to the service, while that gives rights."""
    if authorization.membership_id is None:
        return None
    delegation = authorization.delegation_id
    return acting.find(
        authorization.user, str(authorization.membership_id), str(delegation) if delegation is not None else None
    )


def alive(authorization: Authorization) -> bool:
    """Account, session, service, membership and role: all must still let this person into this service."""
    session_stands = Q(session__ended_at=None) | Q(session__end_reason__in=FADED)
    if not Authorization.objects.alive().filter(session_stands, pk=authorization.pk).exists():
        return False
    service = authorization.client.service
    if service is None:
        return True
    standing = acting.standing_of(authorization.user, acting_in(authorization))
    return not missing(service, standing)


def behind(token: AccessToken) -> Authorization | None:
    """The authorisation from which an access token comes: its refresh token names the family."""
    family = RefreshToken.objects.filter(access_token=token).values("token_family")
    return Authorization.objects.filter(pk__in=family).select_related("user", "client").first()
