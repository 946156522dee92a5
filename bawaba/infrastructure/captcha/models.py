"""What must be remembered of a human check: only that an answer was given."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import models


class UsedAnswers(models.QuerySet["UsedAnswer"]):
    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class UsedAnswer(models.Model):
    """A picture or proof of work that was answered, rightly or not. Kept until the challenge expires by itself."""

    challenge = models.CharField(max_length=64, primary_key=True)  # SHA-256 of what the browser was given
    expires_at = models.DateTimeField(db_index=True)

    objects: ClassVar[UsedAnswers] = UsedAnswers.as_manager()  # type: ignore[assignment]  # the stubs type the manager

    class Meta:
        db_table = "captcha_used_answer"

    def __str__(self) -> str:
        return self.challenge
