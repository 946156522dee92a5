"""The catalogue of e-services: what stands behind the door, and what a service asks of who opens it."""

from django.db import models
from django.utils.translation import get_language

from bawaba.domain.accounts.models import Audience


class Status(models.TextChoices):
    OPEN = "open"
    CLOSED = "closed"  # for maintenance: shown with the text that says until when
    WITHDRAWN = "withdrawn"  # shown to nobody; kept for what refers to it


class ServiceQuerySet(models.QuerySet["Service"]):
    def shown(self, audience: str) -> "ServiceQuerySet":
        """Those that people of an audience see, in the operator's order."""
        return self.filter(audience=audience).exclude(status=Status.WITHDRAWN).order_by("order", "key")

    def of_client(self, client: str) -> "ServiceQuerySet":
        """The service that asks for sign-in under this client id: none or one."""
        return self.filter(client=client)


class Service(models.Model):
    """`link` is where the service begins; `client` its OIDC client id, when it asks the portal who signs in.

    `permission` is the value of a `companies.roles.Permission`; empty means that an account is enough.
    """

    key = models.SlugField(max_length=40, primary_key=True)
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    description_ar = models.CharField(max_length=300)
    description_en = models.CharField(max_length=300)
    icon = models.CharField(max_length=20)
    order = models.PositiveIntegerField()
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.ORGANIZATION)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    closed_ar = models.CharField(max_length=200, blank=True)
    closed_en = models.CharField(max_length=200, blank=True)
    permission = models.CharField(max_length=20, blank=True)
    verified_company = models.BooleanField(default=False)
    second_factor = models.BooleanField(default=False)
    delegable = models.BooleanField(default=False)
    link = models.URLField(max_length=300)
    client = models.CharField(max_length=100, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client"], condition=~models.Q(client=""), name="one_service_per_client"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def name(self) -> str:
        """In the language of the page."""
        return self.name_en if get_language() == "en" else self.name_ar

    @property
    def description(self) -> str:
        return self.description_en if get_language() == "en" else self.description_ar

    @property
    def closed_text(self) -> str:
        return self.closed_en if get_language() == "en" else self.closed_ar
