"""A command from its name and arguments in words, as scenario files and the command line state them.

One line per argument of rules.md 7; how an argument is read is in `arguments.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core.terms import Level, Role, Thing

from . import definitions as w
from . import statement_arguments as statements
from .arguments import Arguments, BadArgument, Naming

__all__ = ["COMMAND_NAMES", "Arguments", "BadArgument", "Naming", "parse"]


T = TypeVar("T")


def parse(name: str, arguments: Mapping[str, Any], names: Naming) -> w.Command:
    """The command; raises `BadArgument` for an unknown command or argument, or one of the wrong kind."""
    maker = _MAKERS.get(name)
    if maker is None:
        raise BadArgument(f"there is no command {name!r}; choose one of: {', '.join(sorted(_MAKERS))}")
    reader = Arguments(arguments, names)
    command = maker(reader)
    reader.need_all_read(name)
    return command


def _client_row(r: Arguments) -> w.ClientRow:
    return w.ClientRow(
        name=r.text("client"),
        reference=r.maybe("reference", r.text, ""),
        kind=r.maybe("kind", r.text, ""),
        confidential=r.maybe("confidential", r.flag, False),
        services=r.maybe("services", r.services, {}),
        grants=r.maybe("grants", r.grants, None),
    )


def _rows(r: Arguments, read: Callable[[Arguments], T]) -> tuple[T, ...]:
    readers = r.each("rows")
    rows = tuple(map(read, readers))
    for reader in readers:
        reader.need_all_read("a row")
    return rows


def _engagement_row(r: Arguments) -> w.EngagementRow:
    return w.EngagementRow(
        client=_client(r),
        service=r.number("service", Thing.SERVICE),
        reference=r.maybe("reference", r.text, ""),
    )


def _settings(r: Arguments) -> w.ChangeSettings:
    reason = _reason(r)
    return w.ChangeSettings(values={key: r.setting(key) for key in list(r.left)}, reason=reason)


def _reason(r: Arguments) -> str:
    return str(r.maybe("reason", r.text, ""))


def _note(r: Arguments) -> str:
    """The note, which is the ledger's reason for the entry; both are one text where both are given."""
    return " ".join(text for text in (str(r.maybe("note", r.text, "")), _reason(r)) if text)


def _directory(r: Arguments) -> bool:
    """Whether the firm's directory says so."""
    return bool(r.maybe("directory", r.flag, False))


def _member(r: Arguments, key: str = "member") -> int:
    return r.number(key, Thing.MEMBER)


def _review(r: Arguments) -> int:
    return r.number("review", Thing.REVIEW)


def _client(r: Arguments) -> int:
    return r.number("client", Thing.CLIENT)


def _set_policy(r: Arguments) -> w.SetPolicy:
    """The policy of that name; a new one of that name where there is none."""
    called = r.text("policy")
    number = r.names.number(Thing.POLICY, called)
    named = UNSET if number else called
    return w.SetPolicy(
        policy=number,
        name=r.maybe("name", r.text, named),
        mode=r.maybe("mode", lambda key: statements.mode(r, key), UNSET),
        statements=r.maybe("statements", lambda key: statements.statements(r, key), UNSET),
        text=r.maybe("text", r.text, UNSET),
        reason=_reason(r),
    )


