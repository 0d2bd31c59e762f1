"""Who may change a client, its services and its documents by their level on it (rules.md 5).

Asked by commands and by pages that offer these changes. What is sharing besides is in `sharing.py`.
"""

from collections.abc import Iterable

from ringfence.core import events as e
from ringfence.core.apply.apply import apply_all
from ringfence.core.decision.moment import Moment, at
from ringfence.core.refusals import Problem, Refused, unknown
from ringfence.core.terms import Instant, Level, Target, member_subject

from .acting import Acting
from .knowing import knows
from .sharing import administers, refused_below


def refused_correcting(acting: Acting, client: int) -> Refused | None:
    """Another name or client reference: Editor of the whole; administrators may always correct these."""
    return None if administers(acting) else refused_describing(acting, client)


def refused_describing(acting: Acting, client: int) -> Refused | None:
    """The client's other details: Editor of the whole, whoever asks."""
    return refused_below(acting, Target("client", client), Level.EDITOR)


def refused_removing(acting: Acting, client: int) -> Refused | None:
    """Removing the client: Owner of the whole, administrators, principals."""
    return None if administers(acting) else refused_below(acting, Target("client", client), Level.OWNER)


def refused_referring(acting: Acting, engagement: int) -> Refused | None:
    """Another tax reference: Editor of the engagement (rules.md 9); administrators may always correct it."""
    return (
        None if administers(acting) else refused_below(acting, Target("engagement", engagement), Level.EDITOR)
    )


def refused_ending(acting: Acting, engagement: int) -> Refused | None:
    """Removing an engagement: Owner of it (rules.md 9), administrators, principals."""
    return (
        None if administers(acting) else refused_below(acting, Target("engagement", engagement), Level.OWNER)
    )


def refused_restoring(acting: Acting, client: int) -> Refused | None:
    """Restoring a removed client: who would be Owner of it as it comes back, administrators, principals."""
    return None if administers(acting) else _refused_as_owner(acting, _as_restored(acting, [client]), client)


def restorable(acting: Acting) -> dict[int, Instant]:
    """The removed clients that the actor may restore yet, with when each was removed (rules.md 7, 9)."""
    register = acting.state.register
    kept = {
        client: removed
        for client, removed in register.removed.items()
        if not register.gone_for_good(client, acting.now)
    }
    if not kept or administers(acting):
        return kept
    back = _as_restored(acting, kept)
    return {
        client: removed for client, removed in kept.items() if _refused_as_owner(acting, back, client) is None
    }


def offers_restoring(acting: Acting) -> bool:
    """Whether a list leads the actor to the removed clients: they manage the firm, or own one by themselves.

    Looked at on each list, so nothing is worked out; who is Owner by other ways finds it when they remove it.
    """
    register = acting.state.register
    kept = [client for client in register.removed if not register.gone_for_good(client, acting.now)]
    if not kept or acting.actor is None or administers(acting):
        return bool(kept)
    own = acting.state.held_by(member_subject(acting.actor))
    return any(own.level_on(Target("client", client)) is Level.OWNER for client in kept)


def _as_restored(acting: Acting, clients: Iterable[int]) -> Moment:
    return at(apply_all(acting.state, [e.ClientRestored(client=each) for each in clients]), acting.now)


def _refused_as_owner(acting: Acting, back: Moment, client: int) -> Refused | None:
    if not knows(back, acting.actor, client):
        return unknown(Problem.UNKNOWN_CLIENT, "client")
    return refused_below(Acting(moment=back, actor=acting.actor), Target("client", client), Level.OWNER)
