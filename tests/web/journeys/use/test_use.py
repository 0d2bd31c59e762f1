"""Use of access: what nobody used is found by who reads the control side, and put right after its preview."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import Actor, execute, firm_state, open_record
from ringfence.access.clock import clock
from ringfence.access.past import states
from ringfence.core.commands.definitions import (
    AddMember,
    ChangeClient,
    ChangeSettings,
    CreateGroup,
    DeactivateMember,
    On,
    RaiseWall,
    SetDelegation,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Instant, Level, Role, Target, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.web.previews.agreed import AGREED
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, VAT, Cast, do
from tests.web.reading import heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 24 * 3600 * 1_000_000


class Passing:
    """Lets days pass for the firm."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch, self._days = patch, 0

    def __call__(self, days: int) -> None:
        self._days += days
        ahead = self._days * DAY
        self._patch.setattr("ringfence.access.clock.clock", lambda: Instant(clock() + ahead))


@pytest.fixture
def pass_days(monkeypatch: pytest.MonkeyPatch) -> Passing:
    return Passing(monkeypatch)


@pytest.fixture
def controlled(cast: Cast) -> Cast:
    """Control is on; Cai owns Fortune 500 and Baker & Sons, Dilys edits Fortune 500."""
    do(cast.firm, TurnOn())
    give(cast, CAI, FORTUNE, BAKER, level=Level.OWNER)
    give(cast, DILYS, FORTUNE)
    return cast


def give(cast: Cast, member: int, *clients: int, level: Level = Level.EDITOR) -> None:
    do(cast.firm, SetGrant(to=(member_subject(member),), on=On.client(*clients), level=level))


def opens(cast: Cast, member: int, client: int) -> None:
    open_record(firm_state(cast.firm), member=member, client=client)


def at(cast: Cast, route: str, *args: object) -> str:
    return reverse(route, args=[cast.firm, *args])


def level(cast: Cast, member: int, client: int) -> Level:
    return firm_state(cast.firm).grants_of(member_subject(member)).level_on(Target("client", client))


def test_every_report_on_use_is_counted_and_says_since_when_use_is_known(
    controlled: Cast, ada: PageClient, pass_days: Passing
) -> None:
    pass_days(100)
    opens(controlled, CAI, FORTUNE)
    shown = text(ada.get(at(controlled, "use")))
    assert "that nobody who has it used since. 2 permissions" in shown
    assert "by which nobody did more than read in 90 days. 1 permission" in shown
    assert "Records opened in Ringfence are known since" in shown
    assert "What your other software let people do is not logged" in shown


def test_a_firm_younger_than_the_days_says_that_nothing_can_be_said(
    controlled: Cast, owen: PageClient
) -> None:
    shown = text(owen.get(at(controlled, "use")))
    assert "Your firm is younger than 90 days" in shown
    assert "0 permissions" in shown


def test_groups_of_nobody_are_found_in_a_young_firm_too(controlled: Cast, owen: PageClient) -> None:
    assert "is younger than 90 days" in text(owen.get(at(controlled, "use-unused", 90)))
    assert "is younger than" not in text(owen.get(at(controlled, "use-groups", 90)))


@pytest.mark.parametrize("days", ["0", "1097", "many", ""])
def test_days_that_cannot_be_say_what_to_enter(controlled: Cast, owen: PageClient, days: str) -> None:
    response = owen.get(at(controlled, "use"), {"days": days})
    assert "Enter a number of days from 1 to 1,096" in text(response)


