"""Commands in words: every argument of rules.md 7 is read, and anything else is named and refused."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pyroaring import BitMap

from ringfence.core.commands import Command, command_name
from ringfence.core.commands import definitions as w
from ringfence.core.commands.dispatch import HANDLERS
from ringfence.core.commands.parsing import COMMAND_NAMES, BadArgument, parse
from ringfence.core.days import instant
from ringfence.core.review_values import ReviewScope
from ringfence.core.statements import AtLeast, ClientsMeant
from ringfence.core.terms import EVERYONE, Instant, Level, Role, Scope, Thing, group_subject, member_subject
from ringfence.core.values import ActionName, Side, SoftwareNames
from tests.core.firms import ACME, ACME_VAT, ADA, BEN, BOOTS, NOW, TEAM, VAT

WALL = 1
DAY = 86_400_000_000


NUMBERS = {
    (Thing.MEMBER, "Ada"): ADA,
    (Thing.MEMBER, "Ben"): BEN,
    (Thing.GROUP, "Team"): TEAM,
    (Thing.SERVICE, "VAT"): VAT,
    (Thing.CLIENT, "Acme"): ACME,
    (Thing.CLIENT, "Boots"): BOOTS,
    (Thing.WALL, "Merger"): WALL,
    (Thing.TOKEN, "Tax portal"): 1,
    (Thing.POLICY, "Two people"): 1,
    (Thing.REVIEW, "Yearly"): 1,
}


class Cast:
    """The small firm by name."""

    def number(self, thing: Thing, name: str) -> int:
        return NUMBERS.get((thing, name), 0)

    def engagement(self, client: int, service: int) -> int:
        return ACME_VAT if (client, service) == (ACME, VAT) else 0

    def close_of(self, day: date) -> Instant:
        return instant(datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1))


CLOSE = instant(datetime(2026, 4, 1, tzinfo=UTC))
BOTH = (member_subject(ADA), group_subject(TEAM))
ON = w.On(
    engagements=BitMap([ACME_VAT]),
    clients=BitMap([BOOTS]),
    services=frozenset({VAT}),
    all=True,
    excluded={VAT: BitMap([ACME])},
)
ON_IN_WORDS = [{"client": "Acme", "service": "VAT"}, "Boots", {"service": "VAT", "except": ["Acme"]}, "all"]
SIDES = (Side(members=frozenset({ADA})), Side(members=frozenset({BEN}), clients=frozenset({ACME, BOOTS})))
SIDES_IN_WORDS = [{"members": "Ada"}, {"members": ["Ben"], "clients": ["Acme", "Boots"]}]
GIVEN = (w.GrantTo(to=member_subject(ADA), level=Level.OWNER), w.GrantTo(to=BOTH[1], level=Level.READER))
GIVEN_IN_WORDS = [{"to": "Ada", "level": "owner"}, {"to": {"group": "Team"}, "level": "reader"}]
ROW = w.ClientRow(
    name="Corner shop",
    reference="C-1",
    kind="sole trader",
    confidential=True,
    services={VAT: "GB 1"},
    grants=GIVEN,
)
ROW_IN_WORDS = {
    "client": "Corner shop",
    "reference": "C-1",
    "kind": "sole trader",
    "confidential": True,
    "services": {"VAT": "GB 1"},
    "grants": GIVEN_IN_WORDS,
}
SOON = Instant(NOW + DAY)
SOON_IN_WORDS = "2026-01-02T00:00:00Z"

WHOLE: list[tuple[dict[str, Any], Command]] = [
    ({}, w.TurnOn()),
    ({}, w.TurnOff()),
    (
        {"unassigned": "none", "requests": "true", "digest": False},
        w.ChangeSettings(values={"unassigned": "none", "requests": True, "digest": False}),
    ),
    (
        {"member": "Cy", "email": "cy@f.example", "role": "auditor", "access": "no", "manage_access": True},
        w.AddMember(name="Cy", email="cy@f.example", role=Role.AUDITOR, access=False, manage_access=True),
    ),
    (
        {
            "member": "Ada",
            "name": "Ida",
            "email": "i@f.example",
            "role": "principal",
            "access": True,
            "manage_access": "off",
        },
        w.ChangeMember(
            member=ADA,
            name="Ida",
            email="i@f.example",
            role=Role.PRINCIPAL,
            access=True,
            manage_access=False,
        ),
    ),
    (
        {"member": "Ada", "hand_over_to": "Ben", "directory": True},
        w.DeactivateMember(member=ADA, hand_over_to=BEN, directory=True),
    ),
    ({"member": "Ben"}, w.SetSuccessor(member=BEN)),
    (
        {"group": "Team", "external": "t-1", "directory": "yes"},
        w.ChangeGroup(group=TEAM, external="t-1", directory=True),
    ),
    ({"member": "Ada"}, w.ReactivateMember(member=ADA)),
    ({"service": "PAYE"}, w.AddService(name="PAYE")),
    ({"service": "VAT", "to": "Sales tax"}, w.RenameService(service=VAT, to="Sales tax")),
    ({"service": "VAT"}, w.RemoveService(service=VAT)),
    (
        {"group": "New", "members": ["Ada", "Ben"], "on": ON_IN_WORDS, "level": "owner"},
        w.CreateGroup(name="New", members=frozenset({ADA, BEN}), on=ON, level=Level.OWNER),
    ),
    ({"group": "Team", "to": "Squad"}, w.RenameGroup(group=TEAM, to="Squad")),
    ({"group": "Team"}, w.DeleteGroup(group=TEAM)),
    ({"group": "Team", "members": "Ada"}, w.AddToGroup(group=TEAM, members=frozenset({ADA}))),
    ({"group": "Everyone", "members": ["Ada"]}, w.RemoveFromGroup(group=EVERYONE, members=frozenset({ADA}))),
    (ROW_IN_WORDS, w.AddClient(client=ROW)),
    ({"rows": [ROW_IN_WORDS], "grants": GIVEN_IN_WORDS}, w.ImportClients(rows=(ROW,), grants=GIVEN)),
    (
        {"client": "Acme", "name": "Acme Ltd", "reference": "A", "kind": "company", "confidential": "yes"},
        w.ChangeClient(client=ACME, name="Acme Ltd", reference="A", kind="company", confidential=True),
    ),
    ({"client": "Acme"}, w.RemoveClient(client=ACME)),
    ({"client": "Acme"}, w.RestoreClient(client=ACME)),
    (
        {"client": "Boots", "service": "VAT", "reference": "GB 2"},
        w.AddEngagement(client=BOOTS, service=VAT, reference="GB 2"),
    ),
    (
        {"rows": [{"client": "Boots", "service": "VAT", "reference": "GB 2"}]},
        w.ImportEngagements(rows=(w.EngagementRow(client=BOOTS, service=VAT, reference="GB 2"),)),
    ),
    (
        {"client": "Acme", "service": "VAT", "reference": "GB 3"},
        w.ChangeEngagement(engagement=ACME_VAT, reference="GB 3"),
    ),
    ({"client": "Acme", "service": "VAT"}, w.RemoveEngagement(engagement=ACME_VAT)),
    (
        {
            "to": ["Ada", {"group": "Team"}],
            "on": ON_IN_WORDS,
            "level": "blocked",
            "fee_split": "12.5",
            "expires": SOON_IN_WORDS,
        },
        w.SetGrant(to=BOTH, on=ON, level=Level.BLOCKED, fee_split=1_250, expires=SOON),
    ),
    ({"to": {"member": "Ada"}, "on": "Boots"}, w.RemoveGrant(to=BOTH[:1], on=w.On.client(BOOTS))),
    (
        {"group": "Team", "service": "VAT", "client": ["Acme"]},
        w.ExcludeClients(group=TEAM, service=VAT, clients=BitMap([ACME])),
    ),
    (
        {"group": "Team", "service": "VAT", "client": "Acme"},
        w.IncludeClients(group=TEAM, service=VAT, clients=BitMap([ACME])),
    ),
    (
        {"from": "Ada", "to": "Ben", "cap": "reader", "expires": SOON_IN_WORDS, "cascades": False},
        w.SetDelegation(delegator=ADA, delegate=BEN, cap=Level.READER, expires=SOON, cascades=False),
    ),
    ({"from": "Ada", "to": "Ben"}, w.RemoveDelegation(delegator=ADA, delegate=BEN)),
    ({"grants": GIVEN_IN_WORDS, "member": "Ben"}, w.SetDefaults(grants=GIVEN, member=BEN)),
    ({"from": "Ada", "to": "Ben"}, w.CopyAccess(source=ADA, to=BEN)),
    ({"name": "Chinese", "sides": SIDES_IN_WORDS}, w.RaiseWall(name="Chinese", sides=SIDES)),
    (
        {"name": "Chinese", "sides": SIDES_IN_WORDS, "starts": SOON_IN_WORDS, "ends": SOON_IN_WORDS},
        w.RaiseWall(name="Chinese", sides=SIDES, starts=SOON, ends=SOON),
    ),
    ({"name": "Merger", "sides": SIDES_IN_WORDS}, w.ChangeWall(wall=WALL, sides=SIDES)),
    ({"name": "Merger"}, w.AcknowledgeWall(wall=WALL)),
    ({"name": "Merger"}, w.LowerWall(wall=WALL)),
    (
        {"client": "Acme", "level": "reader", "expires": SOON_IN_WORDS},
        w.OpenRequest(client=ACME, level=Level.READER, expires=SOON),
    ),
    ({"client": "Acme"}, w.WithdrawRequest(client=ACME)),
    (
        {"client": "Acme", "member": "Ada", "level": "reader", "expires": SOON_IN_WORDS},
        w.GrantRequest(client=ACME, member=ADA, level=Level.READER, expires=SOON),
    ),
    ({"client": "Acme", "member": "Ada"}, w.DeclineRequest(client=ACME, member=ADA)),
    ({"client": "Acme"}, w.OpenEmergency(client=ACME)),
    ({"client": "Acme", "member": "Ada"}, w.AcknowledgeEmergency(client=ACME, member=ADA)),
    ({"client": "Acme", "member": "Ada"}, w.EndEmergency(client=ACME, member=ADA)),
    (
        {
            "token": "Document store",
            "scopes": ["decide", "search"],
            "digest": "64" * 32,
            "beginning": "ringfence_0000",
            "member": "Ada",
            "expires": SOON_IN_WORDS,
            "addresses": ["203.0.113.7"],
        },
        w.AddToken(
            name="Document store",
            scopes=Scope.DECIDE | Scope.SEARCH,
            digest=b"d" * 32,
            beginning="ringfence_0000",
            member=ADA,
            expires=SOON,
            addresses=("203.0.113.7",),
        ),
    ),
    ({"token": "Tax portal"}, w.RevokeToken(token=1)),
    (
        {"name": "Yearly", "scope": "all", "due": "2026-03-31", "undecided": "remove", "reviewers": "Ada"},
        w.StartReview(
            name="Yearly", scope=ReviewScope(kind="all"), due=CLOSE, undecided="remove", reviewers=(ADA,)
        ),
    ),
    (
        {"name": "N", "scope": {"service": "VAT"}, "due": "2026-03-31"},
        w.StartReview(name="N", scope=ReviewScope(kind="service", number=VAT), due=CLOSE),
    ),
    (
        {"name": "N", "scope": {"group": "Team"}, "due": "2026-03-31"},
        w.StartReview(name="N", scope=ReviewScope(kind="group", number=TEAM), due=CLOSE),
    ),
    (
        {"name": "N", "scope": {"member": "Ben"}, "due": "2026-03-31"},
        w.StartReview(name="N", scope=ReviewScope(kind="member", number=BEN), due=CLOSE),
    ),
    (
        {"name": "N", "scope": ["Acme", "Boots"], "due": "2026-03-31"},
        w.StartReview(
            name="N", scope=ReviewScope(kind="clients", clients=frozenset({ACME, BOOTS})), due=CLOSE
        ),
    ),
    (
        {
            "review": "Yearly",
            "items": [2, "#3", {"to": "Ada", "on": "Acme"}, {"from": "Ada", "to": "Ben"}],
            "decision": "lower",
            "level": "reader",
        },
        w.DecideReview(
            review=1,
            items=w.ReviewItems(
                numbers=BitMap([2, 3]),
                grants=((member_subject(ADA), w.On.client(ACME)),),
                delegations=((ADA, BEN),),
            ),
            decision="lower",
            level=Level.READER,
        ),
    ),
    (
        {"review": "Yearly", "items": 2, "to": "Ben"},
        w.HandOverReview(review=1, items=w.ReviewItems(numbers=BitMap([2])), to=BEN),
    ),
    ({"review": "Yearly", "due": "2026-03-31"}, w.ExtendReview(review=1, due=CLOSE)),
    (
        {"name": "Yearly", "scope": "all", "first": "2026-03-31", "every": "year", "days": 30}
        | {"undecided": "remove", "reviewers": "Ada"},
        w.ScheduleReview(
            name="Yearly",
            scope=ReviewScope(kind="all"),
            first=date(2026, 3, 31),
            every="year",
            days=30,
            undecided="remove",
            reviewers=(ADA,),
        ),
    ),
    ({"review": "Yearly", "name": "Yearly 2026"}, w.BeginReview(review=1, name="Yearly 2026")),
    ({"review": "Yearly"}, w.UnscheduleReview(review=1)),
    ({"review": "Yearly", "undecided": "keep"}, w.CloseReview(review=1, undecided="keep")),
    (
        {
            "policy": "Two people",
            "name": "Three people",
            "mode": "refuse",
            "statements": [{"at_least": 3, "see": {"clients": "all", "except": ["Boots"]}}],
            "text": "at_least: 3",
        },
        w.SetPolicy(
            policy=1,
            name="Three people",
            mode="refuse",
            statements=(AtLeast(number=3, clients=ClientsMeant(all=True, without=frozenset({BOOTS}))),),
            text="at_least: 3",
        ),
    ),
    ({"policy": "Two people"}, w.RemovePolicy(policy=1)),
    (
        {
            "types": {"record": "client"},
            "actions": {
                "open_file": "view",
                "delete": ["remove", {"action": "edit", "properties": {"soft": True}}],
            },
        },
        w.SetNames(
            names=SoftwareNames(
                types={"record": "client"},
                actions=(
                    ActionName("open_file", "view"),
                    ActionName("delete", "remove"),
                    ActionName("delete", "edit", (("soft", "true"),)),
                ),
            )
        ),
    ),
]
"""Each command with all of its arguments but the reason, which every one takes."""

OPTIONAL = {
    "email", "role", "access", "manage_access", "name", "hand_over_to", "members", "on", "level", "services",
    "reference", "kind", "confidential", "grants", "fee_split", "expires", "cap", "cascades", "member",
    "beginning", "addresses", "types", "actions", "external",
    "user_name", "directory", "mode", "statements", "text", "starts", "ends",
    "undecided", "reviewers",
}  # fmt: skip
"""What some command may leave out."""

named = pytest.mark.parametrize(
    ("words", "command"), WHOLE, ids=[command_name(command) for _, command in WHOLE]
)


def read(command: Command, **words: Any) -> Command:
    return parse(command_name(command), words, Cast())


def test_every_command_is_read_here() -> None:
    assert {command_name(command) for _, command in WHOLE} == set(COMMAND_NAMES)
    assert {type(command) for _, command in WHOLE} == HANDLERS.keys()


@named
def test_a_command_with_all_its_arguments_is_read(words: dict[str, Any], command: Command) -> None:
    assert read(command, **words, reason="tidy up") == msgspec.structs.replace(command, reason="tidy up")


@named
def test_an_argument_that_a_command_does_not_take_is_named(words: dict[str, Any], command: Command) -> None:
    if isinstance(command, w.ChangeSettings):
        # Which settings there are, the firm says (`setting` in tests/truth).
        words = {"colour": ["red"]}
    with pytest.raises(BadArgument, match="colour"):
        read(command, **{**words, "reason": "r", "colour": ["red"]})


@named
def test_an_argument_of_the_wrong_kind_is_named(words: dict[str, Any], command: Command) -> None:
    for key in [*words, "reason"]:
        # An engagement is named by client and service together.
        with pytest.raises(BadArgument, match=r"service|client" if key in {"client", "service"} else key):
            read(command, **{"reason": "r", **words, key: [[1]]})


@named
def test_an_argument_that_is_needed_and_missing_is_named(words: dict[str, Any], command: Command) -> None:
    needed = words.keys() - OPTIONAL
    if isinstance(command, w.ChangeSettings):
        needed = set()
    if isinstance(command, w.OpenRequest | w.OpenEmergency):
        needed = needed | {"reason"}
    if isinstance(command, w.AcknowledgeEmergency):
        needed = needed | {"member"}
    for key in needed:
        with pytest.raises(BadArgument, match=f"{key} is missing"):
            read(command, **{name: value for name, value in {"reason": "r", **words}.items() if name != key})


def test_the_note_of_an_acknowledgement_is_the_reason_of_its_entry() -> None:
    words = {"client": "Acme", "member": "Ada", "note": "Seen", "reason": "monthly look"}
    acknowledged = w.AcknowledgeEmergency(client=ACME, member=ADA, reason="Seen monthly look")
    assert parse("emergency.acknowledge", words, Cast()) == acknowledged


@pytest.mark.parametrize("words", [{"level": "chief"}, {"level": "none"}, {"level": True}, {"level": None}])
def test_a_level_that_there_is_not_is_refused(words: dict[str, Any]) -> None:
    with pytest.raises(BadArgument, match="level must be"):
        parse("grant.set", {"to": "Ada", "on": "Acme", **words}, Cast())


def test_a_command_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadArgument, match=r"grant\.give.*grant\.set"):
        parse("grant.give", {}, Cast())


@pytest.mark.parametrize("arguments", [["Ada"], "Ada", 3, None])
def test_arguments_without_names_are_refused(arguments: Any) -> None:
    with pytest.raises(BadArgument, match="by name"):
        parse("member.reactivate", arguments, Cast())


def test_a_day_expires_at_its_close_in_the_firm() -> None:
    command = parse("delegation.set", {"from": "Ada", "to": "Ben", "expires": "2026-01-01"}, Cast())
    assert command == w.SetDelegation(delegator=ADA, delegate=BEN, expires=SOON)


@pytest.mark.parametrize("when", ["tomorrow", "2026-13-01", 20260101, "2026-01-01T25:00", "9999-12-31"])
def test_a_time_that_there_is_not_is_refused(when: Any) -> None:
    with pytest.raises(BadArgument, match="expires"):
        parse("delegation.set", {"from": "Ada", "to": "Ben", "expires": when}, Cast())


@pytest.mark.parametrize(
    ("split", "hundredths"),
    [
        (0, 0),
        (100, 10_000),
        ("33.33 %", 3_333),
        (0.1, 10),
        ("1E1", 1_000),
        (33.333, -1),
        ("10.000000000000000000000000000000001", -1),
        (100.01, -1),
        (-1, -1),
        ("NaN", -1),
        ("1e999999", -1),
    ],
)
def test_a_fee_split_is_read_exactly_or_as_none_that_there_is(split: Any, hundredths: int) -> None:
    command = parse("grant.set", {"to": "Ada", "on": "Acme", "level": "owner", "fee_split": split}, Cast())
    assert isinstance(command, w.SetGrant)
    assert command.fee_split == hundredths


def test_what_has_no_such_name_is_nobody_s_number() -> None:
    command = parse("grant.remove", {"to": ["Zoe", {"group": "Zoo"}], "on": "Zoom"}, Cast())
    assert command == w.RemoveGrant(to=(member_subject(0), group_subject(0)), on=w.On.client(0))


@pytest.mark.parametrize("on", [{"group": "Team"}, {"client": "Acme", "except": []}, {}, None, [["Acme"]]])
def test_a_target_of_no_kind_is_refused(on: Any) -> None:
    with pytest.raises(BadArgument, match="on must be"):
        parse("grant.remove", {"to": "Ada", "on": on}, Cast())
