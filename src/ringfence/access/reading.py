"""What edges ask besides the state itself: names, which clients one may know of, why and how to change it.

Asks only; every write goes through `door.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, NamedTuple

from ringfence.core import events as e
from ringfence.core.authority import cap, changing, knowing, principals, sharing
from ringfence.core.authority.acting import Acting
from ringfence.core.authority.requesting import requestable
from ringfence.core.commands import Refused, taking
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.decision.lasting import lasts_until
from ringfence.core.directory import unique_key
from ringfence.core.explanation.explanation import ClientExplanation, explain_client
from ringfence.core.remedies.remedies import Remedy, client_remedies
from ringfence.core.remedies.self_help import SelfHelp, self_help
from ringfence.core.state.register import RESTORABLE
from ringfence.core.terms import FOREVER, Instant, Level, Role, Subject, Target, Thing
from ringfence.store.name_index import NameIndex
from ringfence.store.names import Names

from .connection import answering, plain
from .door import Preview
from .firm_now import FirmNow
from .sql import among_numbers, numbers_parameter, rows_of
from .writing.tables import TABLES

NAMES = NameIndex()
"""The names that this process keeps."""


def client_names(firm: int) -> Names:
    """The firm's clients in the order of their names, no older than this call.

    Raises `FirmUnknown`, and `StateUnavailable` where the database cannot say.
    """
    with answering():
        return NAMES.current(plain(), firm)


def rows_by_number(
    firm: int, thing: Thing, fields: Sequence[str], column: str, numbers: Iterable[int]
) -> list[tuple[Any, ...]]:
    """These fields of the firm's things of a kind whose `column` is among `numbers`, in order of number.

    One question to the database, none for no number. Whoever asks has made sure that they may be known.
    """
    wanted = list(numbers)
    if not wanted:
        return []
    return rows_of(
        f"SELECT {', '.join(fields)} FROM {TABLES[thing]}"
        f" WHERE firm_id = %s AND {among_numbers(column)} ORDER BY number",
        firm,
        numbers_parameter(wanted),
    )


def rows_by_name(firm: int, thing: Thing, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    """These fields of all the firm's members, groups or services, in order of their names: one question."""
    return rows_of(
        f"SELECT {', '.join(fields)} FROM {TABLES[thing]} WHERE firm_id = %s ORDER BY sort_key, number", firm
    )


def names_at_once(
    firm: int, things: Iterable[Thing], clients: Iterable[int]
) -> dict[Thing, list[tuple[int, str]]]:
    """Number and name of all the firm's things of these kinds, by name, and of these clients: one question.

    Whoever asks has made sure that the clients may be known.
    """
    found: dict[Thing, list[tuple[int, str]]] = {thing: [] for thing in things}
    part = "SELECT '{}' AS thing, number, name, sort_key FROM {} WHERE firm_id = %s"
    parts = [part.format(thing.value, TABLES[thing]) for thing in found]
    given: list[object] = [firm] * len(parts)
    found[Thing.CLIENT] = []
    if wanted := list(clients):
        parts.append(f"{part.format(Thing.CLIENT.value, TABLES[Thing.CLIENT])} AND {among_numbers('number')}")
        given += [firm, numbers_parameter(wanted)]
    if parts:
        union = " UNION ALL ".join(parts)
        for thing, number, name in rows_of(
            f"SELECT thing, number, name FROM ({union}) AS named ORDER BY sort_key, number", *given
        ):
            found[Thing(thing)].append((number, name))
    return found


def refused_managing(firm_now: FirmNow, member: int | None) -> Refused | None:
    """How the core refuses whatever only administrators may do, None where it does not (rules.md 5)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    return sharing.refused_acting(acting) or sharing.refused_managing(acting)


def roles_offered(firm_now: FirmNow, member: int | None, was: Role) -> frozenset[Role]:
    """The roles that the member may give somebody whose role `was`, that one included (rules.md 5)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    return frozenset(will for will in Role if principals.refused_role(acting, was, will) is None)


