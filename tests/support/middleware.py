"""The middleware of Django's test clients: made once for all of them, as a server makes it for all requests.

Each client would make its own, and look for every static file again. Not here: what clients check.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def middleware_is_made_once() -> Iterator[None]:
    """Until a setting changes, of which middleware may keep something."""
    if not settings.configured or "django.db" not in sys.modules:
        yield
        return
    from django.core.signals import setting_changed
    from django.test.client import ClientHandler

    made: dict[str, Any] = {}
    make = ClientHandler.load_middleware

    def forget(**_changed: object) -> None:
        made.clear()

    def share(handler: ClientHandler, is_async: bool = False) -> None:
        if not made:
            before = set(vars(handler))
            make(handler, is_async)
            made.update({name: value for name, value in vars(handler).items() if name not in before})
        vars(handler).update(made)

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ClientHandler, "load_middleware", share)
        yield
    setting_changed.disconnect(forget)
