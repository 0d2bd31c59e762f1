"""The decide process of `ringfence serve`: granian with its workers, answering the firm's other software.

As measured (docs/decisions/0106), granian's threads take requests in, and one of ours answers them in rounds.
While a thread waits for the body of a request it waits in granian, which nothing can end. So a body is heard
only for a token that stood when it was last used, and a worker that has no thread left for anything else
ends, and another takes its place.
"""

import atexit
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import HTTPModes, Interfaces

from ringfence.decide.app import DecisionService
from ringfence.decide.gathering import Gathering
from ringfence.decide.loading import load
from ringfence.decide.rounds import AtOnce, Rounds
from ringfence.store.decision_log import DecisionLog
from ringfence.store.engines import source_for
from ringfence.store.opening import database_url, opened
from ringfence.store.places import present_plan
from ringfence.store.shared_marks import Round
from ringfence.store.sources import no_answers
from ringfence.store.tokens import note_tokens_used
from ringfence.telemetry import begin
from ringfence.telemetry.counts import READY
from ringfence.telemetry.logs import configure

from .on_socket import HEAD, AnsweredLater, connections_possible
from .supervisor import end_with_parent, say_ready

LOG = logging.getLogger(__name__)

Taking = Callable[[Any, dict[str, Any]], None]
"""What granian calls with what takes the answer, and the request in the words of WSGI."""

STOPPING_SECONDS = 2
"""How long a worker may finish what it is at; an answer takes milliseconds."""
THREADS, THREADS_BESIDE_ROUNDS = 1, 2
"""Of granian. Two hand the interpreter to each other at each question to the database, which takes as much
again as the answer; beside rounds, they ask it nothing, and one is left while another waits for a body."""


def main() -> None:
    """``python -m …decide_process LISTENER WORKERS READY``: two descriptors and a count."""
    listener, workers, ready = map(int, sys.argv[1:])
    end_with_parent()
    log = configure("decide")
    in_rounds = not database_url().startswith("sqlite:")
    threads = THREADS_BESIDE_ROUNDS if in_rounds else THREADS
    AnsweredLater(
        "ringfence.decide.gathering:Gathering.take",
        listener,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        http=HTTPModes.http1,
        http1_settings=HEAD,
        websockets=False,
        backpressure=connections_possible(),
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=STOPPING_SECONDS,
        log_level="warning",
        log_dictconfig=log,
    ).serve(target_loader=_loader(ready, threads, in_rounds), wrap_loader=False)


def _loader(ready: int, threads: int, in_rounds: bool) -> Callable[[], Taking]:
    """Called in each worker: the first that could answer makes the process ready."""

    def load() -> Taking:
        begin("decide")
        shared = Round() if in_rounds else None
        service = DecisionService(plan=present_plan(database_url()), shared=shared)
        _prepare(service)
        gathering = Gathering(service, _answering(service, shared), threads)
        threading.Thread(target=_end_when_stuck, args=(gathering, service), name="stuck", daemon=True).start()
        READY.of("decide").set(1)
        say_ready(ready)
        return gathering.take

    return load


def _answering(service: DecisionService, shared: Round | None) -> Rounds | AtOnce:
    if shared is None:
        return AtOnce(service)
    rounds = Rounds(service, shared)
    threading.Thread(target=rounds.go_on, name="rounds", daemon=True).start()
    return rounds


def _prepare(service: DecisionService) -> None:
    """Load what would keep the first to ask waiting, and begin what goes on beside the answers."""
    load(service)
    service.uses.keep_writing(_write_uses)
    log = service.log = DecisionLog(partial(opened, writing=True))
    log.start()
    # What waits is written before the worker ends.
    atexit.register(log.stop)


def _write_uses(used: frozenset[tuple[int, int]]) -> None:
    """Outside of any request; what cannot be written is no matter."""
    try:
        connection = opened(writing=True)
        try:
            note_tokens_used(source_for(connection), used, time.time_ns() // 1000)
        finally:
            connection.close()
    except no_answers() as error:
        LOG.warning("the last use of tokens cannot be written: %s", error)


def _end_when_stuck(gathering: Gathering, service: DecisionService) -> None:
    while not gathering.stuck():
        time.sleep(1)
    LOG.error(
        "nobody can be answered: bodies of requests have not come for too long, or the rounds have ended;"
        " this worker ends and another takes its place"
    )
    if service.log is not None:
        # What was answered is written down first: nothing else is heeded at such an end.
        service.log.stop(STOPPING_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