def refused_sharing(firm_now: FirmNow, member: int | None, target: Target) -> Refused | None:
    """How the core refuses any grant on a client or engagement, None where it may be shared (rules.md 5)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    naming = knowing.refused_engagement if target.kind == "engagement" else knowing.refused_client
    return (
        sharing.refused_acting(acting)
        or naming(acting, target.number)
        or sharing.refused_sharing(acting, target)
    )


def refused_touching(
    firm_now: FirmNow, member: int | None, subject: Subject, target: Target
) -> Refused | None:
    """How the core refuses any change of the grant on what may be shared; None where some may be made."""
    return cap.refused_touching(Acting(moment=firm_now.moment, actor=member), subject, target)


def refused_taking(firm_now: FirmNow, member: int | None, subject: Subject, target: Target) -> Refused | None:
    """How the core refuses to take that grant away, None where it does not (rules.md 5)."""
    return taking.refused_taking(Acting(moment=firm_now.moment, actor=member), subject, target)


def decidable(firm_now: FirmNow, member: int) -> list[tuple[int, int]]:
    """The open requests that the member may decide, by client and asker (rules.md 5, "sharing").

    Also while the firm has requests switched off: then they can be declined alone (rules.md 3).
    """
    asked: dict[int, list[int]] = {}
    for client, asker in firm_now.requests:
        asked.setdefault(client, []).append(asker)
    return [
        (client, asker)
        for client, askers in asked.items()
        if refused_sharing(firm_now, member, Target("client", client)) is None
        for asker in askers
    ]


def may_ask_for(firm_now: FirmNow, member: int, client: int) -> tuple[Level, ...]:
    """The levels that the member could ask for on the client, lowest first (`core.authority.requesting`)."""
    return requestable(firm_now.moment, member, client)


def keeps_until(firm_now: FirmNow, member: int, client: int, level: Level) -> Instant | None:
    """Until when the member keeps their level on the client; None where nothing known ends it."""
    ends = lasts_until(firm_now.moment, member, client, level)
    return None if ends == FOREVER else ends


def refused_on_own_wall(firm_now: FirmNow, member: int, wall: int) -> Refused | None:
    """How the core refuses to let a member who stands on the wall change or lower it (rules.md 5)."""
    return sharing.refused_on_own_wall(Acting(moment=firm_now.moment, actor=member), wall)


def others_who_could(firm_now: FirmNow, member: int, wall: int) -> tuple[int, ...]:
    """Who else could change the wall: active administrators and principals who are not on it."""
    return sharing.others_who_could(Acting(moment=firm_now.moment, actor=member), wall)


def starting_grants(preview: Preview) -> tuple[GrantTo, ...]:
    """The grants that a client starts with which the previewed command would add, by whomever they are."""
    return tuple(
        GrantTo(to=event.subject, level=event.level)
        for event in preview.change.events
        if isinstance(event, e.GrantsSet) and event.kind == "client"
    )


def offers_restoring(firm_now: FirmNow, member: int) -> bool:
    """Whether a list leads the member to the removed clients that they may restore."""
    return changing.offers_restoring(Acting(moment=firm_now.moment, actor=member))


def reads_openings(firm_now: FirmNow, member: int | None, client: int) -> bool:
    """Whether the member is told who opened the client's record: Owners, administrators and auditors are."""
    return knowing.reads_openings(firm_now.moment, member, client)


class ClientRight(StrEnum):
    """What may be changed of a client or of one of its engagements, by the level on it (rules.md 5)."""

    CORRECT = "correct"
    """Its name and client reference."""
    DESCRIBE = "describe"
    """Its other details; adding an engagement."""
    REMOVE = "remove"


class EngagementRight(StrEnum):
    """What may be changed of one engagement, by the level on it (rules.md 5)."""

    REFER = "refer"
    """Its tax reference."""
    END = "end"


