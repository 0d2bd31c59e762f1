"""Which clients a member may be told of (rules.md 3, `inaccessible`; rules.md 5, "not_found").

Knowing is less than seeing: what of a client shows to who knows it is decided elsewhere, by the decision.
"""

from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.decision.walls import walled_from
from ringfence.core.refusals import Problem, Refused, unknown
from ringfence.core.state.holding import EMPTY
from ringfence.core.terms import Capability, Level

from .acting import Acting
from .capability import may


def knows(moment: Moment, actor: int | None, client: int) -> bool:
    """By managing or auditing, by seeing it, or under `named` where no wall stands between.

    `client` is one that is there; None as `actor` is the firm's operator, who knows of all.
    """
    if actor is None or may(moment.state, actor, Capability.KNOW_CLIENTS) or moment.sees(actor, client):
        return True
    return _names_all(moment, actor) and not walled_from(moment.state, actor, client, moment.now)


def refused_client(acting: Acting, client: int, field: str = "client") -> Refused | None:
    """Naming a client that is not there or that the actor may not know of, both alike."""
    if client in acting.state.register.clients and knows(acting.moment, acting.actor, client):
        return None
    return unknown(Problem.UNKNOWN_CLIENT, field)


def refused_engagement(acting: Acting, engagement: int, field: str = "engagement") -> Refused | None:
    """Naming an engagement that is not there or that does not show to the actor, both alike.

    Only engagements that the actor sees show, also of a client known by name (rules.md 2, 5).
    """
    register, actor = acting.state.register, acting.actor
    if engagement in register.engagements and knows(acting.moment, actor, register.client_of[engagement]):
        if actor is None or may(acting.state, actor, Capability.KNOW_CLIENTS):
            return None
        if acting.moment.can(actor, engagement):
            return None
    return unknown(Problem.UNKNOWN_ENGAGEMENT, field)


def known_clients(moment: Moment, actor: int | None) -> BitMap:
    """All clients there that `knows` says yes to, as a set."""
    clients = moment.state.register.clients
    if actor is None or may(moment.state, actor, Capability.KNOW_CLIENTS):
        return clients
    if _names_all(moment, actor):
        return clients - moment.evaluation.kept_from(actor)
    return moment.clients(actor) if may(moment.state, actor, Capability.MEMBER) else EMPTY


def groups_named(moment: Moment, actor: int | None) -> frozenset[int]:
    """The groups that lists name beside a client that the actor sees, and offer to filter by.

    Members may know every group (rules.md 9); of which clients are in it, under `hidden` they are told of
    their own groups and of Everyone alone. Who may know every client is told of all.
    """
    state = moment.state
    if actor is None or may(state, actor, Capability.KNOW_CLIENTS) or _names_all(moment, actor):
        return frozenset(state.groups)
    if not may(state, actor, Capability.MEMBER):
        return frozenset()
    return frozenset(group for group, members in state.groups.items() if actor in members)


def offered_services(moment: Moment, actor: int | None) -> frozenset[int]:
    """The services that a list or form offers to choose from (rules.md 9, services).

    Under `hidden`, who may not know every client is offered those alone of which they see an engagement.
    """
    state = moment.state
    if actor is None or may(state, actor, Capability.KNOW_CLIENTS) or _names_all(moment, actor):
        return state.services
    seen = moment.reach(actor).see
    return frozenset(
        service for service in state.services if seen.intersect(state.register.by_service.get(service, EMPTY))
    )


def reads_openings(moment: Moment, actor: int | None, client: int) -> bool:
    """Whether the actor is told who opened the record: its Owners are, and who reads the control side."""
    if actor is None or may(moment.state, actor, Capability.READ_CONTROL):
        return True
    return moment.client_level(actor, client) is Level.OWNER


def _names_all(moment: Moment, actor: int) -> bool:
    named = moment.state.settings.inaccessible == "named"
    return named and may(moment.state, actor, Capability.MEMBER)
