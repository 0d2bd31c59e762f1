"""Undoing an entry gives back every fact and every decision that stood before it, or says why it does not."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from django.db import connection
from pyroaring import BitMap

from ringfence import access
from ringfence.access import OPERATOR, Actor, ListRefused, Refused, save
from ringfence.access.documents import write_document
from ringfence.access.past import working
from ringfence.access.undoing import StandsAgainst, Undoing, ask_undoing, undone_by
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import at
from ringfence.core.events import EntryUndone
from ringfence.core.statements import AtLeast, ClientsMeant
from ringfence.core.terms import Instant, Level, Role, Scope, Target, Thing, group_subject, member_subject
from ringfence.core.undoing.why import Left, Why
from ringfence.core.values import Side
from ringfence.firms.models import Client, Engagement, Group, LedgerEntry, Member, Policy, Service, Wall
from tests.access.cast import ADMIN, Cast
from tests.access.possible_commands import DAY, PossibleCommands
from tests.support.seed import SEED

# --- A firm as people see it: by names, which stay where numbers are given anew


def picture(firm: int) -> dict[str, Any]:
    """Every fact by name, and every decision, without open requests."""
    view = access.firm_state(firm)
    state = view.moment.state
    groups = dict(Group.objects.filter(firm=firm).values_list("number", "name"))
    services = dict(Service.objects.filter(firm=firm).values_list("number", "name"))
    walls = dict(Wall.objects.filter(firm=firm).values_list("number", "name"))
    there = list(state.register.engagements)
    label = {number: (view.client_of(number), services[view.service_of(number)]) for number in there}

    def named(subject: Any) -> tuple[str, Any]:
        return (subject.kind, groups[subject.number] if subject.kind == "group" else subject.number)

    def placed(target: Target) -> tuple[str, Any] | None:
        match target.kind:
            case "engagement":
                return ("engagement", label[target.number]) if target.number in label else None
            case "client":
                return ("client", target.number) if target.number in view.clients else None
            case "service":
                return ("service", services[target.number])
        return ("all", 0)

    people = {number: who for number, who in state.members.items() if who.active or _anything(view, number)}
    return {
        "settings": state.settings,
        "people": people,
        "groups": {groups[number]: set(members) for number, members in state.groups.items()},
        "services": sorted(services.values()),
        "clients": set(view.clients),
        "confidential": set(state.register.confidential & view.clients),
        "engagements": Counter(label.values()),
        "grants": {
            (named(subject), placed(target)): held.grant_on(target)
            for subject, held in state.holdings.items()
            for target in held.targets()
            if placed(target) is not None
        },
        "excluded": {
            (named(subject), services[service]): set(clients & view.clients)
            for subject, held in state.holdings.items()
            for service, clients in held.excluded.items()
            if clients & view.clients
        },
        "delegations": dict(state.delegations),
        "walls": {
            walls[number]: (frozenset(wall.sides), wall.starts, wall.ends)
            for number, wall in state.walls.items()
        },
        "defaults": {
            member: {(named(grant.subject), grant.level) for grant in grants}
            for member, grants in state.defaults.items()
            if grants
        },
        "words": _words(firm, view),
        "decisions": {
            (member, label[number]): view.level(member, number) for member in people for number in there
        },
    }


def _anything(view: access.FirmNow, member: int) -> bool:
    """Whether an inactive member is more than somebody whose adding was undone."""
    return bool(view.groups_of(member)) or not view.grants_of(member_subject(member)).empty


def _words(firm: int, view: access.FirmNow) -> set[tuple[Any, ...]]:
    clients = Client.objects.filter(firm=firm, number__in=list(view.clients))
    engagements = Engagement.objects.filter(firm=firm, number__in=list(view.engagements))
    members = Member.objects.filter(firm=firm, active=True)
    return {
        *clients.values_list("number", "name", "reference", "kind"),
        *engagements.values_list("client", "service", "reference"),
        *members.values_list("number", "name", "email"),
    }


def undo(firm: Cast, number: int | None = None, by: Actor = OPERATOR, reason: str = "") -> Undoing:
    """Undo an entry, the last one unless another is named."""
    found = ask_undoing(firm.firm, firm.view.version if number is None else number, actor=by, reason=reason)
    assert isinstance(found, Undoing)
    save(found.rehearsal)
    return found


# --- Whatever was done


ENOUGH = 15
"""Commands that are undone in one of its turns."""


@pytest.mark.parametrize("turn", range(3))
def test_undoing_any_command_gives_back_every_fact_and_decision(firm: Cast, turn: int) -> None:
    firm.clients(5)
    firm.service("VAT")
    draw = PossibleCommands(Random(SEED + turn))
    undone: Counter[str] = Counter()
    # Most of what is drawn is refused; the operator goes on where the administrator has left.
    for _ in range(400):
        if undone.total() == ENOUGH:
            break
        before = picture(firm.firm)
        command = draw.command(firm.view.moment)
        try:
            firm.do(command, by=draw.rng.choice((ADMIN, None)))
        except Refused:
            continue
        name = w.command_name(command)
        try:
            undo(firm)
        except (StandsAgainst, ListRefused):
            continue
        undone[name] += 1
        after = picture(firm.firm)
        for part, was in before.items():
            assert after[part] == was, f"{part} after undoing {name}: {command}"
        if draw.rng.random() < 0.6:
            # Done once more, so that the firm goes on from it; the undoing is a change like any other.
            with suppress(StandsAgainst, ListRefused):
                undo(firm)
    assert undone.total() == ENOUGH, undone
    assert access.verify(firm.firm).whole, access.verify(firm.firm).problems


# --- What it is


@pytest.fixture
def team(firm: Cast) -> Cast:
    """Control on; Ivy in Dairy, which has Acme."""
    ivy = firm.member("Ivy")
    firm.group("Dairy", ivy, on=On.client(firm.client("Acme")))
    firm.turn_on()
    return firm


IVY, ACME, DAIRY = 2, 1, 2
ALL = ClientsMeant(all=True)


def test_the_entry_names_the_one_that_it_undoes(team: Cast) -> None:
    team.do(w.RenameGroup(group=DAIRY, to="Milk"))
    renamed = team.view.version
    undo(team, by=Actor(ADMIN), reason="Never mind")
    *_, last = access.entries(team.firm)
    assert (last.command, last.actor.member, last.reason) == ("entry.undo", ADMIN, "Never mind")
    assert last.events[0] == EntryUndone(entry=renamed)
    assert undone_by(team.firm, renamed) == last.number
    assert undone_by(team.firm, last.number) is None


def test_an_undoing_is_undone_like_any_other_entry(team: Cast) -> None:
    team.do(w.RenameGroup(group=DAIRY, to="Milk"))
    undo(team)
    undo(team)
    assert Group.objects.get(firm=team.firm, number=DAIRY).name == "Milk"


def test_an_older_entry_is_undone_where_nothing_stands_against_it(team: Cast) -> None:
    beth = team.member("Beth")
    team.grant(member_subject(beth), On.client(ACME), Level.READER)
    given = team.view.version
    team.do(w.RenameGroup(group=DAIRY, to="Milk"))
    team.client("Later")
    undo(team, given)
    assert not team.view.sees(beth, ACME)


def test_a_deleted_group_comes_back_with_everything(team: Cast) -> None:
    team.do(w.SetGrant(to=(group_subject(DAIRY),), on=On.service(1), level=Level.READER))
    team.do(w.ExcludeClients(group=DAIRY, service=1, clients=On.client(ACME).clients))
    before = picture(team.firm)
    team.do(w.DeleteGroup(group=DAIRY))
    undo(team)
    assert picture(team.firm) == before


def test_turning_off_is_undone_without_sharing_anything(team: Cast) -> None:
    team.do(w.ChangeSettings(values={"on_activation": "share"}))
    team.client("Unshared")
    before = picture(team.firm)
    team.do(w.TurnOff())
    undo(team)
    assert picture(team.firm) == before


def test_a_leavers_grants_come_back_from_the_successor(team: Cast) -> None:
    beth = team.member("Beth")
    team.grant(member_subject(IVY), On.client(ACME), Level.OWNER)
    before = picture(team.firm)
    team.do(w.DeactivateMember(member=IVY, hand_over_to=beth))
    undo(team)
    assert picture(team.firm) == before


# --- What stands against it


def stands(team: Cast, number: int) -> StandsAgainst:
    with pytest.raises(StandsAgainst) as caught:
        ask_undoing(team.firm, number, actor=OPERATOR)
    return caught.value


def test_what_came_after_stands_against_it_and_is_named(team: Cast) -> None:
    team.grant(member_subject(IVY), On.client(ACME), Level.READER)
    given = team.view.version
    team.grant(member_subject(IVY), On.client(ACME), Level.OWNER)
    team.client("Another")
    found = stands(team, given)
    assert (found.why, list(found.later)) == (Why.CHANGED_SINCE, [given + 1])


def test_what_was_changed_and_changed_back_stands_against_nothing(team: Cast) -> None:
    team.grant(member_subject(IVY), On.client(ACME), Level.READER)
    given = team.view.version
    team.grant(member_subject(IVY), On.client(ACME), Level.OWNER)
    team.grant(member_subject(IVY), On.client(ACME), Level.READER)
    undo(team, given)
    assert team.view.grants_of(member_subject(IVY)).empty


def test_a_group_that_others_joined_since_is_not_taken_away(team: Cast) -> None:
    created = LedgerEntry.objects.get(firm=team.firm, command="group.create").number
    team.do(w.AddToGroup(group=DAIRY, members=frozenset({ADMIN})))
    found = stands(team, created)
    assert (found.why, list(found.later)) == (Why.CHANGED_SINCE, [team.view.version])


def test_an_import_is_undone_where_nothing_came_for_its_clients(team: Cast) -> None:
    team.clients(30)
    undone = undo(team)
    assert set(team.view.clients) == {ACME}
    assert undone.left == {Left.RESTORABLE}
    undo(team)
    assert len(team.view.clients) == 31


@pytest.fixture
def few_values(team: Cast) -> Iterator[None]:
    """SQLite takes no more than a hundred values in a statement; by itself 32,766 or more."""
    team.clients(120)
    if connection.vendor != "sqlite":
        yield
        return
    usual = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 100)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, usual)


def test_how_many_an_import_added_is_no_limit_to_undoing_it(team: Cast, few_values: None) -> None:
    found = ask_undoing(team.firm, team.view.version, actor=OPERATOR)
    assert isinstance(found, Undoing)
    assert found.left == {Left.RESTORABLE}


class AtOnce:
    """Stands where the thread for long questions does, and answers before anybody asks again."""

    def submit(self, _call: object, answer: Any, tell: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(answer(tell))
        return future


@pytest.fixture
def imported(team: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The entry of an import that takes long to undo; Ivy has Acme for a day by a grant of her own."""
    monkeypatch.setattr(working, "AT_ONCE", 3)
    monkeypatch.setattr(working, "_bench", lambda process: AtOnce())
    working._QUESTIONS.clear()
    soon = Instant(team.view.now + DAY)
    team.do(w.SetGrant(to=(member_subject(IVY),), on=On.client(ACME), level=Level.READER, expires=soon))
    team.clients(5)
    yield team.view.version
    working._QUESTIONS.clear()


