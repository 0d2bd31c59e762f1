"""What the statements of a firm's policies come to at a moment, with what a change needs to count on.

Kept with the moment's evaluation. How it is brought up to date for a change is in `carrying.py`.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from pyroaring import BitMap

from ringfence.core.decision.moment import Moment
from ringfence.core.statements import (
    AtLeast,
    AtMost,
    AtMostClients,
    AtMostLevel,
    CheckIs,
    ClientsMeant,
    MemberSees,
    MembersMeant,
    Never,
    Only,
    OpenTo,
    Statement,
)

from .checking import CountedPlan, OpenToPlan, SizedPlan, plans_of
from .counting import Counts
from .looking import PolicyLook
from .meant import breakers

NamesMembers = Never | Only | AtMostLevel | AtMostClients
"""Statements that some members alone can break."""
NAMES_CLIENTS = (CheckIs, MemberSees, OpenTo)
"""Statements that name single clients alone."""
Sized = tuple[ClientsMeant, MembersMeant]
"""What sizes are counted of: statements that differ in the number alone have them in common."""


class Tally(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The statements of a firm at a moment. Clients are their first engagements, which never change."""

    broken: dict[Statement, BitMap | None]
    """By statement some of what breaks it, of `AtMostClients` members: empty where it holds, None where that
    is not known any more."""
    meant: Mapping[ClientsMeant, BitMap]
    """The clients that statements mean."""
    breakers: Mapping[NamesMembers, BitMap]
    """The members by whom they can be broken."""
    total: Counts | None
    """How many members see each client; None where no statement asks."""
    sizes: Mapping[Sized, Mapping[int, int]]
    """By member, how many of the clients that are meant they see, if any."""
    seers: Mapping[OpenTo, BitMap]
    """The members who see the client."""
    about: Mapping[ClientsMeant, Sequence[Statement]]
    """The statements by the clients that they mean; without those that name clients alone."""

    def only(self, statements: Iterable[Statement]) -> "Tally":
        """The same of these statements alone, all of which are known: drafts were asked about as well."""
        asked = dict.fromkeys(statements)
        if asked.keys() == self.broken.keys():
            return self
        about = _about(asked)
        sized = {sized_by(each) for each in asked if isinstance(each, AtMostClients)}
        return Tally(
            broken={each: self.broken[each] for each in asked},
            meant={each: places for each, places in self.meant.items() if each in about},
            breakers={each: members for each, members in self.breakers.items() if each in asked},
            total=self.total if any(isinstance(each, AtLeast | AtMost) for each in asked) else None,
            sizes={each: sizes for each, sizes in self.sizes.items() if each in sized},
            seers={each: seers for each, seers in self.seers.items() if each in asked},
            about=about,
        )


def sized_by(statement: AtMostClients) -> Sized:
    return statement.clients, statement.members


def _about(statements: Iterable[Statement]) -> dict[ClientsMeant, list[Statement]]:
    found: dict[ClientsMeant, list[Statement]] = {}
    for each in statements:
        if not isinstance(each, NAMES_CLIENTS):
            found.setdefault(each.clients, []).append(each)
    return found


NOTHING_COUNTED = Tally(broken={}, meant={}, breakers={}, total=None, sizes={}, seers={}, about={})


def counted(moment: Moment, statements: Iterable[Statement], known: Tally = NOTHING_COUNTED) -> Tally:
    """What is known of the moment, and these statements as well, for which the whole firm is looked at."""
    asked = list(dict.fromkeys(statements))
    look = PolicyLook(moment)
    plans = plans_of(look, asked, counts=known.total)
    named, sizes, seers = dict(known.breakers), dict(known.sizes), dict(known.seers)
    total = known.total
    for each, plan in zip(asked, plans, strict=True):
        if isinstance(each, Never | Only | AtMostLevel | AtMostClients):
            named[each] = breakers(moment.state, each)
        match each, plan:
            case _, CountedPlan():
                total = plan.counts
            case AtMostClients(), SizedPlan():
                sizes[sized_by(each)] = plan.sizes
            case OpenTo(), OpenToPlan():
                seers[each] = plan.seers
    broken = {**known.broken, **{each: plan.found() for each, plan in zip(asked, plans, strict=True)}}
    return Tally(
        broken=broken,
        meant={**known.meant, **look.all_meant},
        breakers=named,
        total=total,
        sizes=sizes,
        seers=seers,
        about=_about(broken),
    )
