"""The one door to firms inside Django: every write, every fresh reading, the proof of what was written."""

from ringfence.core.commands import Refused
from ringfence.core.difference import Pairs
from ringfence.store.sources import FirmUnknown, StateUnavailable

from .actor import OPERATOR, Actor
from .batch import Batch, BatchRefused, Overtaken, Rehearsal, rehearse, save
from .door import Done, FirmView, Preview, execute, firm_state, preview
from .erasing import NotErasable, erase_client, erase_member
from .founding import Founded, create_firm
from .ledger import Entry, Replayed, as_record, changed_since, entries, place_of_last, replay, words_at
from .noting import note_export, open_record
from .verify import Report, verify

__all__ = [
    "OPERATOR",
    "Actor",
    "Batch",
    "BatchRefused",
    "Done",
    "Entry",
    "FirmUnknown",
    "FirmView",
    "Founded",
    "NotErasable",
    "Overtaken",
    "Pairs",
    "Preview",
    "Refused",
    "Rehearsal",
    "Replayed",
    "Report",
    "StateUnavailable",
    "as_record",
    "changed_since",
    "create_firm",
    "entries",
    "erase_client",
    "erase_member",
    "execute",
    "firm_state",
    "note_export",
    "open_record",
    "place_of_last",
    "preview",
    "rehearse",
    "replay",
    "save",
    "verify",
    "words_at",
]
