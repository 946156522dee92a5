"""Sessions as rows, each written as seldom as it can be: Django's own store writes a new one three times."""

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.utils.crypto import get_random_string

KEY_LENGTH = 32
KEY_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


class SessionStore(db.SessionStore):
    """A new session is written when it is complete, not when its key is drawn; an unchanged one is left alone."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._is_new = False
        self._written: dict[str, Any] | None = None

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
            self.create_model_instance(now).save(force_insert=True)
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
        """Without a look into the database: 165 bits are not drawn twice, and the insertion would say so."""
        return get_random_string(KEY_LENGTH, KEY_CHARACTERS)