def test_what_took_long_to_work_out_is_not_begun_anew_for_a_record_that_is_opened(
    team: Cast, imported: int
) -> None:
    found = ask_undoing(team.firm, imported, actor=OPERATOR)
    access.open_record(team.view, member=IVY, client=ACME)
    assert isinstance(found, Undoing)
    assert ask_undoing(team.firm, imported, actor=OPERATOR) is found
    save(found.rehearsal)


def test_what_took_long_to_work_out_is_worked_out_anew_once_access_has_ended(
    team: Cast, imported: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_undoing(team.firm, imported, actor=OPERATOR)
    later = Instant(team.view.now + 2 * DAY)
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: later)
    undo(team, imported)
    assert set(team.view.clients) == {ACME}


def test_a_name_given_since_to_one_client_of_an_import_stands_against_it(team: Cast) -> None:
    imported = team.clients(30)
    entry = team.view.version
    team.do(w.ChangeClient(client=imported[7], name="Known now"))
    found = stands(team, entry)
    assert (found.why, list(found.later)) == (Why.CHANGED_SINCE, [entry + 1])


def test_an_import_about_which_notes_were_written_is_not_undone(team: Cast) -> None:
    client = team.clients(3)[0]
    entry = team.view.version
    engagement = team.view.engagements_of(client)[0]
    write_document(team.firm, member=IVY, title="A", text="B", engagement=engagement)
    assert stands(team, entry).why is Why.NOTES_SINCE


