"""Moving a firm from one database of the deployment to another, a step at a time (docs/decisions/0098).

It is closed in the old one, copied by its backup, proved equal, removed from the old one, and only then
opened in the new one. Each step leaves behind what the next begins with, so whoever was killed is followed by
calling the command again. At no moment do two databases take changes of one firm.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any, NamedTuple

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ringfence.access import StateUnavailable, verify
from ringfence.access.clock import clock
from ringfence.access.closing import LATE, firm_tables, keep_closed
from ringfence.access.door import STATES
from ringfence.access.moved import key_digest, session_digest, user_digest
from ringfence.access.open_firms import MoveState
from ringfence.access.resealing import count_by_key
from ringfence.access.writing.tables.bulk import execute
from ringfence.cli.backups.archive import Reader
from ringfence.cli.backups.keeping import migrations, told_as_faults, write_backup
from ringfence.cli.backups.kept_rows import rows_of_firm
from ringfence.cli.backups.one_firm import FirmArrival
from ringfence.cli.databases.deployment import Database
from ringfence.cli.faults import Fault, sentence
from ringfence.cli.show import counted
from ringfence.firms.models import (
    Firm,
    FirmMove,
    Invitation,
    Member,
    MovedKey,
    SignIn,
    SignInProvider,
    Token,
    User,
)
from ringfence.firms.sealing import key_id
from ringfence.jobs.enqueue import firm_queue
from ringfence.jobs.running import LOST
from ringfence.settings import DATA

from .firm_digest import Digests, as_proof, digests, digests_of_accounts

Say = Callable[[str], object]
QUIET_SECONDS = 120.0
"""How long what the background has begun for the firm is waited for."""
SLACK = 10 * 60 * 1_000_000
"""Microseconds by which clocks may differ: logs are taken along anew from so long before."""
STRAYS_SECONDS = 3.0
"""After so long every process has written down what it answered of the firm."""


class Changed(Exception):
    """The firm's rows are not those that were copied."""

    def __str__(self) -> str:
        return "The firm's rows change by another hand."


FORESEEN = (Changed, DatabaseError, InterfaceError, StateUnavailable, OSError)
"""What fails without a fault of ours, beside `Fault`: a database that is away or full, or holds what does not
fit."""


class FirmSeen(NamedTuple):
    """A firm as one database has it."""

    name: str
    """Empty where the firm is not there."""
    state: str
    """A word of `MoveState`, empty for none."""
    place: str
    """The other database, where there is a state."""
    uid: str
    """What it has alone in all the world."""


def seen(number: int) -> FirmSeen:
    """In the database in which we stand."""
    move = FirmMove.objects.filter(number=number).first()
    name, uid = Firm.objects.filter(pk=number).values_list("name", "uid").first() or ("", "")
    return FirmSeen(name, move.state if move else "", move.place if move else "", str(uid))


