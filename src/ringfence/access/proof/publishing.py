"""How a firm's checkpoints are published: how often, by which ways. Changing it is an entry of the ledger.

Administrators and principals change it (rules.md 5, settings). Where the folder is, the operator says.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from ringfence.access.actor import Actor
from ringfence.access.connection import answering
from ringfence.access.door import Beside
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.noting import note
from ringfence.access.open_firms import open_only
from ringfence.access.reading import refused_managing
from ringfence.access.webhooks import Network, UnfitAddress
from ringfence.access.webhooks.addresses import fitting_address
from ringfence.core.events import ProofNoted
from ringfence.core.refusals import Refused, need
from ringfence.core.terms import Instant, ProofStep
from ringfence.core.texts import clean_email
from ringfence.firms.models import Publishing

MOST_HOURS = 24 * 31
MOST_MAILS = 5
HOUR = 3600 * 1_000_000
"""Microseconds."""
SLACK = HOUR // 6
"""By which the clock may be early, so that an hourly look does not miss every second time."""


class PublishingWay(StrEnum):
    """By which a checkpoint leaves the house."""

    FOLDER = "folder"
    MAIL = "mail"
    WEBHOOK = "webhook"


class UnfitPublishing(ValueError):
    """What was given makes no sense: which field, and in a word why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


class HowPublished(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm has chosen; nothing is published by the clock where `hours` is 0."""

    hours: int = 0
    folder: bool = False
    mails: tuple[str, ...] = ()
    address: str = ""

    @property
    def ways(self) -> tuple[PublishingWay, ...]:
        """Those by which something goes anywhere."""
        chosen = {
            PublishingWay.FOLDER: self.folder,
            PublishingWay.MAIL: bool(self.mails),
            PublishingWay.WEBHOOK: bool(self.address),
        }
        return tuple(way for way, taken in chosen.items() if taken)


def how_published(firm: int) -> HowPublished:
    """As it stands. Raises `StateUnavailable`."""
    with answering():
        row = Publishing.objects.filter(firm=firm).first()
    if row is None:
        return HowPublished()
    return HowPublished(hours=row.hours, folder=row.folder, mails=tuple(row.mails), address=row.address)


def set_publishing(
    firm: int,
    how: HowPublished,
    *,
    actor: Actor,
    own: Iterable[Network] = (),
    beside: Beside | None = None,
) -> None:
    """Publish so from now on; nothing is written where it stands so already.

    `own` are networks of the operator's to which may be sent besides; `beside` is as with `note`. Raises
    `UnfitPublishing`, `Refused`, `FirmUnknown`, `StateUnavailable`.
    """
    wanted = _fitting(how, own)

    def write(now: FirmNow) -> ProofNoted:
        need(refused_managing(now, actor.member))
        values = msgspec.structs.asdict(wanted) | {"mails": list(wanted.mails)}
        Publishing.objects.update_or_create(firm_id=firm, defaults=values)
        published = wanted.hours and wanted.ways
        words = tuple(way.value for way in wanted.ways) if published else ()
        return ProofNoted(did=ProofStep.PUBLISHING, words=words, count=wanted.hours if published else 0)

    def stands(now: FirmNow) -> bool:
        need(refused_managing(now, actor.member))
        return how_published(firm) == wanted

    note(firm, write, actor, unless=stands, beside=beside)


def _fitting(how: HowPublished, own: Iterable[Network]) -> HowPublished:
    if not 0 <= how.hours <= MOST_HOURS:
        raise UnfitPublishing("hours", "range")
    if how.hours and not how.ways:
        raise UnfitPublishing("folder", "nowhere")
    if len(how.mails) > MOST_MAILS:
        raise UnfitPublishing("mails", "many")
    try:
        mails = tuple(dict.fromkeys(clean_email(each) for each in how.mails))
    except Refused as refused:
        raise UnfitPublishing("mails", "email") from refused
    try:
        address = fitting_address(how.address, own) if how.address.strip() else ""
    except UnfitAddress as unfit:
        raise UnfitPublishing("address", unfit.why.value) from unfit
    return HowPublished(hours=how.hours, folder=how.folder, mails=mails, address=address)


def due_firms(now: Instant) -> list[int]:
    """Those whose clock says that a checkpoint is to be published now. Raises `StateUnavailable`."""
    with answering():
        rows = open_only(Publishing.objects.filter(hours__gt=0, looked_at__lte=now - HOUR + SLACK))
        return [row.firm_id for row in rows.order_by("firm") if _due(row, now)]


def note_looked(firm: int, now: Instant) -> bool:
    """Note that it was seen to for its time; False where another process has done so, or it changed.

    Within the caller's transaction, in which the work is handed over too: neither is there without the other.
    """
    row = Publishing.objects.select_for_update().filter(firm=firm, hours__gt=0).first()
    if row is None or not _due(row, now):
        return False
    # Conditional, since SQLite locks no row: of two processes one updates it.
    return bool(Publishing.objects.filter(firm=firm, looked_at=row.looked_at).update(looked_at=now))


def _due(row: Publishing, now: Instant) -> bool:
    return bool(row.looked_at + row.hours * HOUR - SLACK <= now)
