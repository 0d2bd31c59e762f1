"""What can be wrong with a policy file, each with its place; the sentences are in `wording.policy_faults`."""

from enum import StrEnum, auto

import msgspec


class PF(StrEnum):
    """The codes, in the order in which a file is read: text, document, statement, names, other statements."""

    NOT_UTF8 = auto()
    NOT_YAML = auto()
    EMPTY = auto()
    TOO_LONG = auto()
    TOO_MANY = auto()
    CONTROL = auto()
    TOO_DEEP = auto()
    ANCHOR = auto()
    TAG = auto()
    NOT_A_POLICY = auto()
    POLICY_TOO_LONG = auto()
    UNKNOWN_KEY = auto()
    KEY_TWICE = auto()
    KEY_MISSING = auto()
    NO_TEXT = auto()
    NAME_EMPTY = auto()
    NAME_TOO_LONG = auto()
    NAME_CONTROL = auto()
    NAME_TWICE = auto()
    NO_MODE = auto()
    NO_STATEMENTS = auto()
    NO_STATEMENT = auto()
    NO_MEMBERS = auto()
    NO_CLIENTS = auto()
    NOBODY = auto()
    TWICE_NAMED = auto()
    NO_NUMBER = auto()
    NUMBER_RANGE = auto()
    NO_LEVEL = auto()
    NO_ROLE = auto()
    NO_REASON = auto()
    UNKNOWN_MEMBER = auto()
    UNKNOWN_GROUP = auto()
    UNKNOWN_CLIENT = auto()
    UNKNOWN_SERVICE = auto()
    CLIENT_WITHOUT_SERVICE = auto()
    SEVERAL_MEMBERS = auto()
    SEVERAL_CLIENTS = auto()
    CONTRADICTS = auto()


class FilePlace(msgspec.Struct, frozen=True):
    """Where in the file, counted from 1."""

    line: int
    column: int


class PolicyFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `values` fill its sentence; `near` is what may have been meant."""

    code: PF
    place: FilePlace
    values: dict[str, str | int] = {}
    near: str = ""


class FaultyPolicies(Exception):
    """Policies that cannot be kept as they are written; nothing was saved."""

    def __init__(self, faults: list[PolicyFault]) -> None:
        super().__init__(f"{len(faults)} faults in policies")
        self.faults = sorted(faults, key=lambda each: (each.place.line, each.place.column))
