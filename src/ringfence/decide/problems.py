"""What a request is refused with: a status, and a sentence that says what to do. Never a decision."""

from collections.abc import Sequence
from http import HTTPStatus


class NotAnswered(Exception):
    """The request is not answered. `text` is for whoever wrote the software that asks."""

    def __init__(self, status: HTTPStatus, text: str, headers: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = list(headers)


def unfit(text: str) -> NotAnswered:
    """400: the request itself is wrong."""
    return NotAnswered(HTTPStatus.BAD_REQUEST, text)


def unauthorised(text: str) -> NotAnswered:
    """401: there is no token, or none that is taken here."""
    return NotAnswered(
        HTTPStatus.UNAUTHORIZED,
        text,
        [("WWW-Authenticate", 'Bearer realm="ringfence", error="invalid_token"')],
    )


def lacks(scope: str) -> NotAnswered:
    """403: the token stands, and is for something else."""
    return NotAnswered(
        HTTPStatus.FORBIDDEN,
        f"The token lacks the scope {scope}. Have an administrator make one that has it.",
        [("WWW-Authenticate", f'Bearer realm="ringfence", error="insufficient_scope", scope="{scope}"')],
    )


def unavailable(text: str, seconds: int = 1) -> NotAnswered:
    """503: no answer can be given now; asking again may help."""
    return NotAnswered(HTTPStatus.SERVICE_UNAVAILABLE, text, [("Retry-After", str(seconds))])
