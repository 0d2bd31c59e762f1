"""The pages that turn access control on and off say who is told of it by mail, and where nobody is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.web.cast import Cast, grouped
from tests.web.reading import text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.mark.parametrize(
    ("sends", "said"),
    [(True, "All administrators are told by e-mail."), (False, "tell the other administrators yourself")],
)
def test_who_is_told_is_said_before_and_after(cast: Cast, owen: PageClient, sends: bool, said: str) -> None:
    with override_settings(SENDS_MAIL=sends):
        before = [owen.get(reverse("turn-on", args=[cast.firm]))]
        grouped(cast.firm)
        before.append(owen.get(reverse("turn-off", args=[cast.firm])))
        after = owen.get(reverse("turned-on", args=[cast.firm]))
    assert all(said in text(page) for page in (*before, after))


@pytest.mark.parametrize("sends", [True, False])
def test_a_preview_of_self_access_says_who_is_told(cast: Cast, owen: PageClient, sends: bool) -> None:
    grouped(cast.firm)
    with override_settings(SENDS_MAIL=sends):
        shown = text(owen.get(reverse("confirm-turn-off", args=[cast.firm])))
    assert ("the other administrators are told by e-mail" in shown) is sends
    assert "It is marked in the ledger" in shown
