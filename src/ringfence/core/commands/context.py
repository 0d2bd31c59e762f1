"""Where a command is worked on: the state it meets, who gives it, and how it is refused.

Refusals are looked for in the order of rules.md 7; every handler is written in that order. Checks that need
the state afterwards are in `invariants.py`.
"""

import msgspec

from ringfence.core.authority.capability import may
from ringfence.core.authority.knowing import knows
from ringfence.core.decision.moment import Moment
from ringfence.core.directory import Directory, unique_key
from ringfence.core.refusals import Problem, Refusal, Refused, invalid, missing
from ringfence.core.settings import Settings
from ringfence.core.state.state import State
from ringfence.core.terms import Capability, Instant, Subject, Thing
from ringfence.core.values import Member


class Desk(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One command being worked on. `actor` None is the firm's operator: authority is not checked."""

    moment: Moment
    directory: Directory
    actor: int | None

    @property
    def state(self) -> State:
        return self.moment.state

    @property
    def settings(self) -> Settings:
        return self.moment.state.settings

    @property
    def now(self) -> Instant:
        return self.moment.now

    @property
    def acting(self) -> Member | None:
        """The member who gives the command; None for the operator."""
        return None if self.actor is None else self.state.members.get(self.actor)

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
        if number not in self.state.register.clients or not self.knows(number):
            missing(Problem.UNKNOWN_CLIENT, field)

    def knows(self, client: int) -> bool:
        """May the actor be told that the client exists: by managing, auditing, seeing, or under `named`?"""
        return knows(self.moment, self.actor, client)

    def need_engagement(self, number: int, field: str = "engagement") -> int:
        """The engagement's client; refused where the actor may not know of that engagement."""
        register = self.state.register
        if number not in register.engagements:
            missing(Problem.UNKNOWN_ENGAGEMENT, field)
        client = register.client_of[number]
        if not self.knows(client) or not self._shows(number):
            missing(Problem.UNKNOWN_ENGAGEMENT, field)
        return client

    def _shows(self, engagement: int) -> bool:
        """Only engagements that the actor sees show, also of a client known by name (rules.md 2, 5)."""
        if self.actor is None or may(self.state, self.actor, Capability.KNOW_CLIENTS):
            return True
        return self.moment.can(self.actor, engagement)

    # --- Names

    def free_name(self, thing: Thing, name: str, field: str, mine: int | None = None) -> None:
        """Refuses a name that something else of the kind has (rules.md 5)."""
        found = self.directory.named(thing, unique_key(name))
        if found is not None and found != mine:
            problem = Problem.EMAIL_IN_USE if thing is Thing.MEMBER else Problem.NAME_IN_USE
            raise Refused(Refusal.NAME_TAKEN, problem, field)


def need_future(desk: Desk, expires: Instant | None, field: str = "expires") -> None:
    if expires is not None and expires <= desk.now:
        invalid(Problem.EXPIRY_PASSED, field)
