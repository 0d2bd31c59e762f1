"""Groups that give nobody anything any more: marked, listed apart, each with why and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    ChangeMember,
    CreateGroup,
    DeactivateMember,
    On,
    RemoveClient,
    RemoveFromGroup,
    RemoveGrant,
    SetGrant,
)
from ringfence.core.terms import Instant, Level, group_subject
from tests.web.cast import CAI, FORTUNE, FORTUNE_VAT, VAT_GROUP, Cast, do, grouped
from tests.web.journeys.groups.changing import at
from tests.web.reading import link, names, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

team = group_subject(VAT_GROUP)


@pytest.fixture
def firm(cast: Cast) -> Cast:
    """Fortune 500's VAT in a group with Cai."""
    grouped(cast.firm)
    return cast


def idle(client: PageClient, cast: Cast) -> Any:
    return client.get(reverse("groups", args=[cast.firm]), {"show": "nothing"})


def test_a_group_that_gives_something_is_not_among_them(firm: Cast, owen: PageClient) -> None:
    response = idle(owen, firm)
    assert names(response) == []
    assert "Every access group gives its team members something." in text(response)


@pytest.mark.parametrize(
    ("command", "why", "remedy"),
    [
        (
            RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})),
            "There is no team member in it",
            "group-add-members",
        ),
        (DeactivateMember(member=CAI), "None of its team members is active any more", "group-add-members"),
        (
            ChangeMember(member=CAI, access=False),
            "None of its team members has the permission to use client records",
            "group-add-members",
        ),
        (
            RemoveGrant(to=(team,), on=On.engagement(FORTUNE_VAT)),
            "There is no client in it",
            "group-add-clients",
        ),
        (RemoveClient(client=FORTUNE), "The firm has no client any more", "group-add-clients"),
        (
            SetGrant(to=(team,), on=On.engagement(FORTUNE_VAT), level=Level.BLOCKED),
            "It only blocks",
            "group-blocked",
        ),
    ],
)
def test_each_reason_is_said_with_where_it_is_put_right(
    command: Any, why: str, remedy: str, firm: Cast, owen: PageClient
) -> None:
    do(firm.firm, command)
    response = idle(owen, firm)
    (name,) = names(response)
    assert name.startswith(f"VAT team Gives nothing {why}")
    words = {
        "group-add-members": "Add team members: VAT team",
        "group-add-clients": "Add clients: VAT team",
        "group-blocked": "See what it blocks: VAT team",
    }
    assert link(response, words[remedy]) == at(firm, remedy)
    assert why in text(owen.get(at(firm), follow=True))


def test_one_whose_grants_have_all_expired_is_said_to_be_that(firm: Cast, owen: PageClient) -> None:
    soon = Instant(firm_state(firm.firm).now + 1_000_000)
    do(firm.firm, SetGrant(to=(team,), on=On.engagement(FORTUNE_VAT), level=Level.EDITOR, expires=soon))
    with patch("ringfence.access.clock.clock", return_value=Instant(soon + 1)):
        response = idle(owen, firm)
        assert "All that it was given has expired" in names(response)[0]
        assert link(response, "Change the end: VAT team") == at(firm, "group-access")


def test_the_list_of_groups_says_how_many_there_are(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="Empty"))
    do(firm.firm, CreateGroup(name="Empty too"))
    response = owen.get(reverse("groups", args=[firm.firm]))
    assert "2 access groups give nobody anything." in text(response)
    assert names(owen.get(link(response, "Show which, and why"))) == names(idle(owen, firm))
    assert len(names(idle(owen, firm))) == 2


def test_a_group_with_two_reasons_says_both(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="Empty"))
    (name,) = names(idle(owen, firm))
    assert "There is no team member in it" in name
    assert "There is no client in it" in name


def test_an_auditor_reads_why_and_is_offered_no_remedy(firm: Cast, ada: PageClient) -> None:
    do(firm.firm, CreateGroup(name="Empty"))
    assert "There is no team member in it, so it gives nobody anything." in names(idle(ada, firm))[0]
    assert "Add team members" not in text(idle(ada, firm))