def test_a_service_about_which_notes_were_written_is_not_taken_back(team: Cast) -> None:
    team.do(w.AddEngagement(client=ACME, service=team.service("Payroll")))
    entry = team.view.version
    engagement = max(team.view.engagements_of(ACME))
    write_document(team.firm, member=IVY, title="A", text="B", engagement=engagement)
    assert stands(team, entry).why is Why.NOTES_SINCE


def test_what_was_given_on_a_service_since_stands_against_taking_it_back(team: Cast) -> None:
    team.do(w.AddEngagement(client=ACME, service=team.service("Payroll")))
    entry = team.view.version
    engagement = max(team.view.engagements_of(ACME))
    other = min(team.view.engagements_of(ACME))
    team.grant(member_subject(IVY), On(engagements=BitMap([other])), Level.READER)
    team.grant(member_subject(IVY), On(engagements=BitMap([engagement])), Level.READER)
    found = stands(team, entry)
    assert (found.why, list(found.later)) == (Why.CHANGED_SINCE, [entry + 2])


def test_an_access_whose_time_is_over_is_not_given_again(team: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = Instant(team.view.now + DAY)
    command = w.SetGrant(to=(member_subject(IVY),), on=On.client(ACME), level=Level.READER, expires=soon)
    team.do(command)
    team.do(w.RemoveGrant(to=(member_subject(IVY),), on=On.client(ACME)))
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: soon + DAY)
    assert stands(team, team.view.version).why is Why.EXPIRED