class MovingFirm:
    """One firm on its way. Whoever calls has both databases for themselves (`Database.alone`)."""

    def __init__(self, number: int, old: Database, new: Database, say: Say) -> None:
        self.number, self.old, self.new, self.say = number, old, new, say

    # --- Forth

    def go(self) -> None:
        """From wherever it stands to its end. Raises `Fault`; where nothing was copied, it is open again."""
        self._need_alike()
        try:
            self.close()
            self._quiet()
            self.copy()
            try:
                self.let_go()
            except Changed:
                # Somebody wrote past the triggers: what was copied is not the firm.
                self.say("Rows have changed since they were copied. They are copied anew.")
                self._take_back()
                self.copy()
                self.let_go()
        except Exception as problem:
            self._undo(problem)
            if isinstance(problem, FORESEEN):
                raise Fault(f"{_said(problem)} Nothing was moved.") from problem
            raise
        self.open()

    def _undo(self, problem: Exception) -> None:
        """Open the firm again where it is, unless it has left. Raises `Fault` where that cannot be."""
        try:
            with self.old.here():
                here = Firm.objects.filter(pk=self.number).exists()
            if here:
                self.call_back()
        except (Fault, *FORESEEN) as second:
            why = _said(second).rstrip(".")
            raise Fault(
                f"{_said(problem)} It stays closed, as it cannot be opened now ({why}): call this again."
            ) from problem
        if not here:
            raise Fault(f"{_said(problem)} It has left {self.old.name}: call this again.") from problem

    def _need_alike(self) -> None:
        """Raises `Fault` where the new database cannot take the firm."""
        for each in (self.old, self.new):
            with each.here():
                _need_own_key(each.name)
        with self.old.here():
            theirs, row = migrations(), Firm.objects.filter(pk=self.number).first()
        with self.new.here():
            if migrations() != theirs:
                raise Fault(
                    f"The tables of {self.old.name} and {self.new.name} are not alike: call"
                    f" `ringfence --database {self.old.name} migrate` and"
                    f" `ringfence --database {self.new.name} migrate` first."
                )
            if row is None or FirmMove.objects.filter(number=self.number, state=MoveState.ARRIVING).exists():
                return
            if there := Firm.objects.filter(pk=self.number).first():
                raise Fault(
                    f"{self.new.name} has a firm {self.number} already: {there.name}. Nothing was changed."
                )
            if Firm.objects.filter(name_key=row.name_key).exists():
                raise Fault(f"{self.new.name} has another firm called {row.name}. Nothing was changed.")

    def close(self) -> None:
        """Nothing of the firm can be changed any more where it is. Decisions and pages go on."""
        with self.old.here():
            with transaction.atomic(durable=True):
                row = {"state": MoveState.LEAVING.value, "place": self.new.name, "at": clock()}
                FirmMove.objects.get_or_create(number=self.number, defaults=row)
            keep_closed()

    def _quiet(self) -> None:
        """Wait until the background does nothing for the firm, so that no mail on its way is sent twice."""
        end = time.monotonic() + QUIET_SECONDS
        with self.old.here():
            while DBTaskResult.objects.filter(
                queue_name=firm_queue(self.number),
                status=TaskResultStatus.RUNNING,
                started_at__gt=timezone.now() - LOST,
            ).exists():
                if time.monotonic() > end:
                    raise Fault("Background work for the firm does not end: call this again later.")
                time.sleep(0.2)

    def copy(self) -> None:
        """The firm is in the new database as well, proved equal, and closed there too."""
        with self.new.here():
            there = FirmMove.objects.filter(number=self.number, state=MoveState.ARRIVING).first()
        if there is not None:
            if there.proof:
                return
            self._take_back()
        # From when it lived there before: its rows would stand in the way of those that come.
        self._sweep(self.new, self.old)
        with self._file() as path:
            with self.old.here():
                write_backup(path, firm=self.number, moving=True)
                before = digests(self.number)
            self.say(f"Written out of {self.old.name}; it is put into {self.new.name}.")
            with self.new.here():
                keep_closed(soon=True)
                arrival = self._put(path)
        self.say("It is proved that nothing is missing.")
        self._prove(arrival, before)

    @contextmanager
    def _file(self) -> Iterator[Path]:
        """Where the firm lies on its way, for our user alone; what a killed one left there goes first."""
        folder = DATA / f"moving-{self.number}"
        rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder / "firm.zip"
        finally:
            self._forget_file()

    def _forget_file(self) -> None:
        rmtree(DATA / f"moving-{self.number}", ignore_errors=True)

    def _put(self, path: Path) -> FirmArrival:
        STATES.forget(self.number)
        with told_as_faults(path), Reader(path) as archive, transaction.atomic(durable=True):
            FirmMove.objects.filter(number=self.number).delete()
            MovedKey.objects.filter(number=self.number).delete()
            arrival = FirmArrival(archive, moving=True)
            arrival.put()
            # From its commit on nothing of it can be changed.
            FirmMove.objects.create(
                number=self.number, state=MoveState.ARRIVING, place=self.old.name, at=clock()
            )
        return arrival

    def _prove(self, arrival: FirmArrival, before: Digests) -> None:
        """Row by row and by its ledger; only with the proof written down may the old one be let go of."""
        theirs = {here: there for there, here in arrival.users.items()}
        coming = {here: there for here, there in theirs.items() if there not in arrival.known}
        with self.new.here():
            here = digests(self.number, theirs)
        expected = before
        if arrival.known:
            # Who had an account here keeps that one: of accounts those that came along are compared.
            with self.old.here():
                own = {there: there for there in coming.values()}
                expected = before | digests_of_accounts(self.number, own)
            with self.new.here():
                here |= digests_of_accounts(self.number, coming)
        if odd := sorted(table for table in expected if expected[table] != here.get(table)):
            raise Fault(f"What was copied differs in {', '.join(odd)}: nothing was moved.")
        with self.new.here():
            move = FirmMove.objects.filter(number=self.number)
            with transaction.atomic(durable=True):
                move.update(state=MoveState.LEFT)
                arrival.seat()
                move.update(state=MoveState.ARRIVING)
            report = verify(self.number)
            if not report.whole:
                raise Fault(f"Its ledger is not whole: {report.problems[0]} Nothing was moved.")
            # Last: whoever goes on where this was killed trusts it.
            move.update(proof=as_proof(before))

    def let_go(self) -> None:
        """Remove it from the old database, in one transaction that proves once more what was copied.

        Raises `Changed`.
        """
        self.old.need_alone()
        self.new.need_alone()
        with self.old.here(), transaction.atomic(durable=True):
            FirmMove.objects.select_for_update().get(number=self.number, state=MoveState.LEAVING)
            proof = as_proof(digests(self.number))
            logs, tasks, since = self._late(), self._tasks(), self._since()
            with self.new.here(), transaction.atomic(durable=True):
                # What goes along is there before it is removed here.
                arriving = FirmMove.objects.select_for_update().get(
                    number=self.number, state=MoveState.ARRIVING
                )
                if bytes(arriving.proof) != proof:
                    raise Changed
                self._put_late(logs, tasks, since)
            remove(self.number, self.new.name)

    def _since(self) -> int:
        return int(FirmMove.objects.get(number=self.number).at) - SLACK

    def _late(self) -> list[Model]:
        """The ends of the logs that stay open."""
        if connection.vendor == "postgresql":
            tables = ", ".join(model._meta.db_table for model in LATE)
            execute(f"LOCK TABLE {tables} IN SHARE MODE")
        return [row for model in LATE for row in _ends(model, self.number, self._since())]

    def _tasks(self) -> list[Model]:
        """What waits for the background. What a process had begun that is there no more is begun again."""
        waiting = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
        rows = list(DBTaskResult.objects.filter(queue_name=firm_queue(self.number), status__in=waiting))
        for row in rows:
            row.status = TaskResultStatus.READY
        return list[Model](rows)

    def _put_late(self, logs: list[Model], tasks: list[Model], since: int) -> None:
        for model in LATE:
            rows = _ends(model, self.number, since)
            rows._raw_delete(rows.db)
        DBTaskResult.objects.filter(queue_name=firm_queue(self.number)).delete()
        _put_rows([*logs, *tasks])

    def open(self) -> None:
        """From here on the new database takes changes. The old one has the firm no more."""
        self._forget_file()
        with self.new.here():
            with transaction.atomic(durable=True):
                FirmMove.objects.filter(number=self.number, state=MoveState.ARRIVING).delete()
                # Whoever had one to send to cannot come for it any more.
                execute("UPDATE firms_webhook SET leased_until = 0 WHERE firm_id = %s", self.number)
            keep_closed()
        with self.old.here():
            keep_closed()
        STATES.forget(self.number)

    def sweep(self) -> None:
        """Bring what the logs of the old database were given of the firm since, and have it there no more."""
        self._sweep(self.old, self.new)

    def _sweep(self, away: Database, here: Database) -> None:
        """`here` has the firm, and `away` has not."""
        with away.here(), transaction.atomic(durable=True):
            found = [row for model in LATE for row in _ends(model, self.number, 0)]
            with here.here(), transaction.atomic(durable=True):
                _put_rows(found)
            for model in LATE:
                execute(f"DELETE FROM {model._meta.db_table} WHERE firm_id = %s", self.number)

    def bring_logs(self) -> None:
        """What the logs of a closed copy were given since it was closed goes to where the firm lives."""
        with self.old.here():
            found = self._late()
        with self.new.here(), transaction.atomic(durable=True):
            _put_rows(found)

    # --- Back

    def call_back(self) -> None:
        """It stays where it is: first the new database lets go of it, then the old one is opened again."""
        self.old.need_alone()
        self.new.need_alone()
        self._forget_file()
        self._take_back()
        with self.old.here():
            with transaction.atomic(durable=True):
                FirmMove.objects.filter(number=self.number, state=MoveState.LEAVING).delete()
            keep_closed()
        with self.new.here():
            keep_closed()

    def _take_back(self) -> None:
        """The new database has nothing of it any more. The old one, which has it, stays closed."""
        with self.old.here(), transaction.atomic(durable=True):
            # Whoever removes it here holds this row from before the look at the new database to the end.
            FirmMove.objects.select_for_update().filter(number=self.number).first()
            uid = Firm.objects.filter(pk=self.number).values_list("uid", flat=True).first()
            if uid is None:
                raise Fault(f"{self.old.name} has let go of the firm already: it cannot be called back.")
            with self.new.here(), transaction.atomic(durable=True):
                if FirmMove.objects.filter(number=self.number, state=MoveState.ARRIVING).exists():
                    remove(self.number, self.old.name)
                elif Firm.objects.filter(uid=uid).exists():
                    raise Fault(
                        f"The firm is open in {self.new.name} too, so it stays closed in {self.old.name}: see"
                        " docs/scale.md, After a restore."
                    )


