"""The kinds of notices: the folder of each, and what it says to a reader at this moment.

One source for a mail and for the page: a subject, and a body of blocks.
"""

from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

import msgspec

from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeKind

from . import (
    access_changed,
    access_ends,
    both_sides,
    control_turned,
    directory_stops,
    domain_lost,
    emergency_opened,
    kept_password,
    ledger_rewritten,
    left_to_nobody,
    policies_noted,
    request_answered,
    request_opened,
    request_waits,
    review_asked,
    review_closed,
    review_due,
    self_access,
    sign_in_only,
    wall_asked,
    webhook_fails,
)
from .blocks import Hand
from .readers import FirmReader
from .sending import body_of, in_their_words, send, subject_of

Values = Callable[[FirmReader, KeptNotice], Mapping[str, object] | None]


class NoticeTexts(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of notices."""

    module: ModuleType
    always: bool = False
    """Whether it comes by mail whatever its reader has chosen (rules.md 5, or nobody else would know)."""

    @property
    def folder(self) -> str:
        return self.module.__name__.rpartition(".")[2]

    @property
    def values(self) -> Values:
        """What its templates need; None where it says nothing to this reader now."""
        found: Values = self.module.values
        return found

    @property
    def about(self) -> Values:
        """What its subject alone needs, for a list: where that is less."""
        found: Values = getattr(self.module, "about", self.module.values)
        return found


KINDS: Mapping[NoticeKind, NoticeTexts] = {
    NoticeKind.CONTROL_TURNED: NoticeTexts(module=control_turned, always=True),
    NoticeKind.SELF_ACCESS: NoticeTexts(module=self_access, always=True),
    NoticeKind.REQUEST_OPENED: NoticeTexts(module=request_opened),
    NoticeKind.REQUEST_WAITS: NoticeTexts(module=request_waits),
    NoticeKind.REQUEST_ANSWERED: NoticeTexts(module=request_answered),
    NoticeKind.ACCESS_CHANGED: NoticeTexts(module=access_changed),
    NoticeKind.ACCESS_ENDS: NoticeTexts(module=access_ends),
    NoticeKind.LEFT_TO_NOBODY: NoticeTexts(module=left_to_nobody),
    NoticeKind.WEBHOOK_FAILS: NoticeTexts(module=webhook_fails, always=True),
    NoticeKind.DIRECTORY_STOPS: NoticeTexts(module=directory_stops, always=True),
    NoticeKind.KEPT_PASSWORD: NoticeTexts(module=kept_password, always=True),
    NoticeKind.SIGN_IN_ONLY: NoticeTexts(module=sign_in_only, always=True),
    NoticeKind.POLICIES_NOTED: NoticeTexts(module=policies_noted, always=True),
    NoticeKind.EMERGENCY_OPENED: NoticeTexts(module=emergency_opened, always=True),
    NoticeKind.REVIEW_ASKED: NoticeTexts(module=review_asked),
    NoticeKind.REVIEW_DUE: NoticeTexts(module=review_due),
    NoticeKind.REVIEW_CLOSED: NoticeTexts(module=review_closed),
    NoticeKind.WALL_ASKED: NoticeTexts(module=wall_asked, always=True),
    NoticeKind.LEDGER_REWRITTEN: NoticeTexts(module=ledger_rewritten, always=True),
    NoticeKind.BOTH_SIDES: NoticeTexts(module=both_sides, always=True),
    NoticeKind.DOMAIN_LOST: NoticeTexts(module=domain_lost, always=True),
}

FROM_THE_LEDGER: tuple[Callable[[int, Notable], list[NewNotice]], ...] = (
    control_turned.told,
    emergency_opened.told,
    request_opened.told,
    request_answered.told,
    review_asked.told,
    review_closed.told,
    sign_in_only.told,
)
"""Whom each kind tells of an entry."""
FROM_CHANGES: tuple[Callable[[int, Sequence[Notable]], list[NewNotice]], ...] = (
    self_access.told,
    access_changed.told,
    left_to_nobody.told,
    both_sides.told,
)
"""Whom each kind tells of entries that are one change; the notice is of the last one."""


class WrittenNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice in its reader's words."""

    subject: str
    body: str


def written_subject(reader: FirmReader, notice: KeptNotice) -> str | None:
    """What a notice is about, in a few words that name no client; None where it says nothing any more."""
    kind = KINDS[notice.kind]
    with in_their_words(reader.recipient):
        values = kind.about(reader, notice)
    return None if values is None else subject_of(reader.recipient, kind.folder, values)


def written_notice(reader: FirmReader, notice: KeptNotice, hand: Hand) -> WrittenNotice | None:
    """A notice whole, its body written by `hand`; None where it says nothing any more."""
    kind, values = KINDS[notice.kind], _values(reader, notice)
    if values is None:
        return None
    return WrittenNotice(
        subject=subject_of(reader.recipient, kind.folder, values),
        body=body_of(reader.recipient, kind.folder, hand, values),
    )


def send_notice(reader: FirmReader, notice: KeptNotice) -> None:
    """Send it by mail, unless it says nothing any more, or its reader has not come in to Ringfence yet.

    Raises as `sending.send` does.
    """
    kind = KINDS[notice.kind]
    if not (kind.always or reader.came_in):
        return
    values = _values(reader, notice)
    if values is None:
        return
    recipient = reader.recipient
    if not kind.always:
        recipient = msgspec.structs.replace(recipient, choosing=reader.link("choose-notices"))
    send(recipient, kind.folder, **values)


def _values(reader: FirmReader, notice: KeptNotice) -> Mapping[str, object] | None:
    with in_their_words(reader.recipient):
        return KINDS[notice.kind].values(reader, notice)
