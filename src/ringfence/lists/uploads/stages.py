"""How far a list has got on its way in, and what is kept of it from one step to the next.

The steps are taken in `steps`; what its member says is read by the pages.
"""

import zlib
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

import msgspec

from ringfence.access import FirmNow, Road
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.terms import Level, Subject
from ringfence.lists.fault_kinds import FaultKind, by_kind, shortened
from ringfence.lists.faults import F, RowFault, Value
from ringfence.lists.files.table import Told
from ringfence.lists.plans.gone_plan import Whole
from ringfence.lists.rows.client_rows import Settled
from ringfence.lists.rows.read_list import Choices, ListSource

MOST_BYTES = 20 * 2**20
"""Bytes of a file that is sent."""
MOST_UNPACKED = 512 * 2**20
"""Bytes that a workbook of that size may unpack to."""
MOST_OF_MEMBER, MOST_OF_FIRM = 50, 300
"""Lists on their way in at a time; what is saved counts no more."""
MOST_AT_WORK = 10
"""Of a member's, those that are worked on: one thread works on the lists of all firms."""
KEPT_HOURS = 24
"""How long a list is kept that nobody saves."""


class Stage(StrEnum):
    """Where a list is: three stages in the background, the others wait for its member or are the end."""

    LOOKING = "looking"
    COLUMNS = "columns"
    """Its member is to say what its columns are."""
    CHECKING = "checking"
    UNREAD = "unread"
    """It cannot be read as it was told."""
    FAULTY = "faulty"
    READY = "ready"
    """Previewed: one press saves it."""
    NOTHING = "nothing"
    """The firm has all of it."""
    SAVING = "saving"
    SAVED = "saved"


AT_WORK = frozenset({Stage.LOOKING, Stage.CHECKING, Stage.SAVING})
"""Stages that go on by themselves."""


class UploadPart(StrEnum):
    """What is kept of a list beside its row."""

    FILE = "file"
    LOOK = "look"
    CHECKED = "checked"
    FAULTS = "faults"


class ListChoice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What its member said of a list."""

    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    header: int = 0
    without_hidden: bool = False
    read_totals: bool = False
    meanings: tuple[str, ...] = ()
    settled: Settled = Settled.NEITHER
    services: tuple[str, ...] = ()
    """Of the services that the firm lacks, those that are to be added with it."""
    add_groups: bool = False
    """Whether the groups that a list of access names and the firm lacks are created with it."""
    shape: str = ""
    """Whose list it is, as `read_list.Choices` has it."""
    whole: bool = False
    """Whether the list is all that the firm has, or all of one `service`."""
    service: str = ""
    remove: bool = False
    """Whether what is gone from a whole list is removed with it."""
    at_most: int | None = None
    shared: tuple[tuple[str, int, str], ...] | None = None
    """Who gets access to each new client: kind, number and level; None for the defaults."""

    def grants(self, firm_now: FirmNow) -> tuple[GrantTo, ...] | None:
        """The same as grants, without whom the firm has no longer."""
        if self.shared is None:
            return None
        there = {"group": firm_now.groups, "member": firm_now.members}
        return tuple(
            GrantTo(to=Subject("group" if kind == "group" else "member", number), level=Level.of(word))
            for kind, number, word in self.shared
            if number in there.get(kind, {})
        )

    @property
    def of_whole(self) -> Whole | None:
        """What is said of a whole list; None for any other."""
        return Whole(service=self.service, remove=self.remove, at_most=self.at_most) if self.whole else None

    @property
    def told(self) -> Told:
        return Told(
            sheet=self.sheet,
            encoding=self.encoding,
            separator=self.separator,
            header=self.header,
            without_hidden=self.without_hidden,
            read_totals=self.read_totals,
        )

    @property
    def choices(self) -> Choices:
        return Choices(file=self.told, settled=self.settled, placed=self.meanings, shape=self.shape)


class ListProblem(msgspec.Struct, frozen=True):
    """Why a file cannot be read at all."""

    code: F
    row: int | None
    values: dict[str, Value]


class Count(msgspec.Struct, frozen=True):
    """What of one kind would be added, changed and left alone."""

    what: str
    added: int
    changed: int
    unchanged: int


class MovedLevel(msgspec.Struct, frozen=True):
    """At how much somebody's level was one and becomes another, and what of it is little, by name."""

    before: Level
    after: Level
    services: int
    count: int
    """Clients."""
    clients: tuple[tuple[str, str], ...]
    """As of a `MovedMember`."""


class MovedMember(msgspec.Struct, frozen=True):
    """Somebody whose access changes: at how many services and clients, and what of it is little, by name."""

    number: int
    name: str
    services: int
    count: int
    """Clients."""
    whole: int
    """Clients at which it is all that they have."""
    clients: tuple[tuple[str, str], ...]
    """Names, with the services of those that are moved in part."""
    levels: tuple[MovedLevel, ...] = ()
    """Where the level alone is another: the same by the levels before and after."""


class People(msgspec.Struct, frozen=True):
    """All whose access changes in one way, the first of them by name."""

    total: int = 0
    first: tuple[MovedMember, ...] = ()


class Clients(msgspec.Struct, frozen=True):
    """Clients that something becomes of, some of them in part; the first by name, with the services then."""

    total: int = 0
    partly: int = 0
    first: tuple[tuple[str, str], ...] = ()


