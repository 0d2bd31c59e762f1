"""The raw server's empty answer: what the rate of decisions is measured against."""

from collections.abc import Iterable
from typing import Any

HEADERS = [("Content-Type", "application/json")]
BODY = b'{"decision":true}'


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Hears the body and says the same to everybody."""
    environ["wsgi.input"].read()
    start_response("200 OK", HEADERS)
    return [BODY]
