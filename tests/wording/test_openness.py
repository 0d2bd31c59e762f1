"""Who opens what while control is on, in a sentence for each setting that bears on it."""

from __future__ import annotations

import pytest

from ringfence.core.settings import PROFILES, Profile
from ringfence.wording import control_on, in_words_of

GIVEN = (
    "Once somebody was given access to {client}, alone or through {group}, only those who were given it can "
    "open it."
)
CLOSED = "Only those who were given access to {client}, alone or through {group}, can open it."
"""Where nobody opens what nobody was given."""


@pytest.mark.parametrize(
    ("profile", "client", "group", "more"),
    [
        ("agency", "a client", "an access group", ""),
        ("kyc", "a client relationship", "a group", ""),
        ("planning", "a client", "a team", " Administrators can open every client."),
        ("practice", "a client", "a team", " Whoever they delegate to can open it too."),
    ],
)
def test_who_opens_what_is_said_as_the_firm_has_it(
    profile: Profile, client: str, group: str, more: str
) -> None:
    settings = PROFILES[profile]
    with in_words_of(settings):
        given = CLOSED if settings.unassigned == "none" else GIVEN
        assert control_on(settings) == given.format(client=client, group=group) + more
