"""Large firms, in memory before this process says that it is ready (`health`).

A database that does not answer at the start is asked again beside the answers, until they are loaded.
"""

import logging
import threading
import time

from ringfence.store.proving import Prover
from ringfence.store.recently_used import firms_kept
from ringfence.store.sources import no_answers

from .app import DecisionService
from .health import unready
from .kept import Firms
from .problems import NotAnswered

LOG = logging.getLogger(__name__)

LARGE = 20_000
"""Engagements from which on a firm is loaded before this process says that it is ready."""
PAUSE = 1.0
"""Seconds after which a database that did not answer is asked again."""


def load(service: DecisionService) -> None:
    """Load what would keep the first to ask waiting; beside what goes on where that cannot be done now."""
    service.loaded = _loaded(service)
    if not service.loaded:
        threading.Thread(target=_go_on, args=(service,), name="loading", daemon=True).start()


def _go_on(service: DecisionService) -> None:
    while not _loaded(service):
        time.sleep(PAUSE)
    service.loaded = True


def _loaded(service: DecisionService) -> bool:
    """Whether they are in memory; else the database does not answer."""
    try:
        asked = service.asked_apart()
        try:
            return load_large_firms(asked, service.firms)
        finally:
            asked.close()
    except no_answers() as error:
        LOG.warning("the large firms are not loaded yet: %s", error)
        return False


def load_large_firms(asked: Prover, firms: Firms) -> bool:
    """Whether all are in memory that can be: one that is itself at fault keeps nobody else waiting.

    Raises what `no_answers` names.
    """
    rows = asked.source.rows(
        "SELECT id FROM firms_firm WHERE last_engagement >= ? ORDER BY last_engagement DESC LIMIT ?",
        LARGE,
        firms_kept(),
    )
    unanswered: tuple[type[Exception], ...] = (NotAnswered, *no_answers())
    # The largest last: the firms kept first are let go of first.
    for (firm,) in reversed(rows):
        try:
            firms.current(asked, firm)
        except LookupError:
            # It has left meanwhile.
            continue
        except unanswered as error:
            if unready(asked):
                return False
            # Whoever asks for it is told.
            LOG.warning("firm %s cannot be loaded: %s", firm, error)
    return True