def _need_own_key(name: str) -> None:
    """Raises `Fault` where the database in which we stand, which is called so, has secrets of another key."""
    known = {key_id(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
    if strange := sum(count for by, count in count_by_key().items() if by not in known):
        raise Fault(
            f"{counted(strange, 'secret')} of {name} cannot be opened here: its secret key is another one,"
            " and all databases have to have the same. Nothing was changed."
        )


def _said(problem: Exception) -> str:
    """One sentence."""
    return sentence(str(problem).strip().partition("\n")[0] or type(problem).__name__)


def remove(number: int, place: str) -> None:
    """Take a firm and the accounts that have no place any more out of the database in which we stand.

    What stays says where it is. Inside the caller's transaction.
    """
    FirmMove.objects.filter(number=number).update(state=MoveState.LEFT, place=place, at=clock(), proof=b"")
    users = set(Member.objects.filter(firm=number, user__isnull=False).values_list("user", flat=True))
    sessions = list(SignIn.objects.filter(user__in=users).values_list("session", flat=True))
    keys = _keys(number) | {session_digest(each, firm) for each in sessions for firm in (number, None)}
    rows_of_firm(SocialAccount, number).delete()
    DBTaskResult.objects.filter(queue_name=firm_queue(number)).delete()
    for model in firm_tables():
        execute(f'DELETE FROM "{model._meta.db_table}" WHERE firm_id = %s', number)
    execute("DELETE FROM firms_firm WHERE id = %s", number)
    placed = set(Member.objects.filter(user__in=users).values_list("user", flat=True))
    keys |= {user_digest(each, number) for each in placed}
    MovedKey.objects.filter(number=number).delete()
    # A session may be of two firms that have left: one of them leads on who names neither.
    MovedKey.objects.bulk_create(
        (MovedKey(digest=each, number=number) for each in keys), batch_size=500, ignore_conflicts=True
    )
    User.objects.filter(pk__in=users - placed).delete()
    STATES.forget(number)


def _keys(firm: int) -> set[bytes]:
    """The digests of what somebody may come with who looks for the firm."""
    standing = Token.objects.filter(firm=firm, revoked=None)
    tokens = {bytes(each) for each in standing.values_list("digest", flat=True)}
    links = Invitation.objects.filter(firm=firm).exclude(key="").values_list("key", flat=True)
    providers = SignInProvider.objects.filter(firm=firm).values_list("uid", flat=True)
    return tokens | {bytes.fromhex(key) for key in links} | {key_digest(uid) for uid in providers}


def _ends(model: type[Model], firm: int, since: int) -> QuerySet[Any]:
    """The last rows of a log that stays open."""
    return rows_of_firm(model, firm).filter(**{f"{LATE[model]}__gte": since})


def _put_rows(rows: Sequence[Model]) -> None:
    """Those that are not there yet."""
    for model in {type(row) for row in rows}:
        some = [row for row in rows if type(row) is model]
        model._base_manager.bulk_create(some, batch_size=500, ignore_conflicts=True)