def test_access_that_is_younger_than_the_days_is_not_unused(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    pass_days(100)
    give(controlled, DILYS, BAKER)
    shown = text(owen.get(at(controlled, "use-of-one", 90, "unused", "member", DILYS)))
    assert "Fortune 500" in shown
    assert "Baker & Sons" not in shown


def test_what_one_holder_did_not_use_is_ticked_previewed_and_removed(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    pass_days(100)
    opens(controlled, CAI, FORTUNE)
    listed = text(owen.get(at(controlled, "use-unused", 90)))
    assert "Cai 1 client Look at these" in listed
    one = at(controlled, "use-of-one", 90, "unused", "member", CAI)
    assert "Baker & Sons" in text(owen.get(one))
    asked = owen.post(one, {"go": "continue", "shown": [BAKER], "tick": [BAKER]}, follow=True)
    assert heading(asked) == "Remove access that nobody used"
    assert "Cai" in text(asked)
    assert level(controlled, CAI, BAKER) is Level.OWNER
    answer = {"answer": "yes", "version": value(asked, "version"), AGREED: value(asked, AGREED)}
    done = owen.post(at(controlled, "use-check", 90, "unused", "member", CAI), answer, follow=True)
    assert heading(done) == "Access nobody used"
    assert level(controlled, CAI, BAKER) is Level.NONE
    assert level(controlled, CAI, FORTUNE) is Level.OWNER


def test_an_owner_who_only_read_is_lowered_and_keeps_the_end_of_the_access(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    ends = Instant(clock() + 300 * DAY)
    on = On.client(FORTUNE)
    do(controlled.firm, SetGrant(to=(member_subject(CAI),), on=on, level=Level.OWNER, expires=ends))
    pass_days(100)
    opens(controlled, CAI, FORTUNE)
    opens(controlled, CAI, BAKER)
    one = at(controlled, "use-of-one", 90, "reading", "member", CAI)
    ticks = {"go": "continue", "shown": [FORTUNE, BAKER], "tick": [FORTUNE, BAKER]}
    asked = owen.post(one, ticks, follow=True)
    assert heading(asked) == "Lower owners to “Can view only”"
    answer = {"answer": "yes", "version": value(asked, "version"), AGREED: value(asked, AGREED)}
    owen.post(at(controlled, "use-check", 90, "reading", "member", CAI), answer)
    held = firm_state(controlled.firm).grants_of(member_subject(CAI))
    terms = [held.grant_on(Target("client", each)) for each in (FORTUNE, BAKER)]
    assert [each and (each.level, each.expires) for each in terms] == [
        (Level.READER, ends),
        (Level.READER, None),
    ]


def test_an_owner_who_changed_something_is_not_asked_to_be_less(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    pass_days(100)
    opens(controlled, CAI, FORTUNE)
    execute(controlled.firm, ChangeClient(client=FORTUNE, name="Fortune 501"), actor=Actor(CAI))
    assert "Nothing to put right" in text(owen.get(at(controlled, "use-reading", 90)))


def test_a_groups_access_to_a_service_is_put_right_as_a_whole(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    do(controlled.firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.service(VAT)))
    group = max(firm_state(controlled.firm).groups)
    pass_days(100)
    one = at(controlled, "use-of-one", 90, "unused", "group", group)
    assert "Remove the access to all clients with the service VAT" in text(owen.get(one))
    asked = owen.get(at(controlled, "use-wide", 90, "unused", "group", group, VAT))
    answer = {"answer": "yes", "version": value(asked, "version"), AGREED: value(asked, AGREED)}
    owen.post(at(controlled, "use-wide", 90, "unused", "group", group, VAT), answer)
    assert not firm_state(controlled.firm).grants_of(group_subject(group)).services


def test_groups_of_nobody_are_deleted_all_at_once(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    do(controlled.firm, CreateGroup(name="Left", members=frozenset({DILYS})))
    do(controlled.firm, CreateGroup(name="Empty"))
    do(controlled.firm, DeactivateMember(member=DILYS))
    pass_days(100)
    listed = text(owen.get(at(controlled, "use-groups", 90)))
    assert "1 deactivated team member in it" in listed
    address = at(controlled, "use-groups-delete", 90)
    asked = owen.get(address)
    answer = {"answer": "yes", "version": value(asked, "version"), AGREED: value(asked, AGREED)}
    done = owen.post(address, answer, follow=True)
    assert "2 access groups were deleted." in text(done)
    assert set(firm_state(controlled.firm).groups) == {1}


def test_clients_of_one_holder_who_is_away_are_shared_by_the_wizard(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    pass_days(20)
    opens(controlled, DILYS, FORTUNE)
    listed = text(owen.get(at(controlled, "use-away", 14)))
    assert "Baker & Sons" in listed
    assert "Fortune 500" not in listed
    assert "Never seen" in listed
    assert "Share this client with others" in listed
    begun = owen.post(at(controlled, "use-away-share", 14), follow=True)
    assert "Selected: 1 client. Say who is to be given access." in text(begun)
    assert heading(begun) == heading(owen.get(at(controlled, "wizard-who")))


def test_who_may_share_none_of_the_clients_is_told_so(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    pass_days(20)
    sides = (Side(members=frozenset({OWEN})), Side(clients=frozenset({BAKER})))
    do(controlled.firm, AddMember(name="Petra", role=Role.ADMINISTRATOR))
    do(controlled.firm, RaiseWall(name="Merger Q", sides=sides))
    now = firm_state(controlled.firm)
    assert now.knows(OWEN, BAKER)
    assert BAKER not in now.shareable(OWEN)
    told = owen.post(at(controlled, "use-away-share", 14), follow=True)
    assert heading(told) == "One holder, who is away"
    assert "None of these clients is yours to share" in text(told)


def test_a_holder_whom_the_firm_saw_is_not_away(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    pass_days(20)
    opens(controlled, CAI, FORTUNE)
    assert "Baker & Sons" not in text(owen.get(at(controlled, "use-away", 14)))


def test_a_client_that_a_deactivated_member_alone_would_open_is_listed_with_them(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    do(controlled.firm, DeactivateMember(member=CAI))
    listed = text(owen.get(at(controlled, "use-away", 14)))
    assert "Baker & Sons" in listed
    assert "Cai Deactivated" in listed


def test_delegations_never_used_are_ended_all_at_once(
    controlled: Cast, owen: PageClient, pass_days: Passing
) -> None:
    do(controlled.firm, ChangeSettings(values={"delegation": True}))
    do(controlled.firm, SetDelegation(delegator=CAI, delegate=DILYS))
    do(controlled.firm, SetDelegation(delegator=DILYS, delegate=OWEN))
    do(controlled.firm, SetDelegation(delegator=CAI, delegate=OWEN))
    pass_days(100)
    opens(controlled, DILYS, BAKER)
    listed = text(owen.get(at(controlled, "use-delegations", 90)))
    assert "Cai to Dilys" not in listed
    address = at(controlled, "use-delegations-end", 90)
    asked = owen.get(address)
    answer = {"answer": "yes", "version": value(asked, "version"), AGREED: value(asked, AGREED)}
    owen.post(address, answer)
    assert set(firm_state(controlled.firm).delegations) == {(CAI, DILYS)}


def test_delegations_never_used_take_few_statements_once_the_state_then_is_known(
    controlled: Cast, owen: PageClient, pass_days: Passing, django_assert_max_num_queries: Any
) -> None:
    do(controlled.firm, ChangeSettings(values={"delegation": True}))
    do(controlled.firm, SetDelegation(delegator=DILYS, delegate=OWEN))
    pass_days(100)
    # A file is noted in the ledger: that takes five more, two of them to begin and end the change.
    for route, most in (("use-delegations", 11), ("take-use-delegations", 15)):
        address = at(controlled, route, 90, *(["csv"] if route.startswith("take") else []))
        owen.get(address)
        with django_assert_max_num_queries(most):
            assert "Dilys" in owen.get(address).content.decode()


def test_all_reports_of_an_old_firm_take_few_statements_once_the_states_then_are_known(
    controlled: Cast, owen: PageClient, pass_days: Passing, django_assert_max_num_queries: Any
) -> None:
    states._KEPT.__init__()  # type: ignore[misc]  # as new: other firms of that number were looked at
    pass_days(100)
    opens(controlled, CAI, FORTUNE)
    address = at(controlled, "use")
    owen.get(address)
    with django_assert_max_num_queries(12):
        assert "2 permissions" in text(owen.get(address))


def test_an_auditor_reads_and_is_offered_no_remedy(
    controlled: Cast, ada: PageClient, pass_days: Passing
) -> None:
    pass_days(100)
    shown = ada.get(at(controlled, "use-of-one", 90, "unused", "member", CAI))
    assert "Baker & Sons" in text(shown)
    assert b'type="checkbox"' not in shown.content
    assert ada.get(at(controlled, "use-check", 90, "unused", "member", CAI)).status_code == 403


def test_the_file_has_a_row_for_each_permission_with_when_it_was_used(
    controlled: Cast, ada: PageClient, pass_days: Passing
) -> None:
    opens(controlled, CAI, FORTUNE)
    pass_days(100)
    taken = ada.get(at(controlled, "take-use-unused", 90, "csv"))
    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert [row[:3] for row in rows[1:]] == [
        ["Cai", "Team member", "Fortune 500"],
        ["Cai", "Team member", "Baker & Sons"],
        ["Dilys", "Team member", "Fortune 500"],
    ]
    assert rows[1][-1] != rows[2][-1] == "never, as far as is known"
