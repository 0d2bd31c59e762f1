"""What a new client starts with on the pages: the firm's policy, one's own list, and where each is from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import ChangeSettings, GrantTo, SetDefaults
from ringfence.core.terms import EVERYONE, Level, Subject, group_subject, member_subject
from tests.web.cast import CAI, DILYS, PLAIN, Cast, do, make_cast
from tests.web.reading import text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
NEW = PLAIN + 1
EVERYBODY = f"group-{EVERYONE}"


@pytest.fixture
def planning(db: None) -> Cast:
    """A planning subscription whose policy gives Everyone Reader; members may have lists of their own."""
    cast = make_cast("planning")
    do(cast.firm, ChangeSettings(values={"default_everyone": "reader", "personal_defaults": True}))
    return cast


@pytest.fixture
def susan(planning: Cast, signed_in: SignIn) -> PageClient:
    """Cai, who has entered a client up to the step on access."""
    client = signed_in(planning, "Cai")
    client.post(step(planning, ""), {"name": "New Ltd", "reference": "N-1", "kind": ""})
    client.post(step(planning, "-services"), {})
    return client


def step(cast: Cast, name: str) -> str:
    return reverse(f"add-client{name}", args=[cast.firm])


def starts_with(cast: Cast, client: PageClient) -> dict[Subject, Level]:
    """The grants of the client once it is added."""
    page = client.get(step(cast, "-check"))
    client.post(step(cast, "-check"), {"token": value(page, "token"), "version": value(page, "version")})
    return {held.subject: held.terms.level for held in firm_state(cast.firm).holders_of(NEW)}


def own_list(cast: Cast, *grants: GrantTo) -> None:
    do(cast.firm, SetDefaults(grants=grants, member=CAI))


def test_the_policy_is_listed_and_may_be_taken_off_before_the_client_is_added(
    planning: Cast, susan: PageClient
) -> None:
    shown = text(susan.get(step(planning, "-access")))
    assert "Everyone (built-in team) from your firm’s default permissions policy" in shown
    susan.post(step(planning, "-access"), {"given": EVERYBODY, "go": f"remove-{EVERYBODY}"})
    assert starts_with(planning, susan) == {member_subject(CAI): Level.OWNER}


def test_the_level_of_everyone_may_be_changed_before_the_client_is_added(
    planning: Cast, susan: PageClient
) -> None:
    form = {"given": EVERYBODY, f"level-{EVERYBODY}": "editor", "go": "continue"}
    susan.post(step(planning, "-access"), form)
    assert "chosen here, instead of: Reader" in text(susan.get(step(planning, "-check")))
    assert starts_with(planning, susan)[group_subject(EVERYONE)] is Level.EDITOR


def test_the_lists_own_level_wins_over_the_policys_and_says_so(planning: Cast, susan: PageClient) -> None:
    own_list(planning, GrantTo(to=group_subject(EVERYONE), level=Level.EDITOR))
    shown = text(susan.get(step(planning, "-access")))
    assert "from your own client permissions, instead of: Reader" in shown
    assert starts_with(planning, susan)[group_subject(EVERYONE)] is Level.EDITOR


def test_somebody_can_be_blocked_on_a_new_client(planning: Cast, susan: PageClient) -> None:
    dilys = f"member-{DILYS}"
    form = {"given": [EVERYBODY, dilys], f"level-{EVERYBODY}": "reader", f"level-{dilys}": "blocked"}
    susan.post(step(planning, "-access"), {**form, "go": "continue"})
    assert starts_with(planning, susan)[member_subject(DILYS)] is Level.BLOCKED


def test_the_defaults_can_be_taken_up_again(planning: Cast, susan: PageClient) -> None:
    susan.post(step(planning, "-access"), {"go": f"remove-{EVERYBODY}"})
    susan.post(step(planning, "-access"), {"go": "again"})
    assert starts_with(planning, susan)[group_subject(EVERYONE)] is Level.READER


def test_what_was_left_untouched_keeps_its_level_where_the_screens_show_one_choice(
    planning: Cast, susan: PageClient
) -> None:
    do(planning.firm, ChangeSettings(values={"levels": "single"}))
    page = susan.get(step(planning, "-access"))
    form = {"given": EVERYBODY, f"level-{EVERYBODY}": value(page, f"level-{EVERYBODY}"), "go": "continue"}
    susan.post(step(planning, "-access"), form)
    assert starts_with(planning, susan)[group_subject(EVERYONE)] is Level.READER


def test_everyone_is_offered_only_while_the_policy_gives_it_something(
    planning: Cast, susan: PageClient
) -> None:
    do(planning.firm, ChangeSettings(values={"default_everyone": "none"}))
    shown = text(susan.get(step(planning, "-access"), {"search": "everyone"}))
    assert "Give access Everyone" not in shown
