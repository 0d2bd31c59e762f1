"""Daily digests at each firm's hour: who has something to be told is worked out once, and each gets a mail.

The mails are handed over in the transaction that remembers up to when all is told: so none is lost or
doubled, with any number of processes, and what was missed while none ran is told once.
"""

from django.db import transaction

from ringfence.access.digest.days import due, firms_due, note_digested
from ringfence.notices.digest import readers

from .enqueue import Track, enqueue, job, waits
from .send_digest import send_digest


@job(Track.LONG)
def hand_out_digests(firm: int) -> None:
    """Hand over the mails of the firm's digest, if it is due still."""
    stretch = due(firm)
    if stretch is None:
        return
    members = readers(stretch)
    with transaction.atomic():
        if note_digested(stretch):
            for member in members:
                enqueue(send_digest, firm, member, stretch.since, stretch.until)


def set_digests() -> None:
    """See that the task of every firm whose hour has come waits or is at work; else nothing is written."""
    for stretch, wanted in firms_due():
        if not wanted:
            note_digested(stretch)
        elif not waits(hand_out_digests, stretch.firm):
            # Another process may see to it at this moment: the second to come to it finds all told.
            enqueue(hand_out_digests, stretch.firm)
