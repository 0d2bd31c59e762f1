"""Auditors' packs, made beside everything else."""

import logging
import tempfile

from ringfence.access.connection import does_not_answer
from ringfence.access.proof import LedgerRewritten
from ringfence.access.proof.packs import fail_pack, keep_pack, pack_numbered, tell_pack
from ringfence.firms.models import Firm
from ringfence.lists.pack import make_pack

from .enqueue import Track, job
from .faults import GiveUp
from .tell_rewritten import tell_rewritten

LOG = logging.getLogger(__name__)
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a pack that are held in memory; a larger one lies in a temporary file until it is kept."""


@job(Track.LONG)
def make_audit_pack(firm: int, number: int) -> None:
    """Make the pack that somebody asked for, unless it was let go of meanwhile."""
    pack = pack_numbered(firm, number)
    if pack is None or not pack.waits:
        return
    row = Firm.objects.get(pk=firm)

    def told(doing: str, done: int, count: int) -> None:
        tell_pack(pack, doing, done, count)

    try:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as out:
            entry = make_pack(row, pack.asked, out, told)
            out.seek(0)
            keep_pack(pack, out, entry)
    except LedgerRewritten as rewritten:
        fail_pack(pack)
        tell_rewritten(firm)
        # No waiting writes a ledger back.
        raise GiveUp from rewritten
    except Exception as fault:
        # While the database is away it waits, and is made once it is back. Of anything else whoever waits for
        # it is told; the log says why, as for every task that fails.
        if not does_not_answer(fault):
            fail_pack(pack)
        raise
