"""Where a command is worked on: the state it meets, who gives it, and how it is refused.

Refusals are looked for in the order of rules.md 7; every handler is written in that order. Checks that need
the state afterwards are in `invariants.py`.
"""

from enum import StrEnum
from typing import NoReturn

import msgspec

from ringfence.core.authority.capability import may
from ringfence.core.authority.knowing import knows
from ringfence.core.decision.moment import Moment
from ringfence.core.directory import Directory, unique_key
from ringfence.core.settings import Settings
from ringfence.core.state.state import State
from ringfence.core.terms import Capability, Instant, Refusal, Subject, Thing
from ringfence.core.values import Member


class Problem(StrEnum):
    """What exactly was wrong: the key of the sentence that a person is shown, which says what to do."""

    UNKNOWN_CLIENT = "unknown_client"
    UNKNOWN_ENGAGEMENT = "unknown_engagement"
    UNKNOWN_MEMBER = "unknown_member"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_WALL = "unknown_wall"
    UNKNOWN_GRANT = "unknown_grant"
    UNKNOWN_DELEGATION = "unknown_delegation"
    UNKNOWN_REQUEST = "unknown_request"
    TOO_LATE_TO_RESTORE = "too_late_to_restore"
    INACTIVE_ACTOR = "inactive_actor"
    ONLY_ADMINISTRATORS = "only_administrators"
    ONLY_PRINCIPALS = "only_principals"
    ONLY_SHARERS = "only_sharers"
    ONLY_EDITORS = "only_editors"
    ONLY_OWNERS = "only_owners"
    ONLY_WITH_ACCESS = "only_with_access"
    ONLY_DELEGATOR = "only_delegator"
    OWN_WALL = "own_wall"
    EVERYONE_SETTING = "everyone_setting"
    FEE_SPLIT_SETTING = "fee_split_setting"
    DELEGATION_SETTING = "delegation_setting"
    REQUESTS_SETTING = "requests_setting"
    DEFAULTS_SETTING = "defaults_setting"
    NO_SUCH_SETTING = "no_such_setting"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_CONTROL = "text_control"
    NOTHING_NAMED = "nothing_named"
    NAMED_TWICE = "named_twice"
    EXPIRY_PASSED = "expiry_passed"
    LEVEL_UNKNOWN = "level_unknown"
    CAP_BLOCKED = "cap_blocked"
    TO_ONESELF = "to_oneself"
    AUDITOR_PERMISSIONS = "auditor_permissions"
    EVERYONE_FIXED = "everyone_fixed"
    BUILT_IN_SERVICE = "built_in_service"
    SERVICE_IN_USE = "service_in_use"
    LAST_ENGAGEMENT = "last_engagement"
    FEE_SPLIT_PLACE = "fee_split_place"
    FEE_SPLIT_RANGE = "fee_split_range"
    FEE_SPLIT_SUM = "fee_split_sum"
    EXCLUSION_PLACE = "exclusion_place"
    EMPTY_WALL = "empty_wall"
    SUCCESSOR = "successor"
    NO_MEMBER_ACTING = "no_member_acting"
    EMAIL_MALFORMED = "email_malformed"
    NAME_IN_USE = "name_in_use"
    EMAIL_IN_USE = "email_in_use"
    REFERENCE_IN_USE = "reference_in_use"
    TAX_REFERENCE_IN_USE = "tax_reference_in_use"
    NOTHING_CHANGES = "nothing_changes"
    ASKED_ALREADY = "asked_already"
    HAS_ACCESS_ALREADY = "has_access_already"
    MORE_THAN_ASKED = "more_than_asked"
    STANDS_OTHERWISE = "stands_otherwise"
    SERVICE_ALREADY = "service_already"
    ABOVE_OWN_LEVEL = "above_own_level"
    OUTLASTS_OWN_ACCESS = "outlasts_own_access"
    OWN_GRANT = "own_grant"
    OPENS_TO_ALL = "opens_to_all"
    LAST_ADMINISTRATOR = "last_administrator"
    LAST_PRINCIPAL = "last_principal"
    LAST_OWNER = "last_owner"


class Refused(Exception):
    """A command that is not done.

    `field` names the argument, `row` a row of an import (from 0), `limit` the most characters of a text.
    """

    def __init__(
        self,
        refusal: Refusal,
        problem: Problem,
        field: str = "",
        *,
        row: int | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__(f"{refusal.value}: {problem.value}" + (f" ({field})" if field else ""))
        self.refusal = refusal
        self.problem = problem
        self.field = field
        self.row = row
        self.limit = limit


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


def missing(problem: Problem, field: str) -> NoReturn:
    raise Refused(Refusal.NOT_FOUND, problem, field)


def forbid(problem: Problem, field: str = "") -> NoReturn:
    raise Refused(Refusal.NOT_PERMITTED, problem, field)


def switched_off(problem: Problem, field: str = "") -> NoReturn:
    raise Refused(Refusal.SETTING_OFF, problem, field)


def invalid(
    problem: Problem, field: str = "", *, row: int | None = None, limit: int | None = None
) -> NoReturn:
    raise Refused(Refusal.INVALID, problem, field, row=row, limit=limit)


def conflict(problem: Problem = Problem.NOTHING_CHANGES, field: str = "") -> NoReturn:
    raise Refused(Refusal.CONFLICT, problem, field)


def need_future(desk: Desk, expires: Instant | None, field: str = "expires") -> None:
    if expires is not None and expires <= desk.now:
        invalid(Problem.EXPIRY_PASSED, field)
