"""Whether this process lives, and whether it can answer: for whoever starts and watches processes."""

from ringfence.store.migrated import tables_fit
from ringfence.store.proving import Prover
from ringfence.store.sources import StateUnavailable

LIVES = "/healthz"
READY = "/readyz"


def unready(asked: Prover) -> str:
    """Why no answer could be given now, in a word; empty where one could."""
    try:
        if not asked.able():
            return "proof"
        return "" if tables_fit(asked.connection) else "migrations"
    except StateUnavailable:
        return "database"
