"""Auditors' packs, made beside everything else."""

import logging
import tempfile

from ringfence.access.proof.packs import fail_pack, keep_pack, pack_numbered, tell_pack
from ringfence.firms.models import Firm
from ringfence.lists.pack import make_pack

from .enqueue import Track, job

LOG = logging.getLogger(__name__)
IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a pack that are held in memory; a larger one lies in a temporary file until it is kept."""


@job(Track.LONG)
def make_audit_pack(firm: int, number: int) -> None:
    """Make the pack that somebody asked for, unless it was let go of meanwhile."""
    asked = pack_numbered(firm, number)
    if asked is None or not asked.waits:
        return
    row = Firm.objects.get(pk=firm)

    def told(doing: str, done: int, count: int) -> None:
        tell_pack(firm, number, doing, done, count)

    try:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as out:
            entry = make_pack(row, asked.asked, out, told)
            out.seek(0)
            keep_pack(firm, number, out, entry)
    except Exception:
        # Whoever waits for it is told; the log says why, as for every task that fails.
        fail_pack(firm, number)
        raise