_MAKERS: dict[str, Callable[[Arguments], w.Command]] = {
    "control.turn_on": lambda r: w.TurnOn(reason=_reason(r)),
    "control.turn_off": lambda r: w.TurnOff(reason=_reason(r)),
    "settings.change": _settings,
    "member.add": lambda r: w.AddMember(
        name=r.text("member"),
        email=r.maybe("email", r.text, ""),
        external=r.maybe("external", r.text, ""),
        user_name=r.maybe("user_name", r.text, ""),
        role=r.maybe("role", r.role, Role.STANDARD),
        access=r.maybe("access", r.flag, UNSET),
        manage_access=r.maybe("manage_access", r.flag, False),
        reason=_reason(r),
    ),
    "member.change": lambda r: w.ChangeMember(
        member=_member(r),
        name=r.maybe("name", r.text, UNSET),
        email=r.maybe("email", r.text, UNSET),
        external=r.maybe("external", r.text, UNSET),
        user_name=r.maybe("user_name", r.text, UNSET),
        role=r.maybe("role", r.role, UNSET),
        access=r.maybe("access", r.flag, UNSET),
        manage_access=r.maybe("manage_access", r.flag, UNSET),
        reason=_reason(r),
    ),
    "member.deactivate": lambda r: w.DeactivateMember(
        member=_member(r),
        hand_over_to=r.maybe("hand_over_to", lambda key: _member(r, key), None),
        directory=_directory(r),
        reason=_reason(r),
    ),
    "member.reactivate": lambda r: w.ReactivateMember(member=_member(r), reason=_reason(r)),
    "successor.set": lambda r: w.SetSuccessor(
        member=r.maybe("member", lambda key: _member(r, key), None), reason=_reason(r)
    ),
    "service.add": lambda r: w.AddService(name=r.text("service"), reason=_reason(r)),
    "service.rename": lambda r: w.RenameService(
        service=r.number("service", Thing.SERVICE), to=r.text("to"), reason=_reason(r)
    ),
    "service.remove": lambda r: w.RemoveService(
        service=r.number("service", Thing.SERVICE), reason=_reason(r)
    ),
    "group.create": lambda r: w.CreateGroup(
        name=r.text("group"),
        members=r.maybe("members", lambda key: r.numbers(key, Thing.MEMBER), frozenset()),
        on=r.maybe("on", r.on, w.On()),
        level=r.maybe("level", r.level, Level.EDITOR),
        external=r.maybe("external", r.text, ""),
        directory=_directory(r),
        reason=_reason(r),
    ),
    "group.rename": lambda r: w.RenameGroup(
        group=r.group("group"), to=r.text("to"), directory=_directory(r), reason=_reason(r)
    ),
    "group.change": lambda r: w.ChangeGroup(
        group=r.group("group"),
        external=r.maybe("external", r.text, UNSET),
        directory=r.maybe("directory", r.flag, UNSET),
        reason=_reason(r),
    ),
    "group.delete": lambda r: w.DeleteGroup(
        group=r.group("group"), directory=_directory(r), reason=_reason(r)
    ),
    "group.add_members": lambda r: w.AddToGroup(
        group=r.group("group"),
        members=r.numbers("members", Thing.MEMBER),
        directory=_directory(r),
        reason=_reason(r),
    ),
    "group.remove_members": lambda r: w.RemoveFromGroup(
        group=r.group("group"),
        members=r.numbers("members", Thing.MEMBER),
        directory=_directory(r),
        reason=_reason(r),
    ),
    "client.add": lambda r: w.AddClient(client=_client_row(r), reason=_reason(r)),
    "client.import": lambda r: w.ImportClients(
        rows=_rows(r, _client_row), grants=r.maybe("grants", r.grants, None), reason=_reason(r)
    ),
    "client.change": lambda r: w.ChangeClient(
        client=_client(r),
        name=r.maybe("name", r.text, UNSET),
        reference=r.maybe("reference", r.text, UNSET),
        kind=r.maybe("kind", r.text, UNSET),
        confidential=r.maybe("confidential", r.flag, UNSET),
        reason=_reason(r),
    ),
    "client.remove": lambda r: w.RemoveClient(client=_client(r), reason=_reason(r)),
    "client.restore": lambda r: w.RestoreClient(client=_client(r), reason=_reason(r)),
    "engagement.add": lambda r: w.AddEngagement(
        client=_client(r),
        service=r.number("service", Thing.SERVICE),
        reference=r.maybe("reference", r.text, ""),
        reason=_reason(r),
    ),
    "engagement.import": lambda r: w.ImportEngagements(rows=_rows(r, _engagement_row), reason=_reason(r)),
    "engagement.change": lambda r: w.ChangeEngagement(
        engagement=r.engagement(), reference=r.maybe("reference", r.text, ""), reason=_reason(r)
    ),
    "engagement.remove": lambda r: w.RemoveEngagement(engagement=r.engagement(), reason=_reason(r)),
    "grant.set": lambda r: w.SetGrant(
        to=r.subjects("to"),
        on=r.on("on"),
        level=r.level("level"),
        expires=r.maybe("expires", r.when, None),
        fee_split=r.maybe("fee_split", r.fee_split, None),
        reason=_reason(r),
    ),
    "grant.remove": lambda r: w.RemoveGrant(to=r.subjects("to"), on=r.on("on"), reason=_reason(r)),
    "grant.exclude": lambda r: w.ExcludeClients(
        group=r.group("group"),
        service=r.number("service", Thing.SERVICE),
        clients=BitMap(r.numbers("client", Thing.CLIENT)),
        reason=_reason(r),
    ),
    "grant.include": lambda r: w.IncludeClients(
        group=r.group("group"),
        service=r.number("service", Thing.SERVICE),
        clients=BitMap(r.numbers("client", Thing.CLIENT)),
        reason=_reason(r),
    ),
    "delegation.set": lambda r: w.SetDelegation(
        delegator=_member(r, "from"),
        delegate=_member(r, "to"),
        cap=r.maybe("cap", r.level, Level.OWNER),
        expires=r.maybe("expires", r.when, None),
        cascades=r.maybe("cascades", r.flag, True),
        reason=_reason(r),
    ),
    "delegation.remove": lambda r: w.RemoveDelegation(
        delegator=_member(r, "from"), delegate=_member(r, "to"), reason=_reason(r)
    ),
    "defaults.set": lambda r: w.SetDefaults(
        grants=r.grants("grants"),
        member=r.maybe("member", lambda key: _member(r, key), None),
        reason=_reason(r),
    ),
    "access.copy": lambda r: w.CopyAccess(source=_member(r, "from"), to=_member(r, "to"), reason=_reason(r)),
    "wall.raise": lambda r: w.RaiseWall(
        name=r.text("name"),
        sides=r.sides("sides"),
        starts=r.maybe("starts", r.start, None),
        ends=r.maybe("ends", r.when, None),
        reason=_reason(r),
    ),
    "wall.change": lambda r: w.ChangeWall(
        wall=r.number("name", Thing.WALL),
        sides=r.sides("sides"),
        starts=r.maybe("starts", r.start, None),
        ends=r.maybe("ends", r.when, None),
        reason=_reason(r),
    ),
    "wall.acknowledge": lambda r: w.AcknowledgeWall(wall=r.number("name", Thing.WALL), reason=_reason(r)),
    "wall.lower": lambda r: w.LowerWall(wall=r.number("name", Thing.WALL), reason=_reason(r)),
    "request.open": lambda r: w.OpenRequest(
        client=_client(r),
        level=r.maybe("level", r.level, Level.EDITOR),
        expires=r.maybe("expires", r.when, None),
        reason=r.text("reason"),
    ),
    "request.withdraw": lambda r: w.WithdrawRequest(client=_client(r), reason=_reason(r)),
    "request.grant": lambda r: w.GrantRequest(
        client=_client(r),
        member=_member(r),
        level=r.maybe("level", r.level, None),
        expires=r.maybe("expires", r.when, None),
        reason=_reason(r),
    ),
    "request.decline": lambda r: w.DeclineRequest(client=_client(r), member=_member(r), reason=_reason(r)),
    "review.start": lambda r: w.StartReview(
        name=r.text("name"),
        scope=r.scope("scope"),
        due=r.time("due"),
        undecided=r.maybe("undecided", r.undecided, "keep"),
        reviewers=r.maybe("reviewers", lambda key: tuple(sorted(r.numbers(key, Thing.MEMBER))), ()),
        reason=_reason(r),
    ),
    "review.decide": lambda r: w.DecideReview(
        review=_review(r),
        items=r.items("items"),
        decision=r.decision("decision"),
        level=r.maybe("level", r.level, Level.NONE),
        reason=_reason(r),
    ),
    "review.hand_over": lambda r: w.HandOverReview(
        review=_review(r), items=r.items("items"), to=_member(r, "to"), reason=_reason(r)
    ),
    "review.extend": lambda r: w.ExtendReview(review=_review(r), due=r.time("due"), reason=_reason(r)),
    "review.close": lambda r: w.CloseReview(
        review=_review(r), undecided=r.maybe("undecided", r.undecided, None), reason=_reason(r)
    ),
    "review.schedule": lambda r: w.ScheduleReview(
        name=r.text("name"),
        scope=r.scope("scope"),
        first=r.day("first"),
        every=r.every("every"),
        days=r.days("days"),
        undecided=r.maybe("undecided", r.undecided, "keep"),
        reviewers=r.maybe("reviewers", lambda key: tuple(sorted(r.numbers(key, Thing.MEMBER))), ()),
        reason=_reason(r),
    ),
    "review.begin": lambda r: w.BeginReview(review=_review(r), name=r.text("name"), reason=_reason(r)),
    "review.unschedule": lambda r: w.UnscheduleReview(review=_review(r), reason=_reason(r)),
    "emergency.open": lambda r: w.OpenEmergency(client=_client(r), reason=r.text("reason")),
    "emergency.acknowledge": lambda r: w.AcknowledgeEmergency(
        client=_client(r), member=_member(r), reason=_note(r)
    ),
    "emergency.end": lambda r: w.EndEmergency(
        client=_client(r), member=r.maybe("member", lambda key: _member(r, key), None), reason=_reason(r)
    ),
    "token.add": lambda r: w.AddToken(
        name=r.text("token"),
        scopes=r.scopes("scopes"),
        digest=r.digest("digest"),
        beginning=r.maybe("beginning", r.text, ""),
        member=r.maybe("member", lambda key: _member(r, key), None),
        expires=r.maybe("expires", r.when, None),
        addresses=r.maybe("addresses", r.texts, ()),
        reason=_reason(r),
    ),
    "policy.set": _set_policy,
    "policy.remove": lambda r: w.RemovePolicy(policy=r.number("policy", Thing.POLICY), reason=_reason(r)),
    "names.set": lambda r: w.SetNames(names=r.software_names(), reason=_reason(r)),
    "token.revoke": lambda r: w.RevokeToken(token=r.number("token", Thing.TOKEN), reason=_reason(r)),
}
COMMAND_NAMES = tuple(_MAKERS)
