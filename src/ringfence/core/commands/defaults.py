"""The grants that a new client starts with where none are stated (rules.md 5, `client.add`, and 9, defaults).

The firm's default for Everyone is its administrators' word. Of the creator's personal defaults those apply
that they could set on the client a moment later.
"""

from collections.abc import Sequence

from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.authority.cap import need_within_cap
from ringfence.core.authority.sharing import manages_access, sharing_right
from ringfence.core.commands import definitions as w
from ringfence.core.decision.moment import Moment, at
from ringfence.core.refusals import Refused
from ringfence.core.terms import EVERYONE, Level, Subject, Target, group_subject
from ringfence.core.values import DefaultGrant, Standing

from .context import Desk


class Defaults:
    """What applies to each of the clients that a command adds."""

    def __init__(self, desk: Desk, added: Sequence[e.Event]) -> None:
        """`added` are the events that add the clients, the creator's Owner grants among them."""
        self._desk = desk
        self._added = added
        self._everyone = everyone_default(desk)
        self._personal = personal_defaults(desk)
        self._found: dict[frozenset[int], dict[Subject, Level]] = {}

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
                if could_set(self._desk, later, client, grant)
            }
        return found

    def _a_moment_later(self, client: int) -> Moment:
        firm_default = [
            e.GrantsSet(subject=subject, kind="client", targets=BitMap([client]), level=level)
            for subject, level in self._everyone.items()
        ]
        return at(apply_all(self._desk.state, [*self._added, *firm_default]), self._desk.now)


def everyone_default(desk: Desk) -> dict[Subject, Level]:
    """What Everyone gets on a new client; nothing while no grants to it may be made (rules.md 9)."""
    settings = desk.settings
    if not settings.everyone_level or not settings.everyone_may_be_granted:
        return {}
    return {group_subject(EVERYONE): settings.everyone_level}


def personal_defaults(desk: Desk) -> tuple[DefaultGrant, ...]:
    """The creator's own, while they are switched on; none to Everyone where no grant to it may be made."""
    settings = desk.settings
    if not settings.personal_defaults or desk.actor is None:
        return ()
    mine = desk.state.defaults.get(desk.actor, ())
    if settings.everyone_may_be_granted:
        return tuple(mine)
    return tuple(grant for grant in mine if grant.subject != group_subject(EVERYONE))


def could_set(desk: Desk, later: Moment, client: int, grant: DefaultGrant) -> bool:
    """Whether the creator could set the grant on the client as it stands in `later`."""
    if manages_access(desk):
        return True
    target = Target("client", client)
    if sharing_right(desk, target, later) is None:
        return False
    try:
        need_within_cap(desk, grant.subject, target, Standing(level=grant.level), later)
    except Refused:
        return False
    return True