class OnASide(msgspec.Struct, frozen=True):
    """Somebody who comes to stand on both sides of a wall by a list, in names."""

    road: Road
    member: str
    wall: str
    by: str
    """The group or the delegator; empty for other roads."""
    clients: tuple[str, ...]
    """The first of them."""
    count: int


class BothSides(msgspec.Struct, frozen=True):
    """All who come to stand on both sides of a wall, the first of them."""

    total: int = 0
    first: tuple[OnASide, ...] = ()
    kept_out: int = 0
    """From how many members a wall keeps what the list gives them, for who may not know of walls."""
    names: tuple[str, ...] = ()
    """The first of these members."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a list does to access (rules.md 6), with the names of its time."""

    gains: People = People()
    loses: People = People()
    changes: People = People()
    opens: Clients = Clients()
    closes: Clients = Clients()
    shared: int = 0
    """Clients that stay everybody's, by what Everyone is given."""
    ownerless: Clients = Clients()
    walled_off: Clients = Clients()
    left_to_nobody: Clients = Clients()
    breaks: tuple[tuple[str, str], ...] = ()
    """Policies of the firm that it breaks: name and mode."""
    both_sides: BothSides = BothSides()
    self_access: bool = False


class GonePart(msgspec.Struct, frozen=True, kw_only=True):
    """What of one scope the firm has and a whole list lacks; see `plans.gone_plan`."""

    scope: str
    service: str
    held: int
    count: int
    lines: dict[str, tuple[str, ...]]
    """The first of it, in words, by language."""
    stays: dict[str, tuple[str, ...]] = {}
    """Who stays although the list lacks them, and why, likewise."""


class GoneFound(msgspec.Struct, frozen=True, kw_only=True):
    """What is gone from a whole list."""

    parts: tuple[GonePart, ...]
    removed: bool = False
    """Whether it is removed with the list."""
    number: int = 0
    """The number that has to be named for it to be removed, where that is more than a tenth; else 0."""
    kept_by: str = ""
    """Why it stays although it was to go: a `Problem`, or "" where nothing stands against it."""

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)


class ReaderThen(msgspec.Struct, frozen=True, kw_only=True):
    """What its member might be told when a list was compared with the firm."""

    may: tuple[str, ...]
    """Capabilities."""
    known: bytes
    """The clients that they might know of …"""
    seen: bytes
    """… and the engagements that they saw, both as bitmaps."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What was found when a list was compared with the firm."""

    problem: ListProblem | None = None
    faults: tuple[FaultKind, ...] = ()
    """The first kinds, with the first of each; all of them are in the part `AllFaults`."""
    remarks: tuple[FaultKind, ...] = ()
    wrong: int = 0
    """How many rows are wrong."""
    kinds: tuple[int, int] = (0, 0)
    """How many kinds of faults and of remarks there are."""
    rows: int = 0
    shape: str = ""
    """The code of the known program whose list it was read as."""
    gone: GoneFound | None = None
    """Of a whole list without faults."""
    source: ListSource | None = None
    """How the file was read."""
    ignored: tuple[str, ...] = ()
    """Headers of the columns that are not used."""
    missing_services: tuple[tuple[str, int], ...] = ()
    """Services that the list names and the firm lacks, and in how many rows."""
    missing_groups: tuple[tuple[str, int], ...] = ()
    """Groups that a list of access names, the firm lacks and its member may create, and in how many rows."""
    groups: tuple[str, ...] = ()
    """Groups that are created with it."""
    may_add_services: bool = True
    """Whether its member may add them."""
    counts: tuple[Count, ...] = ()
    services: tuple[tuple[str, int], ...] = ()
    """Services that are added with it, and how many rows name them."""
    lines: dict[str, tuple[str, ...]] = {}
    """The first additions and changes, in words, by language."""
    effect: Effect = Effect()
    once_on: Effect | None = None
    """What it does once control is turned on; None where it is on, or where that is nothing."""
    raises: bool = False
    """Whether it raises what anybody may do: its member has to show that it is them before it is saved."""
    reader: ReaderThen | None = None
    """To whom all of this may be told; None where it is of the file alone."""

    def with_faults(self, faults: Sequence[RowFault], remarks: Sequence[RowFault]) -> "Checked":
        """The same with what is wrong and what is to be looked at."""
        wrong, odd = by_kind(faults), by_kind(remarks)
        return msgspec.structs.replace(
            self,
            faults=shortened(wrong),
            remarks=shortened(odd),
            wrong=len({fault.line for fault in faults}),
            kinds=(len(wrong), len(odd)),
        )


class AllFaults(msgspec.Struct, frozen=True):
    """Everything that is wrong with a list, and everything in it that is to be looked at."""

    content: bytes

    @staticmethod
    def of(faults: Sequence[RowFault]) -> "AllFaults":
        return AllFaults(zlib.compress(msgspec.msgpack.encode(faults), level=1))

    @property
    def faults(self) -> list[RowFault]:
        return msgspec.msgpack.decode(zlib.decompress(self.content), type=list[RowFault])


T = TypeVar("T")


def packed(value: msgspec.Struct) -> bytes:
    """How a part is kept."""
    return msgspec.msgpack.encode(value)


def unpacked(content: bytes | memoryview, kind: type[T]) -> T:
    """What `packed` made it of; raises `msgspec.ValidationError` or `msgspec.DecodeError`."""
    return msgspec.msgpack.decode(content, type=kind)
