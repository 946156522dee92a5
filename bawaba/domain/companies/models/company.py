"""The company: its numbers, names and legal form, and how far they are proven."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bawaba.identifiers.digits import clean_number
from bawaba.identifiers.kw import cr_match_key
from bawaba.identifiers.names import search_key
from bawaba.infrastructure import clock

SOON = timedelta(days=60)
"""How long before its last day a number of a company is called out."""


class LegalForm(models.Model):
    """A legal form of the law on companies (1/2016). Rows are data: the operator may change them."""

    code = models.CharField(max_length=20, primary_key=True)
    name_ar = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    abbreviation = models.CharField(max_length=12, blank=True)
    may_register = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.code

    def name(self, language: str) -> str:
        return self.name_ar if language == "ar" else self.name_en


class CompanyQuerySet(models.QuerySet["Company"]):
    def open(self) -> "CompanyQuerySet":
        """Those for which people may act."""
        return self.filter(state=Company.State.OPEN)

    def with_cr_number(self, cr_number: str) -> "CompanyQuerySet":
        """The company itself, not its branches, unless it is closed: none or one."""
        return self.with_cr_numbers([cr_number])

    def with_cr_numbers(self, cr_numbers: Iterable[str]) -> "CompanyQuerySet":
        """The same for many numbers."""
        return self.filter(cr_number__in=cr_numbers, kind=Company.Kind.COMPANY).exclude(state=Company.State.CLOSED)

    def matching(self, text: str) -> "CompanyQuerySet":
        """Those whose number is the text's, leading zeros aside, or whose name has all its words in any spelling."""
        number = clean_number(text)
        if number.isascii() and number.isdecimal():
            return self.filter(cr_match_key=cr_match_key(number))
        words = search_key(text).split()
        found = self if words else self.none()
        for word in words:
            found = found.filter(search_key__contains=word)
        return found

    def like(self, company: "Company") -> "CompanyQuerySet":
        """Others whose number differs only in leading zeros, or whose name is the same: hints for officers."""
        same = Q(cr_match_key=company.cr_match_key)
        if company.match_key:
            same |= Q(match_key=company.match_key)
        return self.filter(same).exclude(pk=company.pk).exclude(parent=company)

    def waiting_for_register(self) -> "CompanyQuerySet":
        return self.open().filter(register=Company.Register.WAITING)


class Company(models.Model):
    """A legal entity, or a branch of one with members of its own. A branch has the company's CR number.

    `status` says how far the facts are proven, `state` whether people may act for it, `register` what the trade
    register said. `roster` is raised by every change of members: the row it lies in is their lock.
    """

    class Kind(models.TextChoices):
        COMPANY = "company"
        BRANCH = "branch"

    class Status(models.TextChoices):
        DECLARED = "declared"
        VERIFIED = "verified"

    class State(models.TextChoices):
        OPEN = "open"
        SUSPENDED = "suspended"
        CLOSED = "closed"

    class Register(models.TextChoices):
        NOT_ASKED = "not_asked"
        WAITING = "waiting"
        FOUND = "found"
        ABSENT = "absent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.COMPANY)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="branches")
    cr_number = models.CharField(max_length=20)
    cr_match_key = models.CharField(max_length=20, db_index=True)
    name_ar = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    search_key = models.CharField(max_length=600, blank=True)
    match_key = models.CharField(max_length=600, blank=True, db_index=True)
    legal_form = models.ForeignKey(LegalForm, on_delete=models.PROTECT, null=True)
    joint_signature = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.DECLARED)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=36, blank=True)
    verified_how = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    register = models.CharField(max_length=10, choices=Register, default=Register.NOT_ASKED)
    register_asked_at = models.DateTimeField(null=True)
    roster = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cr_number"],
                condition=Q(kind="company") & ~Q(state="closed"),
                name="one_open_company_per_cr_number",
            ),
            models.UniqueConstraint(
                fields=["parent", "match_key"],
                condition=Q(kind="branch") & ~Q(state="closed"),
                name="one_open_branch_per_name",
            ),
            models.CheckConstraint(
                condition=Q(kind="company", parent=None) | Q(kind="branch", parent__isnull=False),
                name="a_branch_has_a_company",
            ),
        ]

    def __str__(self) -> str:
        return f"company {self.id}"

    @property
    def is_verified(self) -> bool:
        return self.status == self.Status.VERIFIED

    def name(self, language: str = "ar") -> str:
        """The name in a language, else the other one, else the CR number: the form of registration asks no name."""
        names = (self.name_ar, self.name_en) if language == "ar" else (self.name_en, self.name_ar)
        return names[0] or names[1] or self.cr_number


class IdentifierQuerySet(models.QuerySet["CompanyIdentifier"]):
    def expiring(self, until: date) -> "IdentifierQuerySet":
        """Those whose validity ends on a day or before it."""
        return self.filter(valid_to__lte=until)

    def to_remind_of(self) -> "IdentifierQuerySet":
        """Those that end soon and have not been spoken of yet, of companies that are open."""
        today = timezone.localdate(clock.now())
        soon = self.expiring(today + SOON).filter(valid_to__gte=today)
        return soon.filter(reminded_at=None, company__state=Company.State.OPEN)


class CompanyIdentifier(models.Model):
    """Another number of a company. What was verified says by whom and when."""

    class Type(models.TextChoices):
        LICENCE = "licence"
        UNIT_NUMBER = "unit_number"
        CIVIL_NUMBER = "civil_number"
        CENTRAL_NUMBER = "central_number"
        IMPORT_LICENCE = "import_licence"
        CHAMBER_MEMBERSHIP = "chamber_membership"
        CUSTOMS_CODE = "customs_code"
        SMART_LICENCE = "smart_licence"

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="identifiers")
    type = models.CharField(max_length=20, choices=Type)
    value = models.CharField(max_length=40)
    issuer = models.CharField(max_length=80, blank=True)
    valid_to = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verified_by = models.CharField(max_length=36, blank=True)

    objects = IdentifierQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company", "type", "value"], name="one_row_per_identifier")]

    def __str__(self) -> str:
        return f"{self.type} of company {self.company_id}"

    @property
    def type_name(self) -> str:
        """In the language of the page or message."""
        return str(TYPE_NAMES[self.Type(self.type)])


TYPE_NAMES = {
    CompanyIdentifier.Type.LICENCE: _("Commercial licence number"),
    CompanyIdentifier.Type.UNIT_NUMBER: _("Automated number of the address"),
    CompanyIdentifier.Type.CIVIL_NUMBER: _("Civil number of the entity"),
    CompanyIdentifier.Type.CENTRAL_NUMBER: _("Central number"),
    CompanyIdentifier.Type.IMPORT_LICENCE: _("Import licence"),
    CompanyIdentifier.Type.CHAMBER_MEMBERSHIP: _("Chamber of Commerce membership"),
    CompanyIdentifier.Type.CUSTOMS_CODE: _("Organisation code in the customs system"),
    CompanyIdentifier.Type.SMART_LICENCE: _("Unified smart licence"),
}
