"""The services that may ask who is signed in, what each person agreed to, and each time a service was told."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import get_language
from oauth2_provider.models import AbstractApplication

from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.catalogue.models import Service, Status
from bawaba.domain.companies.models import Delegation, Membership
from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import table
from bawaba.web.oidc import signing

FAMILY_LIFE = timedelta(seconds=table.OIDC_FAMILY.value)


class Client(AbstractApplication):  # type: ignore[misc]  # the library has no types
    """A service that asks for sign-in. Its secret is stored as a digest: 256 random bits need no slow hash."""

    user = None  # the library's owner of a client: ours belong to the public body
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    owner_ar = models.CharField(max_length=120)
    owner_en = models.CharField(max_length=120)
    scopes = models.CharField(max_length=200)  # what it may ask for, joined by spaces

    class Meta(AbstractApplication.Meta):  # type: ignore[misc]  # the library has no types
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    client_type=AbstractApplication.CLIENT_CONFIDENTIAL,
                    authorization_grant_type=AbstractApplication.GRANT_AUTHORIZATION_CODE,
                    algorithm=signing.ALGORITHM,
                    skip_authorization=False,
                ),
                name="a_client_has_a_secret_and_reads_rs256",
            ),
        ]

    def __str__(self) -> str:
        return str(self.client_id)

    @property
    def title(self) -> str:
        """Its name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name_ar

    @property
    def owner(self) -> str:
        return self.owner_en if get_language() == "en" else self.owner_ar

    @cached_property
    def service(self) -> Service | None:
        """Its entry in the catalogue, as when first asked; a service that is still being connected has none."""
        return Service.objects.of_client(self.client_id).first()

    @property
    def jwk_key(self) -> object:
        """With what the library signs its ID tokens."""
        return signing.newest()

    def is_usable(self, request: object) -> bool:
        """Asked by the library at each request: a service taken out of the catalogue is refused at once."""
        return self.service is None or self.service.status != Status.WITHDRAWN

    def allowed(self, scopes: Iterable[str]) -> list[str]:
        """Those of the scopes that it may ask for, as of the moment this row was read."""
        assigned = self.scopes.split()
        return [name for name in scopes if name in assigned]

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Equal character by character. The library would take parts that mean the same."""
        return uri in self.redirect_uris.split()

    def post_logout_redirect_uri_allowed(self, uri: str) -> bool:
        return uri in self.post_logout_redirect_uris.split()


class ServiceConsentQuerySet(models.QuerySet["ServiceConsent"]):
    def of(self, user: User, client: Client) -> "ServiceConsentQuerySet":
        return self.filter(user=user, client=client)


class ServiceConsent(models.Model):
    """What a person lets a service learn: `scopes`, joined by spaces. One row for each service."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="service_consents")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    scopes = models.CharField(max_length=200)
    given_at = models.DateTimeField(default=clock.now)

    objects = ServiceConsentQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="one_consent_per_service")]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    def covers(self, scopes: tuple[str, ...]) -> bool:
        return set(scopes) <= set(self.scopes.split())


class AuthorizationQuerySet(models.QuerySet["Authorization"]):
    def over(self, before: datetime) -> "AuthorizationQuerySet":
        return self.filter(began_at__lte=before)


class Authorization(models.Model):
    """One time a service was told who is signed in: by whom, in which session, acting for whom.

    Its id is the family of the refresh tokens that come of it, so every token leads here. The code lies here as a
    digest and outlives its first use: the library forgets it and could not notice a second one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="authorizations")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="authorizations")
    session = models.ForeignKey(SessionRecord, on_delete=models.CASCADE, related_name="authorizations")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, null=True, related_name="+")
    code_digest = models.CharField(max_length=64, unique=True)
    proofs = models.CharField(max_length=60, blank=True)
    proven_at = models.DateTimeField()
    began_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AuthorizationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("user", "client", name="authorizations_of_user")]

    def __str__(self) -> str:
        return f"authorization {self.id}"
