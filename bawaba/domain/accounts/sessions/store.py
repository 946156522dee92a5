"""Sessions as rows, each written as seldom as it can be: Django's own store writes a new one three times."""

import secrets
from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError

from bawaba.infrastructure import clock, sql

KEY_BYTES = 20


class SessionStore(db.SessionStore):
    """A new session is written when it is complete, not when its key is drawn; an unchanged one is left alone."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._is_new = False
        self._written: dict[str, Any] | None = None

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and no key, when there is none or its time is over."""
        row = sql.record(self.model, "session_key = %s AND expire_date > %s", self.session_key, clock.now())
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row.session_data)
        return held

    def create(self) -> None:
        """Draws a key. The row comes with the first `save`, which the middleware does at the latest."""
        self._session_key = self._get_new_session_key()
        self._is_new = True
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Raises `UpdateError` when the session was ended meanwhile."""
        if self.session_key is None:
            self.create()
        now = dict(self.items())
        if must_create or self._is_new:
            sql.insert(self.create_model_instance(now))
        elif self._written == now:
            return
        else:
            self._update(now)
        self._is_new = False
        self._written = deepcopy(now)

    def _update(self, now: dict[str, Any]) -> None:
        try:
            self.create_model_instance(now).save(force_update=True)
        except DatabaseError as error:
            raise UpdateError from error

    def _get_new_session_key(self) -> str:
        """Without a look into the database: 160 bits are not drawn twice, and the insertion would say so."""
        return secrets.token_hex(KEY_BYTES)
