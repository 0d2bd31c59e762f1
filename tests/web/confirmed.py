"""How long ago the user of a browser last showed that it is them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.checks import PageClient

QUARTER = 15 * 60
"""Seconds for which that is good."""


def confirmed_ago(client: PageClient, seconds: float = QUARTER + 1) -> None:
    """Let so many seconds pass since, without anything else growing older."""
    session = client.session
    before = session["account_authentication_methods"]
    session["account_authentication_methods"] = [{**each, "at": time.time() - seconds} for each in before]
    session.save()
