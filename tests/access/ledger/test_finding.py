"""Looking entries up: by who did it or whom it names, client, group, kind and time."""

import pytest
from pyroaring import BitMap

from ringfence.access import Sought, entries, entries_about, find_entries, history_of, open_record
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.events import ClientsAdded, GrantsSet, GroupJoined
from ringfence.core.terms import Instant, Level, Thing, member_subject
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases


def found(firm: Cast, sought: Sought) -> list[str]:
    numbers = find_entries(firm.firm, firm.view.version, sought)
    return [entry.command for entry in entries(firm.firm) if entry.number in numbers]


@pytest.fixture
def busy(firm: Cast) -> Cast:
    """Ivy in Dairy, which has Acme; Beth opened Acme's record."""
    ivy, beth = firm.member("Ivy"), firm.member("Beth")
    acme = firm.client("Acme")
    firm.group("Dairy", ivy, on=On.client(acme))
    firm.do(w.RenameGroup(group=2, to="Milk"), by=ADMIN)
    open_record(firm.view, member=beth, client=acme)
    return firm


IVY, BETH, ACME, DAIRY = 2, 3, 1, 2


def test_by_whom_it_was_done_or_whom_it_names(busy: Cast) -> None:
    assert found(busy, Sought(people=BitMap([IVY]))) == ["member.add", "group.create"]
    assert found(busy, Sought(people=BitMap([ADMIN]))) == ["firm.create", "group.rename"]


def test_what_was_only_noted_is_found_where_it_is_asked_for(busy: Cast) -> None:
    assert found(busy, Sought(clients=BitMap([ACME]))) == ["client.add", "group.create"]
    assert found(busy, Sought(clients=BitMap([ACME]), noted=True))[-1] == "record.open"
    assert found(busy, Sought(commands=("record.open",))) == ["record.open"]


def test_every_change_and_nothing_else_is_a_change(busy: Cast) -> None:
    assert found(busy, Sought()) == [entry.command for entry in entries(busy.firm, noted=False)]


def test_by_group_and_by_kind_together(busy: Cast) -> None:
    assert found(busy, Sought(groups=BitMap([DAIRY]), commands=("group.rename",))) == ["group.rename"]


def test_by_time_from_an_instant_up_to_another(busy: Cast) -> None:
    told = list(entries(busy.firm, noted=False))
    since, until = told[1].at, told[3].at
    wanted = [each.command for each in told if since <= each.at < until]
    assert found(busy, Sought(since=since, until=until)) == wanted
    assert found(busy, Sought(since=Instant(told[-1].at + 10**9))) == []


def test_a_version_ends_what_is_found(busy: Cast) -> None:
    assert find_entries(busy.firm, 2, Sought()) == BitMap([1, 2])


def test_the_history_of_a_client_tells_of_that_client_alone(firm: Cast) -> None:
    clients = firm.clients(40)
    ivy = firm.member("Ivy")
    firm.grant(member_subject(ivy), On(clients=BitMap(clients)), Level.READER)
    numbers = history_of(firm.view, Thing.CLIENT, 7)
    given, added = entries_about(firm.view, Thing.CLIENT, 7, numbers)
    assert [event.targets for event in given.events if isinstance(event, GrantsSet)] == [BitMap([7])]
    assert [
        (event.first_client, event.count) for event in added.events if isinstance(event, ClientsAdded)
    ] == [(7, 1)]


def test_the_history_of_a_member_and_of_a_group(busy: Cast) -> None:
    busy.do(w.AddToGroup(group=DAIRY, members=frozenset({BETH, ADMIN})))
    numbers = history_of(busy.view, Thing.MEMBER, BETH)
    newest, *_ = entries_about(busy.view, Thing.MEMBER, BETH, numbers)
    assert newest.events == (GroupJoined(group=DAIRY, members=BitMap([BETH])),)
    group = entries_about(busy.view, Thing.GROUP, DAIRY, history_of(busy.view, Thing.GROUP, DAIRY))
    assert [entry.command for entry in group] == ["group.add_members", "group.rename", "group.create"]
