"""One host of a PostgreSQL cluster as a decide process asks it: a connection, made anew behind its back.

Whoever asks never waits for a connection: a thread of the host's own makes it, and a host that has none is
passed over. A host that does not answer in time is let go of.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import psycopg

from .opening import opened
from .postgresql import PostgresSource
from .sources import MARK, Mark, StateUnavailable, mark_of

if TYPE_CHECKING:
    from typing import Any

LOG = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
"""How long a host may take to say where a ledger stands."""
CONNECT_SECONDS = 2
"""How long it may take to take a connection; libpq knows nothing shorter."""
AGAIN_SECONDS = 0.5
"""After how long one that could not be had is tried again."""
AVOID_SECONDS = 5.0
"""The same for one whose ledger was another one."""
# A host that was cut off answers nothing, not even that it is gone: the system notices within seconds.
_PATIENCE = "keepalives_idle=1 keepalives_interval=1 keepalives_count=3 tcp_user_timeout=3000"

_LOOK = """SELECT (SELECT system_identifier FROM pg_control_system()), pg_is_in_recovery(),
 (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint,
 pg_last_wal_receive_lsn() IS NOT NULL,
 CASE WHEN pg_is_in_recovery() THEN 0
 ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END"""


class HostGone(Exception):
    """The host gave no answer, and was let go of."""


class HostConnection(NamedTuple):
    """A connection to a host, and what it is a connection to."""

    connection: "psycopg.Connection[Any]"
    source: PostgresSource
    system: int
    """The cluster: a number that all its hosts have."""
    started: int
    """When its server was started, in microseconds: two names of one server have it alike."""
    timeline: int
    """Of a primary; 0 for a standby."""


class Host:
    """One place that is asked. One thread asks; another makes the connection."""

    def __init__(self, name: str, find: Callable[[], HostConnection]) -> None:
        """`find` makes a connection; it raises `StateUnavailable` and the driver's errors."""
        self.name = name
        self.standing: HostConnection | None = None
        self._find = find
        self._closed = False
        self._wanted = threading.Event()
        self._looked = threading.Event()
        self._not_before = 0.0
        self._said = ""
        self._wanted.set()
        threading.Thread(target=self._keep, name=f"host {name}", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Until it was looked for once, or for so long."""
        self._looked.wait(seconds)

    def send(self, firm: int) -> None:
        """Ask where the firm's ledger stands; `told` has the answer. Raises `HostGone`."""
        standing = self.standing
        if standing is None:
            raise HostGone(self.name)
        try:
            standing.source.send_row(MARK, firm)
        except psycopg.Error as error:
            self.let_go(error)
            raise HostGone(self.name) from error

    def told(self, until: float) -> Mark | None:
        """The answer, waited for until then by the monotonic clock; None where there is no such firm."""
        standing = self.standing
        assert standing is not None
        try:
            row = standing.source.told_row(MARK, until)
        except (psycopg.Error, TimeoutError) as error:
            self.let_go(error)
            raise HostGone(self.name) from error
        return None if row is None else mark_of(row)

    def let_go(self, why: object, avoid: float = 0.0) -> None:
        """Give the connection up; another one is made, not for so many seconds."""
        standing, self.standing = self.standing, None
        if standing is not None:
            LOG.warning("%s is asked no more for now: %s", self.name, str(why).strip() or type(why).__name__)
            with suppress(psycopg.Error):
                standing.connection.close()
        self._not_before = time.monotonic() + avoid
        self._wanted.set()

    def prove(self) -> None:
        """Let go of a connection that is broken."""
        if self.standing is not None and self.standing.connection.closed:
            self.let_go("its connection is broken")

    def close(self) -> None:
        self._closed = True
        standing, self.standing = self.standing, None
        if standing is not None:
            with suppress(psycopg.Error):
                standing.connection.close()
        self._wanted.set()

    def _over(self) -> bool:
        return self._closed

    def _keep(self) -> None:
        while not self._over():
            self._wanted.wait()
            self._wanted.clear()
            while self.standing is None and not self._over():
                pause = self._not_before - time.monotonic()
                if pause > 0:
                    time.sleep(min(pause, AGAIN_SECONDS))
                else:
                    self._look()
        self.close()

    def _look(self) -> None:
        try:
            self.standing = self._find()
            self._said = ""
        except (StateUnavailable, psycopg.Error, OSError) as error:
            if self._said != str(error):
                self._said = str(error)
                LOG.warning("%s cannot be asked: %s", self.name, self._said.strip())
            self._not_before = time.monotonic() + AGAIN_SECONDS
        self._looked.set()


def one(address: str) -> HostConnection:
    """A connection to the host at this address, primary or standby, once it has all that it ever had.

    Raises `StateUnavailable` and the driver's errors.
    """
    connection = opened(f"{address} {_PATIENCE} connect_timeout={CONNECT_SECONDS}")
    assert isinstance(connection, psycopg.Connection)
    try:
        found = connection.execute(_LOOK).fetchone()
        assert found is not None
        system, recovering, started, receives, timeline = found
        if recovering and not receives:
            # After a crash it lets readers in before it has replayed everything that it had acknowledged.
            raise StateUnavailable("it has not yet replayed all that it has")
        return HostConnection(connection, PostgresSource(connection), system, started, timeline)
    except BaseException:
        connection.close()
        raise


class Primary:
    """Finds the primary among hosts: of two that both say so, the one that was promoted last."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        self._addresses = addresses
        self._latest = 0
        """The timeline of the last one: one of an earlier is an old primary that came back."""

    def __call__(self) -> HostConnection:
        """A connection to it; raises `StateUnavailable` where there is none."""
        found: list[HostConnection] = []
        for address in self._addresses:
            with suppress(StateUnavailable, psycopg.Error):
                found.append(one(address))
        found.sort(key=lambda each: each.timeline)
        best = found.pop() if found else None
        fault = ""
        if best is None or not best.timeline:
            fault = "no host says that it is the primary"
        elif best.timeline < self._latest:
            fault = "the only host that says it is the primary is an older one"
        for each in (*found, *([best] if best is not None and fault else [])):
            each.connection.close()
        if best is None or fault:
            raise StateUnavailable(fault)
        self._latest = best.timeline
        return best