_CHANGES: Mapping[ClientRight | EngagementRight, Callable[[Acting, int], Refused | None]] = {
    ClientRight.CORRECT: changing.refused_correcting,
    ClientRight.DESCRIBE: changing.refused_describing,
    ClientRight.REMOVE: changing.refused_removing,
    EngagementRight.REFER: changing.refused_referring,
    EngagementRight.END: changing.refused_ending,
}


def refused_change(
    firm_now: FirmNow, member: int | None, change: ClientRight | EngagementRight, number: int
) -> Refused | None:
    """How the core refuses the change of the client or engagement; None where it may be made (rules.md 5)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    naming = knowing.refused_engagement if isinstance(change, EngagementRight) else knowing.refused_client
    return sharing.refused_acting(acting) or naming(acting, number) or _CHANGES[change](acting, number)


class Removed(NamedTuple):
    """When a client was removed, and until when it can be restored."""

    at: Instant
    until: Instant


def restorable(firm_now: FirmNow, member: int | None) -> dict[int, Removed]:
    """The removed clients that the member may restore yet, by number (rules.md 5, 7)."""
    acting = Acting(moment=firm_now.moment, actor=member)
    if sharing.refused_acting(acting) is not None:
        return {}
    found = changing.restorable(acting)
    return {client: Removed(at, Instant(at + RESTORABLE)) for client, at in found.items()}


def explained(firm_now: FirmNow, member: int, client: int) -> ClientExplanation:
    """Why the member's level on the client is what it is. To show it safely, see `ringfence.wording`."""
    return explain_client(firm_now.moment, member, client)


def ways_in(firm_now: FirmNow, member: int, client: int) -> tuple[Remedy, ...]:
    """The smallest changes that would let a denied member see all of the client, and who may make them."""
    return client_remedies(firm_now.moment, member, client)


def own_roads(firm_now: FirmNow, member: int, client: int) -> tuple[SelfHelp, ...]:
    """How a member who manages access can let themselves in to the client; each command would be accepted."""
    return self_help(firm_now.moment, member, client)


Added = dict[str, list[int]]
"""What is new, by kind: its number, or the first and the last of several in a row."""


def added_by(changes: Iterable[e.Change], before: FirmNow) -> Added:
    """What changes of the firm as it was `before` add that has a number of its own."""
    found: Added = {}
    for event in chain.from_iterable(change.events for change in changes):
        kind, first, last = _added(event, before)
        if kind:
            found[kind] = [min([first, *found.get(kind, [])]), max([last, *found.get(kind, [])])]
    return {kind: [first] if first == last else [first, last] for kind, (first, last) in found.items()}


def _added(event: e.Event, before: FirmNow) -> tuple[str, int, int]:
    """Of which kind the event adds something, its first and its last number; an empty kind for none."""
    match event:
        case e.MemberAdded(member=number):
            return "member", number, number
        case e.GroupCreated(group=number):
            return "group", number, number
        case e.ServiceAdded(service=number):
            return "service", number, number
        case e.ClientsAdded(first_client=number, count=count):
            return "client", number, number + count - 1
        case e.ReviewStarted(review=number) | e.ReviewScheduled(review=number):
            return "review", number, number
        case e.WallSet(wall=number) if number not in before.walls:
            return "wall", number, number
        case e.PolicySet(policy=number) if number not in before.policies:
            return "policy", number, number
    return "", 0, 0


def names_added(texts: Iterable[e.Text], before: FirmNow) -> dict[int, str]:
    """The names of the clients that a change of the firm as it was `before` adds: stored nowhere yet."""
    return {
        text.number: text.fields.get("name", "")
        for text in texts
        if text.thing is Thing.CLIENT and not before.was_client(text.number)
    }


def client_numbered(firm: int, reference: str) -> list[int]:
    """The client of exactly that reference, removed ones too. Who may know it is for whoever asks."""
    key = unique_key(reference)
    if not key or not key.isprintable():
        return []
    rows = rows_of("SELECT number FROM firms_client WHERE firm_id = %s AND reference_key = %s", firm, key)
    return [number for (number,) in rows]
