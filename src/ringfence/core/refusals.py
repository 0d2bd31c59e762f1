"""How a command is refused: the kinds in the order of rules.md 7, and what exactly was wrong.

Sentences for each are in `wording/`. Who refuses what is decided where the rule is.
"""

from enum import StrEnum
from typing import NoReturn

from pyroaring import BitMap


class Refusal(StrEnum):
    """Why a command is refused, in the order in which they are looked for (rules.md 7)."""

    NOT_FOUND = "not_found"
    NOT_PERMITTED = "not_permitted"
    SETTING_OFF = "setting_off"
    INVALID = "invalid"
    NAME_TAKEN = "name_taken"
    CONFLICT = "conflict"
    ABOVE_OWN_LEVEL = "above_own_level"
    LAST_ADMINISTRATOR = "last_administrator"
    LAST_OWNER = "last_owner"
    POLICY = "policy"


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
    UNKNOWN_EMERGENCY = "unknown_emergency"
    UNKNOWN_TOKEN = "unknown_token"
    UNKNOWN_POLICY = "unknown_policy"
    UNKNOWN_REVIEW = "unknown_review"
    UNKNOWN_SCHEDULE = "unknown_schedule"
    UNKNOWN_ITEM = "unknown_item"
    TOO_LATE_TO_RESTORE = "too_late_to_restore"
    INACTIVE_ACTOR = "inactive_actor"
    ONLY_ADMINISTRATORS = "only_administrators"
    ONLY_PRINCIPALS = "only_principals"
    ONLY_SHARERS = "only_sharers"
    ONLY_EDITORS = "only_editors"
    ONLY_OWNERS = "only_owners"
    ONLY_WITH_ACCESS = "only_with_access"
    ONLY_DELEGATOR = "only_delegator"
    ONLY_REVIEWERS = "only_reviewers"
    ONLY_ONESELF = "only_oneself"
    TOKEN_ENDED = "token_ended"
    OWN_WALL = "own_wall"
    OWN_EMERGENCY = "own_emergency"
    EMERGENCY_BARRED = "emergency_barred"
    EVERYONE_SETTING = "everyone_setting"
    FEE_SPLIT_SETTING = "fee_split_setting"
    DELEGATION_SETTING = "delegation_setting"
    REQUESTS_SETTING = "requests_setting"
    EMERGENCY_SETTING = "emergency_setting"
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
    DIRECTORY_KEPT = "directory_kept"
    DIRECTORY_NOT_KEPT = "directory_not_kept"
    BUILT_IN_SERVICE = "built_in_service"
    SERVICE_IN_USE = "service_in_use"
    LAST_ENGAGEMENT = "last_engagement"
    FEE_SPLIT_PLACE = "fee_split_place"
    FEE_SPLIT_RANGE = "fee_split_range"
    FEE_SPLIT_SUM = "fee_split_sum"
    EXCLUSION_PLACE = "exclusion_place"
    EMPTY_WALL = "empty_wall"
    EMPTY_STATEMENT = "empty_statement"
    POLICY_CONTRADICTS = "policy_contradicts"
    ENDS_BEFORE_START = "ends_before_start"
    NOT_ASKED = "not_asked"
    SUCCESSOR = "successor"
    NOTHING_TO_REVIEW = "nothing_to_review"
    REVIEWER_LEFT = "reviewer_left"
    CANNOT_REVIEW = "cannot_review"
    DUE_PASSED = "due_passed"
    REVIEW_DAYS = "review_days"
    FIRST_DAY_PASSED = "first_day_passed"
    NO_MEMBER_ACTING = "no_member_acting"
    TOKEN_OF_NOBODY = "token_of_nobody"
    ADDRESS_MALFORMED = "address_malformed"
    TOO_MANY = "too_many"
    DIGEST_MALFORMED = "digest_malformed"
    EMAIL_MALFORMED = "email_malformed"
    NAME_IN_USE = "name_in_use"
    EMAIL_IN_USE = "email_in_use"
    EXTERNAL_IN_USE = "external_in_use"
    USER_NAME_IN_USE = "user_name_in_use"
    REFERENCE_IN_USE = "reference_in_use"
    TAX_REFERENCE_IN_USE = "tax_reference_in_use"
    NOTHING_CHANGES = "nothing_changes"
    ASKED_ALREADY = "asked_already"
    ACKNOWLEDGED = "acknowledged"
    HAS_ACCESS_ALREADY = "has_access_already"
    ACKNOWLEDGED_ALREADY = "acknowledged_already"
    MORE_THAN_ASKED = "more_than_asked"
    STANDS_OTHERWISE = "stands_otherwise"
    MOVED_ON = "moved_on"
    NOT_YET_DUE = "not_yet_due"
    SERVICE_ALREADY = "service_already"
    ABOVE_OWN_LEVEL = "above_own_level"
    OUTLASTS_OWN_ACCESS = "outlasts_own_access"
    OWN_GRANT = "own_grant"
    OPENS_TO_ALL = "opens_to_all"
    LAST_ADMINISTRATOR = "last_administrator"
    LAST_PRINCIPAL = "last_principal"
    LAST_OWNER = "last_owner"
    POLICY_BROKEN = "policy_broken"


class Refused(Exception):
    """A command that is not done.

    `field` names the argument, `row` a row of an import, or a statement of a policy (from 0),
    `limit` the most characters of a text.
    `clients` are those that the refusal is about, where the command names many of which only some are;
    `policies` those that it would break, or contradicts; `names` are theirs, for who may be told them.
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
        self.clients = BitMap()
        self.policies = BitMap()
        self.names: tuple[str, ...] = ()


def need(refused: Refused | None) -> None:
    """Raises the refusal, where there is one."""
    if refused is not None:
        raise refused


def forbidden(problem: Problem, field: str = "") -> Refused:
    return Refused(Refusal.NOT_PERMITTED, problem, field)


def unknown(problem: Problem, field: str) -> Refused:
    return Refused(Refusal.NOT_FOUND, problem, field)


def missing(problem: Problem, field: str) -> NoReturn:
    raise unknown(problem, field)


def forbid(problem: Problem, field: str = "") -> NoReturn:
    raise forbidden(problem, field)


def switched_off(problem: Problem, field: str = "") -> NoReturn:
    raise Refused(Refusal.SETTING_OFF, problem, field)


def invalid(
    problem: Problem, field: str = "", *, row: int | None = None, limit: int | None = None
) -> NoReturn:
    raise Refused(Refusal.INVALID, problem, field, row=row, limit=limit)


def conflict(problem: Problem = Problem.NOTHING_CHANGES, field: str = "") -> NoReturn:
    raise Refused(Refusal.CONFLICT, problem, field)
