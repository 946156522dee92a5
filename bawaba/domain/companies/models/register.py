"""What the trade register says of a company: imported from its list, or kept from an answer of its service."""

from django.db import models

from bawaba.infrastructure import clock


class RegisterEntry(models.Model):
    """`signatories` are keyed digests of civil numbers. `source` is `csv` or `http`."""

    cr_number = models.CharField(max_length=20, primary_key=True)
    name_ar = models.CharField(max_length=200, blank=True)
    name_en = models.CharField(max_length=200, blank=True)
    legal_form = models.CharField(max_length=20, blank=True)
    valid_to = models.DateField(null=True)
    joint_signature = models.BooleanField(default=False)
    signatories = models.JSONField(default=list)
    source = models.CharField(max_length=4)
    read_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "register entries"

    def __str__(self) -> str:
        return f"entry of the trade register from {self.read_at:%Y-%m-%d}"
