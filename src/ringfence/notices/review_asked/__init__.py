"""Access waits for its reader in an access review (rules.md 10): told when one begins, or is handed over."""

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.access.reviews.asking import open_reviews, shares, waiting_in
from ringfence.access.reviews.rows import review_row
from ringfence.notices.readers import FirmReader
from ringfence.wording.saying import four_levels
from ringfence.wording.times import until_text


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who has something to decide by the entry, whoever made it; none once the review is closed."""
    if not (entry.reviews_started or entry.reviews_handed):
        return []
    now = firm_state(firm)
    people = [
        (review, member)
        for review in entry.reviews_started
        if review in open_reviews(now)
        for member in sorted(shares(now, review))
    ]
    return [
        NewNotice(member=member, kind=NoticeKind.REVIEW_ASKED, facts=NoticeFacts(review=review))
        for review, member in (*people, *entry.reviews_handed)
        if member != entry.actor
    ]


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """How much waits for them now, and until when; None where nothing does."""
    number = notice.facts.review
    waits, row = waiting_in(reader.now, number, reader.member), review_row(reader.row.pk, number)
    if not waits or row is None:
        return None
    return {
        "name": row.name,
        "count": len(waits),
        "until": until_text(row.due, reader.zone),
        "lowers": four_levels(),
        "removes": row.terms.undecided == "remove",
        "link": reader.link("review", number),
    }