@pytest.mark.parametrize(("number", "why"), [(1, Why.FOUNDING)])
def test_the_beginning_is_not_undone(team: Cast, number: int, why: Why) -> None:
    assert stands(team, number).why is why


def test_what_was_only_noted_or_erased_is_not_undone(team: Cast) -> None:
    access.open_record(team.view, member=IVY, client=ACME)
    assert stands(team, team.view.version).why is Why.ONLY_NOTED
    team.do(w.DeactivateMember(member=IVY))
    deactivated = team.view.version
    access.erase_member(team.firm, IVY, actor=OPERATOR)
    assert stands(team, team.view.version).why is Why.ERASING
    undo(team, deactivated)


def test_an_erased_name_is_not_given_back(team: Cast) -> None:
    team.do(w.ChangeMember(member=IVY, name="Ivy Jones"))
    changed = team.view.version
    team.do(w.DeactivateMember(member=IVY))
    access.erase_member(team.firm, IVY, actor=OPERATOR)
    assert stands(team, changed).why is Why.WORDS_GONE


def test_a_token_that_an_undoing_revoked_is_never_given_back(team: Cast) -> None:
    team.do(w.AddToken(name="Store", scopes=Scope.MANAGE, digest=bytes(32), member=IVY))
    undo(team)
    assert stands(team, team.view.version).why is Why.TOKEN_REVOKED


def test_an_entry_that_is_not_there_is_none(team: Cast) -> None:
    assert ask_undoing(team.firm, 999, actor=OPERATOR) is None


def test_undoing_asks_for_the_authority_of_the_opposite_command(team: Cast) -> None:
    team.do(w.ChangeMember(member=IVY, role=Role.PRINCIPAL))
    with pytest.raises(ListRefused):
        ask_undoing(team.firm, team.view.version, actor=Actor(ADMIN))


def test_a_wall_is_raised_again_under_its_name(team: Cast) -> None:
    sides = (Side(members=frozenset({IVY})), Side(clients=frozenset({ACME})))
    team.do(w.RaiseWall(name="Apart", sides=sides))
    before = picture(team.firm)
    team.do(w.LowerWall(wall=1))
    undo(team)
    assert picture(team.firm) == before
    assert at(team.view.moment.state, team.view.now).sees(IVY, ACME) is False
    assert Wall.objects.get(firm=team.firm).name == "Apart"


def test_why_an_entry_is_undone_is_no_walls_reason(team: Cast) -> None:
    sides = (Side(members=frozenset({IVY})), Side(clients=frozenset({ACME})))
    team.do(w.RaiseWall(name="Apart", sides=sides, reason="Both sides of a sale"))
    team.do(w.LowerWall(wall=1))
    undo(team, reason="Lowered by mistake")
    *_, last = access.entries(team.firm)
    assert last.reason == "Lowered by mistake"
    (number,) = team.view.walls
    assert access.words_at(team.firm, Thing.WALL, [number], last.number)[number]["reason"] == (
        "Both sides of a sale"
    )


def test_a_reason_that_nobody_could_read_is_refused(team: Cast) -> None:
    team.do(w.RenameGroup(group=DAIRY, to="Milk"))
    with pytest.raises(ListRefused) as refused:
        ask_undoing(team.firm, team.view.version, actor=OPERATOR, reason="x" * 100_000)
    assert refused.value.refused.field == "reason"


def policy_of(firm: Cast) -> tuple[object, ...]:
    """What the firm's one policy says, and how it is called and written."""
    policy = firm.view.moment.state.policies[1]
    return policy.mode, policy.statements, *Policy.objects.values_list("name", "text").get(firm=firm.firm)


@pytest.mark.parametrize(
    "changed", [{"name": "Apart"}, {"text": "other"}, {"statements": (AtLeast(number=3, clients=ALL),)}]
)
def test_a_policy_is_as_it_was_and_as_it_was_written(team: Cast, changed: dict[str, Any]) -> None:
    team.do(w.SetPolicy(name="Two", statements=(AtLeast(number=2, clients=ALL),), text="as written"))
    before = policy_of(team)
    team.do(w.SetPolicy(policy=1, **changed))
    assert policy_of(team) != before
    undo(team)
    assert policy_of(team) == before
    assert access.verify(team.firm).whole


def test_words_are_those_before_the_entry(team: Cast) -> None:
    team.do(w.ChangeClient(client=ACME, name="Acme Ltd", reference="A-1", kind="Company"))
    undo(team)
    row = Client.objects.get(firm=team.firm, number=ACME)
    assert (row.name, row.reference, row.kind) == ("Acme", "", "")
    assert access.words_at(team.firm, Thing.CLIENT, [ACME], team.view.version)[ACME]["name"] == "Acme"
