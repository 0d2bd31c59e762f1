"""Whether the cap lets a standing grant be taken away: the command, carried out and dropped (rules.md 5)."""

from ringfence.core.authority.acting import Acting
from ringfence.core.authority.sharing import sharing_right
from ringfence.core.directory import NO_TEXTS
from ringfence.core.refusals import Refusal, Refused
from ringfence.core.terms import Subject, Target

from .definitions import On, RemoveGrant
from .dispatch import carry_out


def refused_taking(acting: Acting, subject: Subject, target: Target) -> Refused | None:
    """How the cap refuses it; None where it does not, whatever else may be refused."""
    if sharing_right(acting, target) != "capped":
        return None
    command = RemoveGrant(to=(subject,), on=On.target(target))
    try:
        carry_out(acting.moment, NO_TEXTS, command, actor=acting.actor)
    except Refused as refused:
        return refused if refused.refusal is Refusal.ABOVE_OWN_LEVEL else None
    return None
