"""Pages that come over a slow line: what is drawn stays where it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.office import ACE, BETH
from tests.browser.people import Person
from tests.browser.serving import Instance
from tests.browser.walking import STANDING

pytestmark = pytest.mark.database

BYTES_A_SECOND = 4_000
"""A list of fifty rows takes a second or two, in which what is there of it could be drawn."""


def test_a_list_that_comes_slowly_is_drawn_once_and_whole(
    person: Callable[..., Person], served: Instance
) -> None:
    firm = next(f"/firms/{each['firm']}" for each in served.ask("firm", "list") if each["name"] == ACE)
    beth = person(BETH)
    # What all pages share is kept by the browser from now on.
    beth.open(f"{firm}/manage")
    line = {"offline": False, "latency": 20, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": -1}
    beth.context.new_cdp_session(beth.page).send("Network.emulateNetworkConditions", line)
    beth.open(f"{firm}/clients")
    assert beth.page.evaluate(STANDING)["moved"] == 0
