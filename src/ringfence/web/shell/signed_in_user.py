"""The user of a session, as every page asks for them first."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from ringfence.firms.models import User

_READ = ("id", "password", "email", "name", "language", "is_active", "sessions_ended")
"""In the order of the model, as its making from a row wants them."""
_QUESTION = f"SELECT {', '.join(_READ)} FROM firms_user WHERE id = %s"


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """The library's, which has Django build the same question anew for each page."""

    def get_user(self, user_id: int) -> User | None:
        """The user, None for who may not sign in. What pages do not show is read where it is asked for."""
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, [user_id])
            found = cursor.fetchone()
        if found is None:
            return None
        user = User.from_db("default", _READ, found)
        # SQLite knows no truth values.
        user.is_active = bool(user.is_active)
        return user if self.user_can_authenticate(user) else None
