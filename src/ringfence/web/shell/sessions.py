"""Sessions in the database. Where one cannot be written, the database is at fault and not the session."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError


class SessionStore(db.SessionStore):
    """Django's, which takes every write that fails for a session that was deleted meanwhile."""

    def save(self, must_create: bool = False) -> None:
        """Write it. Raises `UpdateError` where it is gone, `DatabaseError` where it cannot be written."""
        try:
            super().save(must_create)
        except UpdateError as error:
            told = error.__context__
            # The driver is behind what the database says, and behind nothing else.
            if told is not None and told.__cause__ is not None:
                raise told from told.__cause__
            raise
