"""The one door to firms inside Django: every write, every fresh reading, the proof of what was written."""

from ringfence.core.commands import Refused
from ringfence.core.commands.lists import ListRefused
from ringfence.core.compare.both_sides import OnBothSides, Road
from ringfence.core.compare.difference import Difference
from ringfence.core.compare.engagements import Engagements, MovedEngagements, ShiftedEngagements
from ringfence.core.compare.moved import Pairs
from ringfence.core.decision.cascade import DelegationLink
from ringfence.core.decision.groups import GivesNothing
from ringfence.core.decision.holders import HeldGrant, Idle
from ringfence.core.decision.ownerless import Ownerless
from ringfence.core.decision.wall_conflicts import ConflictKind, WallConflict
from ringfence.core.decision.ways import Way
from ringfence.core.past.kept_apart import KeptFrom
from ringfence.core.past.spans import SeenPart, Span
from ringfence.core.remedies.self_help import RoadKind, SelfHelp
from ringfence.core.values import Delegation, Side, Sides, Wall
from ringfence.store.moved import FirmClosed, FirmMoved
from ringfence.store.sources import FirmUnknown, StateUnavailable

from .actor import OPERATOR, Actor
from .batches.rehearse import Batch, Overtaken, Rehearsal, rehearse
from .batches.save import save
from .door import Committed, Preview, execute, firm_state, preview, preview_once_on
from .firm_now import FirmNow
from .founding import Founded, create_firm
from .ledger.checkpointing import drop_checkpoints, make_checkpoints
from .ledger.checkpoints import checkpoints
from .ledger.entries import (
    Entry,
    all_words_at,
    as_record,
    changed_since,
    entries,
    entries_numbered,
    place_of_last,
    words_at,
)
from .ledger.erasing import NotErasable, erase_client, erase_member
from .ledger.finding import Sought, find_entries
from .ledger.history import Named, entries_about, history_of, named_in
from .ledger.noting import note_export, open_record
from .ledger.replay import Replayed, replay
from .ledger.requests import AskedFor, RequestEnd, RequestState, WaitingRequest
from .ledger.told import told_entries, told_history
from .ledger.verify import Report, verify
from .past.asking import ask_between, ask_then
from .past.walls import ask_walls_between, walls_between
from .past.working import Working

__all__ = [
    "OPERATOR",
    "Actor",
    "AskedFor",
    "Batch",
    "Committed",
    "ConflictKind",
    "Delegation",
    "DelegationLink",
    "Difference",
    "Engagements",
    "Entry",
    "FirmClosed",
    "FirmMoved",
    "FirmNow",
    "FirmUnknown",
    "Founded",
    "GivesNothing",
    "HeldGrant",
    "Idle",
    "KeptFrom",
    "ListRefused",
    "MovedEngagements",
    "Named",
    "NotErasable",
    "OnBothSides",
    "Overtaken",
    "Ownerless",
    "Pairs",
    "Preview",
    "Refused",
    "Rehearsal",
    "Replayed",
    "Report",
    "RequestEnd",
    "RequestState",
    "Road",
    "RoadKind",
    "SeenPart",
    "SelfHelp",
    "ShiftedEngagements",
    "Side",
    "Sides",
    "Sought",
    "Span",
    "StateUnavailable",
    "WaitingRequest",
    "Wall",
    "WallConflict",
    "Way",
    "Working",
    "all_words_at",
    "as_record",
    "ask_between",
    "ask_then",
    "ask_walls_between",
    "changed_since",
    "checkpoints",
    "create_firm",
    "drop_checkpoints",
    "entries",
    "entries_about",
    "entries_numbered",
    "erase_client",
    "erase_member",
    "execute",
    "find_entries",
    "firm_state",
    "history_of",
    "make_checkpoints",
    "named_in",
    "note_export",
    "open_record",
    "place_of_last",
    "preview",
    "preview_once_on",
    "rehearse",
    "replay",
    "save",
    "told_entries",
    "told_history",
    "verify",
    "walls_between",
    "words_at",
]
