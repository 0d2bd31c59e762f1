"""What a request is refused with: a status, and a sentence that says what to do. Never a decision."""

from collections.abc import Sequence
from http import HTTPStatus

from ringfence.store.moved import FirmMoved


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


def moved_away(moved: FirmMoved) -> NotAnswered:
    """421: the firm is in another database of the deployment."""
    where = moved.address or f"the address of {moved.name}, which whoever runs Ringfence knows"
    return NotAnswered(
        HTTPStatus.MISDIRECTED_REQUEST,
        f"The firm of this token has moved. Ask at {where}, with the same token.",
    )


def unavailable(text: str, seconds: int = 1) -> NotAnswered:
    """503: no answer can be given now; asking again may help."""
    return NotAnswered(HTTPStatus.SERVICE_UNAVAILABLE, text, [("Retry-After", str(seconds))])
