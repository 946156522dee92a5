"""The one table in which everything limited is counted."""

from django.db import models


class Counter(models.Model):
    """How often `name` happened to `key` since `starts_at`.

    `key` is a keyed digest, or `site` with a shard's number: no address stands here. Times are whole microseconds since
    1970, because the statement that spends does arithmetic on them and must be the same on both databases.
    `not_before` is 0 while no wait has begun.
    """

    pk = models.CompositePrimaryKey("key", "name")
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    starts_at = models.BigIntegerField()
    n = models.IntegerField()
    not_before = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["name", "starts_at"], name="counter_by_age")]

    def __str__(self) -> str:
        return f"{self.name} {self.n}"
