"""Sessions in the database. Where one cannot be written, the database is at fault and not the session."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.db import connection
from django.utils import timezone
from django.utils.crypto import get_random_string

_QUESTION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's, which takes every write that fails for a session that was deleted meanwhile."""

    def _get_session_from_db(self) -> object:
        """The row of a session that has not ended, asked for without Django's building of the question."""
        ends_after = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, [self.session_key, ends_after])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        return self.model(session_key=self.session_key or "", session_data=found[0])

    def _get_new_session_key(self) -> str:
        """One that nobody guesses: that it is new shows when its row is written, and another is made then."""
        return get_random_string(32, VALID_KEY_CHARS)

    def delete(self, session_key: str | None = None) -> None:
        """Remove its row, or another session's, whether it is there or not."""
        self.model.objects.filter(session_key=session_key or self.session_key).delete()

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
