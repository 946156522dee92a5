"""What the records of people tell the services' door."""

from typing import Any

from bawaba.domain.accounts.models import User
from bawaba.web.oidc import actions


def on_access_ended(user: User, reason: str, **others: Any) -> None:
    """Blocked, closed, another password, e-mail or factor: nothing that was granted before goes on."""
    actions.end_all(user=user, reason=reason)
    if reason == "closed":
        actions.forget(user=user)
