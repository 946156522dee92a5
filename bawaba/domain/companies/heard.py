"""What the records of people tell those of companies."""

from typing import Any
from uuid import UUID

from bawaba.domain.companies.actions import membership


def on_name_changed(user_id: UUID, search_key: str, **others: Any) -> None:
    membership.rename(user_id=user_id, search_key=search_key)
