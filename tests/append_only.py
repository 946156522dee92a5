"""Lets a test that really commits empty its database afterwards: the register of events refuses to be emptied."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import sql

from bawaba.infrastructure.audit import append_only


@pytest.fixture(scope="session", autouse=True)
def emptied_register() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        original = sql.sql_flush

        def around(style: Any, connection: Any, **options: Any) -> list[str]:
            emptying = original(style, connection, **options)
            return [*append_only.unlock(connection.vendor), *emptying, *append_only.lock(connection.vendor)]

        patch.setattr("django.core.management.commands.flush.sql_flush", around)
        yield
