"""Who changed what, when and why: the reason in words, which the register of events must not hold."""

from django.db import models

from bawaba.domain.companies.models.company import Company
from bawaba.infrastructure import clock


class ChangeQuerySet(models.QuerySet["Change"]):
    def of(self, record: models.Model) -> "ChangeQuerySet":
        """Everything that happened to one record, oldest first."""
        return self.filter(record=record.pk).order_by("at", "id")


class Change(models.Model):
    """One change of a company or of a record of it. `event` is the name in the register of events."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="changes")
    record = models.UUIDField()
    event = models.CharField(max_length=40)
    state = models.CharField(max_length=10, blank=True)
    roles = models.CharField(max_length=60, blank=True)
    by = models.CharField(max_length=36, blank=True)
    by_officer = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(default=clock.now)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index("record", "at", name="change_of_record")]

    def __str__(self) -> str:
        return f"{self.event} of {self.record}"
