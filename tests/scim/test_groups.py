"""Groups over SCIM: who joins, who leaves, in every form; and groups that are kept here."""

from __future__ import annotations

import pytest

from ringfence.access import OPERATOR, entries, execute, firm_state, verify
from ringfence.access.notices import NoticeKind
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, group_subject
from ringfence.core.values import Side
from ringfence.jobs.tell_changes import Ledgers
from tests.notices.people import all_kept
from tests.scim.directory import GROUP, Directory
from tests.web.cast import BAKER, CAI, DILYS, ENID, FORTUNE, OWEN, Cast


@pytest.fixture
def team(entra: Directory) -> str:
    """A group of the directory's with Cai and Dilys."""
    return entra.group("Team North", str(CAI), str(DILYS), externalId="g-1").id


def test_a_group_that_is_brought_is_kept_by_the_directory(cast: Cast, entra: Directory, team: str) -> None:
    now = firm_state(cast.firm)
    assert set(now.groups[int(team)]) == {CAI, DILYS}
    assert int(team) in now.moment.state.kept
    assert entra.get(f"/Groups/{team}").body["externalId"] == "g-1"


def test_who_joins_and_leaves_in_one_request_is_one_entry(cast: Cast, entra: Directory, team: str) -> None:
    before = firm_state(cast.firm).version
    done = entra.patch(
        f"/Groups/{team}",
        {"op": "Add", "path": "members", "value": [{"value": str(ENID)}]},
        {"op": "Remove", "path": "members", "value": [{"value": str(CAI)}]},
        {"op": "Replace", "path": "displayName", "value": "Team South"},
    )
    assert done.status == 204
    assert entra.members(team) == {str(DILYS), str(ENID)}
    assert firm_state(cast.firm).version == before + 1
    assert verify(cast.firm).whole


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Remove", "path": "members", "value": [{"value": str(CAI)}]},
        {"op": "remove", "path": f'members[value eq "{CAI}"]'},
        {"op": "remove", "path": f"{GROUP}:members", "value": {"value": str(CAI)}},
        {"op": "replace", "path": "members", "value": [{"value": str(DILYS), "display": "Dilys"}]},
        {"op": "replace", "value": {"members": [{"value": str(DILYS)}]}},
    ],
)
def test_exactly_who_is_named_leaves(entra: Directory, team: str, operation: dict[str, object]) -> None:
    assert entra.patch(f"/Groups/{team}", operation).status == 204
    assert entra.members(team) == {str(DILYS)}


def test_who_asks_for_an_answer_that_there_is_not_changes_nothing(entra: Directory, team: str) -> None:
    gone = {"op": "remove", "path": "members", "value": [{"value": str(CAI)}]}
    asked = "attributes=displayName&excludedAttributes=members"
    assert entra.patch(f"/Groups/{team}?{asked}", gone).status == 400
    assert entra.members(team) == {str(CAI), str(DILYS)}


def test_members_without_a_word_beside_them_are_all_members(entra: Directory, team: str) -> None:
    assert entra.patch(f"/Groups/{team}", {"op": "remove", "path": "members"}).status == 204
    assert entra.members(team) == set()


def test_replacing_members_without_a_word_on_by_whom_is_refused(entra: Directory, team: str) -> None:
    assert entra.patch(f"/Groups/{team}", {"op": "replace", "path": "members"}).status == 400
    assert entra.members(team) == {str(CAI), str(DILYS)}


@pytest.mark.parametrize("nobody", ["4711", "9" * 20])
def test_a_filter_that_names_nobody_takes_nobody_out(entra: Directory, team: str, nobody: str) -> None:
    path = f'members[value eq "{nobody}"]'
    assert entra.patch(f"/Groups/{team}", {"op": "remove", "path": path}).status == 204
    assert entra.members(team) == {str(CAI), str(DILYS)}


def test_a_member_who_is_not_there_is_refused_and_nobody_joins(
    cast: Cast, entra: Directory, team: str
) -> None:
    before = firm_state(cast.firm).version
    value = [{"value": str(ENID)}, {"value": "4711"}]
    refused = entra.patch(f"/Groups/{team}", {"op": "add", "path": "members", "value": value})
    assert (refused.status, refused.body["scimType"]) == (400, "invalidValue")
    assert "4711" in refused.body["detail"]
    assert firm_state(cast.firm).version == before
    nested = [{"value": team, "type": "Group"}]
    assert entra.patch(f"/Groups/{team}", {"op": "add", "path": "members", "value": nested}).status == 400


