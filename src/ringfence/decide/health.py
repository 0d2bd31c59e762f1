"""Whether this process lives, and whether it can answer: for whoever starts and watches processes."""

from ringfence.store.migrated import tables_fit
from ringfence.store.proving import Prover
from ringfence.store.recently_used import firms_kept
from ringfence.store.sources import StateUnavailable

from .kept import Firms
from .problems import NotAnswered

LIVES = "/healthz"
READY = "/readyz"
LARGE = 20_000
"""Engagements from which on a firm is loaded before this process says that it is ready."""


def unready(asked: Prover) -> str:
    """Why no answer could be given now, in a word; empty where one could."""
    try:
        if not asked.able():
            return "proof"
        return "" if tables_fit(asked.connection) else "migrations"
    except StateUnavailable:
        return "database"


def load_large_firms(asked: Prover, firms: Firms) -> int:
    """Load what would keep the first to ask waiting; how many firms that were."""
    rows = asked.source.rows(
        "SELECT id FROM firms_firm WHERE last_engagement >= ? ORDER BY last_engagement DESC LIMIT ?",
        LARGE,
        firms_kept(),
    )
    for (firm,) in reversed(rows):
        try:
            firms.current(asked, firm)
        except (LookupError, NotAnswered, StateUnavailable):
            # Whoever asks for it is told.
            continue
    return len(rows)
