"""What a command is carried out in: the firm it meets, who gives it, which names are taken.

Refusals are looked for in the order of rules.md 7; every handler is written in that order. Checks that need
the state afterwards are in `invariants.py`.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from pyroaring import BitMap

from ringfence.core.authority import sharing
from ringfence.core.authority.acting import Acting
from ringfence.core.authority.cap import refused_above_cap
from ringfence.core.authority.knowing import refused_client, refused_engagement
from ringfence.core.decision.moment import Moment
from ringfence.core.directory import Directory, unique_key
from ringfence.core.refusals import Problem, Refusal, Refused, invalid, missing, need
from ringfence.core.terms import Instant, Level, Subject, Target, Thing
from ringfence.core.values import GrantTerms, Member

Right = Callable[[Acting, int], Refused | None]
"""A question of `authority/changing.py` about the client or engagement of that number."""

MEMBERS_OWN = {
    "email": Problem.EMAIL_IN_USE,
    "external": Problem.EXTERNAL_IN_USE,
    "user_name": Problem.USER_NAME_IN_USE,
}
"""The texts that no two members of a firm share, and how one that another has is refused (rules.md 5)."""


class Together(Protocol):
    """The list that a command is part of (`lists.py`): rights are judged at its start, guards at its end."""

    capped: list[Target]
    """What the list's capped grants are on; whether they open anything is judged at its end."""
    own: list[Target]
    """Those of them that are grants of the actor's own; whether they raise anything, likewise."""

    def moment_for(self, target: Target | None) -> Moment:
        """When rights on the target are judged; None for those that concern no client."""


class Context(Acting, frozen=True, kw_only=True, eq=False):
    """One command being worked on. `actor` None is the firm's operator: authority is not checked."""

    directory: Directory
    together: Together | None = None
    """The list that the command is part of; None for one by itself."""

    def judged(self, target: Target | None = None) -> Acting:
        """The actor in the firm by which their rights on the target are judged (rules.md 9, lists)."""
        if self.together is None:
            return self
        return Acting(moment=self.together.moment_for(target), actor=self.actor)

    # --- What is there

    def need_member(self, number: int, field: str = "member") -> Member:
        member = self.state.members.get(number)
        return member if member is not None else missing(Problem.UNKNOWN_MEMBER, field)

    def need_group(self, number: int, field: str = "group") -> None:
        if number not in self.state.groups:
            missing(Problem.UNKNOWN_GROUP, field)

    def need_service(self, number: int, field: str = "service") -> None:
        if number not in self.state.services:
            missing(Problem.UNKNOWN_SERVICE, field)

    def need_subject(self, subject: Subject, field: str = "to") -> None:
        if subject.kind == "member":
            self.need_member(subject.number, field)
        else:
            self.need_group(subject.number, field)

    # --- What the actor may know of (rules.md 5)

    def need_client(self, number: int, field: str = "client") -> None:
        """Refuses a client that is not there or that the actor may not know of, both alike."""
        need(refused_client(self.judged(Target("client", number)), number, field))

    def need_engagement(self, number: int, field: str = "engagement") -> int:
        """The engagement's client; refused where the actor may not know of that engagement."""
        need(refused_engagement(self.judged(Target("engagement", number)), number, field))
        return self.state.register.client_of[number]

    # --- What the actor may do (rules.md 5)

    @property
    def administers(self) -> bool:
        return sharing.administers(self.judged())

    @property
    def manages_access(self) -> bool:
        return sharing.manages_access(self.judged())

    def need_administrator(self) -> None:
        need(sharing.refused_managing(self.judged()))

    def need_access(self) -> None:
        """Refuses whoever may not use client records at all."""
        need(sharing.refused_using(self.judged()))

    def need_sharing(self, target: Target, later: Moment | None = None) -> None:
        """Refuses whoever may not share the target; `later` is another state to look at."""
        need(sharing.refused_sharing(self.judged(target), target, later))

    def need_no_own_wall(self, clients: BitMap) -> None:
        """Refuses sharing clients that a wall keeps from the actor while another could."""
        need(sharing.refused_by_own_wall(self.judged(), clients))

    def need_level(self, target: Target, level: Level) -> None:
        """Refuses whoever has less than `level` by the decision."""
        need(sharing.refused_below(self.judged(target), target, level))

    def need_right(self, refused: Right, target: Target) -> None:
        """Refuses as `authority/changing.py` does; in a list, rights at its start or at a birth do."""
        if refused(self.judged(), target.number) is not None:
            need(refused(self.judged(target), target.number))

    def need_within_cap(
        self, subject: Subject, target: Target, new: GrantTerms | None, later: Moment | None = None
    ) -> None:
        """Refuses a grant beyond the cap of who shares by the setting; None takes the grant away."""
        need(self.above_cap(subject, target, new, later))

    def above_cap(
        self, subject: Subject, target: Target, new: GrantTerms | None, later: Moment | None = None
    ) -> Refused | None:
        """How a grant beyond that cap is refused; None where it is within."""
        return refused_above_cap(self.judged(target), subject, target, new, later)

    def is_capped(self, target: Target, later: Moment | None = None) -> bool:
        """Whether the actor shares the target by the firm's setting alone."""
        return sharing.sharing_right(self.judged(target), target, later) == "capped"

    # --- Names

    def holds_references(self, client: int) -> bool:
        """Whether the client is there or may be restored yet; else its references are free (rules.md 9)."""
        return not self.state.register.gone_for_good(client, self.now)

    def free_name(self, thing: Thing, name: str, field: str, mine: int | None = None) -> None:
        """Refuses a name that something else of the kind has (rules.md 5)."""
        found = self.directory.named(thing, unique_key(name))
        if found is not None and found != mine:
            raise Refused(Refusal.NAME_TAKEN, Problem.NAME_IN_USE, field)

    def free_for_member(self, fields: Mapping[str, str], mine: int | None = None) -> None:
        """Refuses those of a member's texts that are `MEMBERS_OWN` and that another member has."""
        stated = {field: text for field in MEMBERS_OWN if (text := fields.get(field))}
        if not stated:
            return
        found = self.directory.members_named({field: unique_key(text) for field, text in stated.items()})
        for field, problem in MEMBERS_OWN.items():
            if found.get(field, mine) != mine:
                raise Refused(Refusal.NAME_TAKEN, problem, field)

    # --- Times

    def need_future(self, expires: Instant | None, field: str = "expires") -> None:
        """Refuses an expiry that has passed."""
        if expires is not None and expires <= self.now:
            invalid(Problem.EXPIRY_PASSED, field)
