"""Which member is meant by an e-mail address, or by what the firm's other software calls them.

Words lie outside the state, so that an answer could be made of a member's address of today and a state of
yesterday: keys are handed out for one place in the ledger alone, the one that the state is at.
"""

import threading
from collections.abc import Mapping
from typing import NamedTuple

from ringfence.core.directory import unique_key

from .freshness import Known
from .recently_used import RecentlyUsed, firms_kept
from .sources import Mark, Source, read_mark


class MemberKeys(NamedTuple):
    """Numbers of members, active or not, by the keys of their words (`core.directory.unique_key`)."""

    emails: Mapping[str, int]
    externals: Mapping[str, int]

    def number(self, text: str) -> int | None:
        """The member of that e-mail address or external id; None for nobody, and where these are two."""
        key = unique_key(text)
        found = {self.emails.get(key), self.externals.get(key)} - {None}
        return found.pop() if len(found) == 1 else None


class _Kept:
    def __init__(self) -> None:
        self.keys: tuple[Mark, MemberKeys] | None = None
        self.lock = threading.Lock()


class KeysOfMembers:
    """The keys of the firms asked for last. Safe for threads; share one per process."""

    def __init__(self, limit: int | None = None) -> None:
        self._places = RecentlyUsed(limit or firms_kept(), _Kept)

    def at(self, source: Source, firm: int, known: Known) -> MemberKeys | None:
        """The keys as they are in the firm at `known`.

        None where somebody's words have changed since, or where the source does not see that yet: read the
        state again, then ask again. Lets the driver's errors through.
        """
        place = self._places.of(firm)
        kept = place.keys
        if kept is not None and (kept[0].version, kept[0].head) == (known.version, known.head):
            return kept[1]
        with source.reading():
            now = read_mark(source, firm)
            if kept is None or not _unchanged_since(source, firm, kept[0].version, kept[0].head):
                kept = (now, _load(source, firm))
            still = now.version >= known.version and _unchanged_since(source, firm, known.version, known.head)
        with place.lock:
            place.keys = (now, kept[1])
        self._places.trim()
        return kept[1] if still else None


def _load(source: Source, firm: int) -> MemberKeys:
    emails, externals = {}, {}
    for number, email, external in source.rows(
        "SELECT number, email_key, external_key FROM firms_member WHERE firm_id = ?", firm
    ):
        if email:
            emails[email] = number
        if external:
            externals[external] = number
    return MemberKeys(emails, externals)


def _unchanged_since(source: Source, firm: int, version: int, head: bytes) -> bool:
    """Whether the ledger goes on from this entry, and no member was given or lost a word since."""
    at = source.rows("SELECT hash FROM firms_ledgerentry WHERE firm_id = ? AND number = ?", firm, version)
    if not at or bytes(at[0][0]) != head:
        return False
    for statement in (
        "SELECT 1 FROM firms_ledgertext WHERE firm_id = ? AND entry > ? AND thing = 'member' LIMIT 1",
        "SELECT 1 FROM firms_ledgerblock WHERE firm_id = ? AND entry > ? AND thing = 'member' LIMIT 1",
        "SELECT 1 FROM firms_ledgerentry"
        " WHERE firm_id = ? AND number > ? AND command = 'member.erase' LIMIT 1",
    ):
        if source.rows(statement, firm, version):
            return False
    return True
