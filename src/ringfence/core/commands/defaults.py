"""The grants that a new client starts with where none are stated (rules.md 5, `client.add`, and 9, defaults).

The firm's default for Everyone is its administrators' word. Of the creator's personal defaults those apply
that they could set on the client a moment later.
"""

from collections.abc import Sequence

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.cap import refused_above_cap
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment, at
from ringfence.core.refusals import Problem, conflict, invalid, switched_off
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, Level, Subject, Target, group_subject, member_subject
from ringfence.core.values import DefaultGrant, GrantTerms

from .context import Context
from .grants import need_grants_to_give


class Defaults:
    """What applies to each of the clients that a command adds."""

    def __init__(self, context: Context, added: Sequence[e.Event]) -> None:
        """`added` are the events that add the clients, the creator's Owner grants among them."""
        self._context = context
        self._added = added
        self._everyone = everyone_default(context)
        self._personal = personal_defaults(context)
        self._found: dict[frozenset[int], dict[Subject, Level]] = {}

    @property
    def nobody(self) -> bool:
        """Whether there are none, whatever the client."""
        return not self._everyone and not self._personal

    def of(self, client: int, row: w.ClientRow) -> dict[Subject, Level]:
        """By grantee; for the same grantee the creator's own wins. Clients differ in their services alone."""
        services = frozenset(row.services)
        if services not in self._found:
            self._found[services] = self._applied(client)
        return self._found[services]

    def _applied(self, client: int) -> dict[Subject, Level]:
        found = dict(self._everyone)
        if self._personal:
            later = self._a_moment_later(client)
            found |= {
                grant.subject: grant.level
                for grant in self._personal
                if could_set(self._context, later, client, grant)
            }
        return found

    def _a_moment_later(self, client: int) -> Moment:
        firm_default = [
            e.GrantsSet(subject=subject, kind="client", targets=BitMap([client]), level=level)
            for subject, level in self._everyone.items()
        ]
        return at(apply_all(self._context.state, [*self._added, *firm_default]), self._context.now)


def everyone_default(context: Context) -> dict[Subject, Level]:
    """What Everyone gets on a new client; nothing while no grants to it may be made (rules.md 9)."""
    settings = context.settings
    if not settings.everyone_level or not settings.everyone_may_be_granted:
        return {}
    return {group_subject(EVERYONE): settings.everyone_level}


def personal_defaults(context: Context) -> tuple[DefaultGrant, ...]:
    """The creator's own, while they are switched on; none to Everyone where no grant to it may be made."""
    settings = context.settings
    if not settings.personal_defaults or context.actor is None:
        return ()
    mine = context.state.defaults.get(context.actor, ())
    if settings.everyone_may_be_granted:
        return tuple(mine)
    return tuple(grant for grant in mine if grant.subject != group_subject(EVERYONE))


def defaults_left_out(
    before: State, command: w.Command, change: e.Change, *, actor: int | None
) -> tuple[DefaultGrant, ...]:
    """Those of the actor's personal defaults that a new client of the command does not start with.

    A preview says so. None for a command that adds no client, or states the grants of each.
    """
    if actor is None or not before.settings.personal_defaults:
        return ()
    starting = _clients_with_defaults(command, change)
    given: dict[DefaultGrant, BitMap] = {}
    for event in change.events:
        if isinstance(event, e.GrantsSet) and event.kind == "client":
            grant = DefaultGrant(subject=event.subject, level=event.level)
            given[grant] = given.get(grant, EMPTY) | event.targets
    owned = before.settings.creator_owns
    return tuple(
        grant
        for grant in before.defaults.get(actor, ())
        if not (owned and grant.subject == member_subject(actor)) and starting - given.get(grant, EMPTY)
    )


def _clients_with_defaults(command: w.Command, change: e.Change) -> BitMap:
    """The clients that the command adds without stating their grants."""
    if isinstance(command, w.AddClient):
        rows: tuple[w.ClientRow, ...] = (command.client,)
    elif isinstance(command, w.ImportClients) and command.grants is None:
        rows = command.rows
    else:
        return EMPTY
    first = next(event.first_client for event in change.events if isinstance(event, e.ClientsAdded))
    return BitMap(number for number, row in enumerate(rows, first) if row.grants is None)


def could_set(context: Context, later: Moment, client: int, grant: DefaultGrant) -> bool:
    """Whether the creator could set the grant on the client as it stands in `later`."""
    if context.manages_access:
        return True
    target = Target("client", client)
    if not context.is_capped(target, later):
        return False
    return refused_above_cap(context, grant.subject, target, GrantTerms(level=grant.level), later) is None


def set_defaults(context: Context, command: w.SetDefaults) -> list[e.Event]:
    """What stands may be ended while the setting is off; only what is made is refused (rules.md 3)."""
    member = context.actor if command.member is None else command.member
    if member != context.actor:
        context.need_administrator()
    else:
        context.need_access()
    grants = [DefaultGrant(subject=grant.to, level=grant.level) for grant in command.grants]
    was = () if member is None else context.state.defaults.get(member, ())
    made = [grant for grant in grants if grant not in was]
    if made and not context.settings.personal_defaults:
        switched_off(Problem.DEFAULTS_SETTING)
    everyone = group_subject(EVERYONE)
    if not context.settings.everyone_may_be_granted and any(grant.subject == everyone for grant in made):
        switched_off(Problem.EVERYONE_SETTING, "grants")
    if member is None:
        invalid(Problem.NO_MEMBER_ACTING, "member")
    context.need_member(member)
    for grant in command.grants:
        context.need_subject(grant.to, "grants")
    need_grants_to_give(command.grants)
    if set(grants) == set(was):
        conflict()
    return [e.DefaultsSet(member=member, grants=grants)]
