"""An access review was closed, by the clock or by somebody: to administrators, and to who started it."""

from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.access.reviews.decided import starter_of
from ringfence.access.reviews.rows import review_row
from ringfence.core.terms import Capability
from ringfence.notices.blocks import MailLink
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.saying import gettext as _


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told of it; not whoever closed it."""
    if not entry.reviews_closed:
        return []
    now = firm_state(firm)
    found = []
    for review in entry.reviews_closed:
        people = BitMap(administrators(now))
        starter = starter_of(now, review)
        if starter is not None and starter in now.active_members:
            people.add(starter)
        found += [
            NewNotice(member=member, kind=NoticeKind.REVIEW_CLOSED, facts=NoticeFacts(review=review))
            for member in people
            if member != entry.actor
        ]
    return found


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What became of it; None for who reads the control side no more."""
    row = review_row(reader.row.pk, notice.facts.review)
    if row is None or row.outcome is None or not reader.may(Capability.READ_CONTROL):
        return None
    outcome = row.outcome
    counts: tuple[tuple[str, int], ...] = (
        (_("Kept"), len(outcome.kept)),
        (_("Lowered"), len(outcome.lowered)),
        (_("Removed"), len(outcome.removed)),
        (_("Changed by others meanwhile"), len(outcome.moved)),
        (_("Undecided, and kept"), len(outcome.left)),
        (_("Undecided, and removed"), len(outcome.taken)),
    )
    link = reader.link("review", row.number)
    lines: list[str | MailLink] = [f"{text}: {count:,}" for text, count in counts if count]
    return {"name": row.name, "lines": lines, "when": reader.told_time(notice.at), "link": link}