def test_a_group_that_is_kept_here_is_read_and_not_changed(cast: Cast, entra: Directory) -> None:
    made = w.CreateGroup(name="Ours", members=frozenset({CAI}))
    execute(cast.firm, made, actor=OPERATOR)
    (ours,) = entra.get('/Groups?filter=displayName eq "ours"').body["Resources"]
    for refused in (
        entra.patch(f"/Groups/{ours['id']}", {"op": "remove", "path": "members"}),
        entra.ask("PUT", f"/Groups/{ours['id']}", {"schemas": [GROUP], "displayName": "Theirs"}),
        entra.ask("DELETE", f"/Groups/{ours['id']}"),
    ):
        assert (refused.status, refused.body["scimType"]) == (400, "mutability")
    assert entra.group("Ours").body["scimType"] == "uniqueness"
    assert set(firm_state(cast.firm).groups[int(ours["id"])]) == {CAI}
    execute(cast.firm, w.ChangeGroup(group=int(ours["id"]), directory=True), actor=OPERATOR)
    assert entra.patch(f"/Groups/{ours['id']}", {"op": "remove", "path": "members"}).status == 204


def test_everyone_is_no_group_of_the_directory_s(entra: Directory) -> None:
    assert entra.get("/Groups/1").status == 404
    assert "1" not in {each["id"] for each in entra.get("/Groups").body["Resources"]}


def test_a_group_is_put_whole(entra: Directory, team: str) -> None:
    people = [{"value": str(each)} for each in (OWEN, DILYS)]
    body = {"schemas": [GROUP], "id": team, "displayName": "Team North", "members": people}
    assert entra.ask("PUT", f"/Groups/{team}", body).status == 200
    assert entra.members(team) == {str(OWEN), str(DILYS)}


def test_a_group_is_read_without_its_members_where_nobody_asks_for_them(entra: Directory, team: str) -> None:
    assert "members" not in entra.get(f"/Groups/{team}?excludedAttributes=members").body
    (found,) = entra.get('/Groups?excludedAttributes=members&filter=displayName eq "Team North"').body[
        "Resources"
    ]
    assert "members" not in found
    assert entra.members(team) == {str(CAI), str(DILYS)}


def test_a_group_that_the_directory_deletes_is_gone(cast: Cast, entra: Directory, team: str) -> None:
    assert entra.ask("DELETE", f"/Groups/{team}").status == 204
    assert entra.get(f"/Groups/{team}").status == 404
    assert int(team) not in firm_state(cast.firm).groups
    assert [entry.command for entry in entries(cast.firm)][-1] == "group.delete"


def test_a_whole_group_is_said_as_the_protocols_models_say_it(cast: Cast, entra: Directory) -> None:
    people = [entra.user(f"u{n}@pike.example").id for n in range(3)]
    made = entra.group("Readers", *people, externalId="g-1")
    # Where parts are asked for, the models answer.
    by_models = entra.get(f"/Groups/{made.id}?excludedAttributes=nothing").body
    assert made.body == entra.get(f"/Groups/{made.id}").body == by_models
    put = {"schemas": [GROUP], "id": made.id, "displayName": "Readers", "members": [{"value": people[1]}]}
    assert entra.ask("PUT", f"/Groups/{made.id}", put).body == entra.get(f"/Groups/{made.id}").body
    by_models = entra.get(f"/Groups/{made.id}?excludedAttributes=nothing").body
    assert entra.get(f"/Groups/{made.id}").body == by_models
    assert "externalId" not in by_models
    assert [each["value"] for each in by_models["members"]] == [people[1]]


def test_a_group_is_put_only_where_it_is_as_it_was_read(cast: Cast, entra: Directory) -> None:
    made = entra.group("Readers")
    was = made.headers["ETag"]
    put = {"schemas": [GROUP], "displayName": "Writers"}
    assert entra.ask("PUT", f"/Groups/{made.id}", put, if_match=was).status == 200
    refused = entra.ask("PUT", f"/Groups/{made.id}", {**put, "displayName": "Others"}, if_match=was)
    assert refused.status == 412
    assert entra.get(f"/Groups/{made.id}").body["displayName"] == "Writers"


def test_who_is_put_on_both_sides_of_a_wall_by_a_directory_is_told_of(cast: Cast, entra: Directory) -> None:
    """The token is Owen's, who saw nothing of it: so Owen is told too."""
    team = entra.group("Team West", str(CAI)).id
    sides = (Side(clients=frozenset({BAKER})), Side(members=frozenset({CAI}), clients=frozenset({FORTUNE})))
    for command in (
        w.CreateGroup(name="Bakers", on=w.On.client(BAKER), members=frozenset({DILYS})),
        w.SetGrant(to=(group_subject(int(team)),), on=w.On.client(FORTUNE), level=Level.READER),
        w.TurnOn(),
        w.RaiseWall(name="Merger Q", sides=sides),
    ):
        execute(cast.firm, command, actor=OPERATOR)
    joins = {"op": "Add", "path": "members", "value": [{"value": str(DILYS)}]}
    assert entra.patch(f"/Groups/{team}", joins).status == 204
    Ledgers().tell()
    (notice,) = [each for each in all_kept(cast.firm, OWEN) if each.kind is NoticeKind.BOTH_SIDES]
    assert [(each.member, each.road) for each in notice.facts.crossings] == [(DILYS, "sees")]
