"""The decision service: what comes in at which address, in the words of WSGI, and what goes out.

A request is heeded in this order: address and method, token, length and kind of body, the body, the firm's
current version, the token's standing and scope, the question. Whatever keeps an answer from being current is
503, never a decision.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from http import HTTPStatus
from math import ceil
from typing import Any, NamedTuple

import msgspec

from ringfence.core.terms import Scope
from ringfence.core.values import Token
from ringfence.store.decision_log import DecisionLog
from ringfence.store.moved import moved_to
from ringfence.store.opening import opened
from ringfence.store.places import StandbyPlan
from ringfence.store.proving import NotProved, OneDatabase, Prover
from ringfence.store.shared_marks import Round, SharedMarks
from ringfence.store.sources import (
    Connection,
    FirmUnknown,
    Source,
    StateUnavailable,
    no_answers,
)
from ringfence.store.tokens import LastUses

from . import evaluating, searching
from .access_requests import key_set, request_schema
from .asking import Asker, FirmAsked
from .doorway import Doorway, Seen, entitled
from .evaluating import Evaluated
from .health import LIVES, READY, unready
from .kept import ATTEMPTS, Firms, KeptFirm, NotYet
from .languages import asked_language
from .metadata import (
    ACTIONS,
    EVALUATION,
    EVALUATIONS,
    KEYS,
    REQUEST_SCHEMA,
    RESOURCES,
    SUBJECTS,
    WELL_KNOWN,
    metadata,
)
from .noting import Requests, count_decisions, note
from .problems import NotAnswered, moved_away, unavailable, unfit
from .searching import SearchAnswer
from .wire import MOST_BYTES

LOG = logging.getLogger(__name__)

Headers = list[tuple[str, str]]

JSON = ("Content-Type", "application/json")
TEXT = ("Content-Type", "text/plain; charset=utf-8")
NO_STORE = ("Cache-Control", "no-store")
CLOSE = ("Connection", "close")
VERSION, AGE = "Ringfence-Version", "Ringfence-Age"
AT_LEAST = "HTTP_RINGFENCE_AT_LEAST"
MAX_AGE = "HTTP_RINGFENCE_MAX_AGE"
REQUEST_ID = "HTTP_X_REQUEST_ID"
WAITING = "ringfence.waiting"
"""In a request's environ: how it waits for a version, where it does not wait in its thread."""
OK = HTTPStatus.OK.value
"""Plain, as looking up a member of `HTTPStatus` takes longer than a whole step of an answer."""
ASKERS = "askers"
"""Under which name a firm keeps who asked it: by token, kind of request and languages wanted."""
MOST_ASKERS = 1_000
_UNPROVED = (
    "Too few hosts of the database answer to prove here that an answer is current. Ask again, or ask another"
    " address; Ringfence-Max-Age accepts an answer that is a little older."
)
_NO_DATABASE = "The database does not answer, so nothing can be decided. Ask again."


class Endpoint(NamedTuple):
    """One address: its name, the scope that it needs, how its body is read, and how it is answered."""

    kind: str
    scope: Scope
    read: Callable[[bytes], Any]
    answer: Callable[[Connection, FirmAsked, Any, bytes], Evaluated | SearchAnswer]
    numbers: Requests


def _evaluation(_connection: Connection, asking: FirmAsked, asked: Any, _body: bytes) -> Evaluated:
    return evaluating.evaluate(asking, asked)


def _evaluations(_connection: Connection, asking: FirmAsked, asked: Any, _body: bytes) -> Evaluated:
    return evaluating.evaluate_several(asking, asked)


def _subjects(_connection: Connection, asking: FirmAsked, asked: Any, body: bytes) -> SearchAnswer:
    return searching.search_subjects(asking, asked, body)


def _actions(_connection: Connection, asking: FirmAsked, asked: Any, body: bytes) -> SearchAnswer:
    return searching.search_actions(asking, asked, body)


def _endpoint(
    kind: str,
    scope: Scope,
    read: Callable[[bytes], Any],
    answer: Callable[[Connection, FirmAsked, Any, bytes], Evaluated | SearchAnswer],
) -> Endpoint:
    return Endpoint(kind, scope, read, answer, Requests(kind))


SERVICES: Mapping[str, Endpoint] = {
    EVALUATION: _endpoint("evaluation", Scope.DECIDE, evaluating.read_one, _evaluation),
    EVALUATIONS: _endpoint("evaluations", Scope.DECIDE, evaluating.read_several, _evaluations),
    SUBJECTS: _endpoint("subject", Scope.SEARCH, searching.read_subject_search, _subjects),
    RESOURCES: _endpoint(
        "resource", Scope.SEARCH, searching.read_resource_search, searching.search_resources
    ),
    ACTIONS: _endpoint("action", Scope.SEARCH, searching.read_action_search, _actions),
}
OTHER = Requests("other")


class WireAnswer(msgspec.Struct, frozen=True):
    """What goes out."""

    status: int
    headers: Headers
    body: bytes


class _Own(threading.local):
    """Whom one thread asks."""

    asked: Prover | None = None


DOCUMENTS: Mapping[str, Callable[[], dict[str, Any]]] = {KEYS: key_set, REQUEST_SCHEMA: request_schema}
"""What everybody may read, since it says nothing of any firm."""


class DecisionService:
    """What one process answers with. Safe for threads, each with connections of its own."""

    def __init__(
        self,
        connect: Callable[[], Connection] = opened,
        uses: LastUses | None = None,
        plan: StandbyPlan | None = None,
        shared: Round | None = None,
    ) -> None:
        """`plan` says which standby is read from; without one, what `connect` opens is all that is asked.

        In a round that is `shared`, whoever is answered is so by one reading of the version.
        """
        self.firms = Firms()
        self.uses = LastUses() if uses is None else uses
        self.log: DecisionLog | None = None
        """Where the process keeps the decisions of firms that want them kept."""
        self.loaded = True
        """Whether the large firms are in memory, where the process loads them (`loading`)."""
        self._connect, self._plan, self._shared = connect, plan, shared
        self._doorway = Doorway(self.uses)
        self._own = _Own()

    def answered(self, environ: Mapping[str, Any]) -> WireAnswer:
        """The answer to one request; its body is read where it deserves to be heard."""
        began = time.perf_counter()
        headers = [JSON, NO_STORE]
        if (name := environ.get(REQUEST_ID)) is not None:
            headers.append(("X-Request-ID", name))
        service = SERVICES.get(environ["PATH_INFO"])
        try:
            if service is None or environ["REQUEST_METHOD"] != "POST":
                return self._other(environ, headers)
            body = self._answer(service, environ, headers)
        except NotAnswered as problem:
            return _refused(problem, began, service, headers)
        except no_answers() as error:
            self.let_go()
            LOG.warning("no answer: %s", error)
            told = _UNPROVED if isinstance(error, NotProved) else _NO_DATABASE
            return _refused(unavailable(told), began, service, headers)
        service.numbers.answered(began)
        return WireAnswer(OK, headers, body)

    def knows(self, environ: dict[str, Any]) -> bool:
        """Whether the token of a request was seen here before, and stood when it was last used; noted."""
        return self._doorway.knows(environ)

    def asked(self) -> Prover:
        """Whom this thread asks; raises `StateUnavailable`."""
        found = self._own.asked
        if found is None:
            found = self.asked_apart()
            if self._shared is not None:
                found = SharedMarks(found, self._shared)
            self._own.asked = found
        return found

    def asked_apart(self) -> Prover:
        """Somebody to ask beside the answers, whom the caller closes; raises `StateUnavailable`."""
        return OneDatabase(self._connect) if self._plan is None else self._witnesses(self._plan)

    def let_go(self) -> None:
        """Give up this thread's connections that are broken: the next request has ones that work."""
        found = self._own.asked
        if found is not None and not found.let_go():
            self._own.asked = None

    def _witnesses(self, plan: StandbyPlan) -> Prover:
        # The driver of PostgreSQL takes long to load.
        from ringfence.store.witnesses import Witnesses

        return Witnesses(plan)

    def _answer(self, service: Endpoint, environ: Mapping[str, Any], headers: Headers) -> bytes:
        whom = self.asked()
        try:
            # Before anything of the body is heard: whoever has no token keeps no thread.
            seen = self._doorway.seen(whom, environ)
            if self._doorway.doubted(seen):
                entitled(self._proved(whom, seen, environ), service.scope)
            body = self._body(environ)
        except NotAnswered as problem:
            # The connection ends with a body that nobody hears, so whoever asks is told not to go on with it.
            problem.headers.append(CLOSE)
            raise
        asked = service.read(body)
        for _attempt in range(ATTEMPTS):
            kept, age = self._reached(whom, seen, environ)
            looked_up, source = kept.texts.looked_up, whom.source
            asking = self._asking(source, kept, seen, service, environ)
            given = service.answer(whom.connection, asking, asked, body)
            # What was looked up in the tables has to be of the version that answered.
            if kept.texts.looked_up == looked_up or (
                self._kept(whom, seen, environ)[0].texts is kept.texts and whom.source is source
            ):
                break
        else:
            raise unavailable("The firm's names change faster than they can be read. Ask again.")
        headers.append((VERSION, str(kept.version)))
        if age:
            headers.append((AGE, str(age)))
        if isinstance(given, Evaluated):
            count_decisions(given.answers)
        if self.log is not None and seen.place.firm in self.log.firms:
            note(self.log, asking, service.kind, given)
        return given.body

    def _asking(
        self, source: Source, kept: KeptFirm, seen: Seen, service: Endpoint, environ: Mapping[str, Any]
    ) -> FirmAsked:
        moment = kept.moment()
        token = self._doorway.standing(moment, seen)
        wanted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        number = seen.place.number
        askers = kept.answers(moment, ASKERS)
        asker = askers.get((number, service.kind, wanted))
        if asker is None:
            # What a token is for never changes, and who is found here had it for this.
            entitled(token, service.scope)
            language = asked_language(wanted, kept.texts.place(source)[0])
            if len(askers) >= MOST_ASKERS:
                askers.clear()
            asker = Asker.of(moment.state, number, token, language)
            askers[number, service.kind, wanted] = asker
        self._doorway.used(seen)
        return FirmAsked(source, kept, moment, asker)

    def _proved(self, whom: Prover, seen: Seen, environ: Mapping[str, Any]) -> Token:
        """The token as it stands now, whatever version is demanded; raises `NotAnswered` 401."""
        return self._doorway.standing(self._kept(whom, seen, environ, reached=0)[0].moment(), seen)

    def _reached(self, whom: Prover, seen: Seen, environ: Mapping[str, Any]) -> tuple[KeptFirm, int]:
        """As `_kept`, at the version that the request demands; raises `NotYet` besides."""
        try:
            return self._kept(whom, seen, environ)
        except (NotAnswered, NotYet):
            # A token that has ended stands at no later version: nobody waits with one, or asks again.
            self._proved(whom, seen, environ)
            raise

    def _kept(
        self, whom: Prover, seen: Seen, environ: Mapping[str, Any], reached: int | None = None
    ) -> tuple[KeptFirm, int]:
        """The firm, and 0 where it is current; else how old it may be, in milliseconds.

        `reached` is the version that must be there; as the request says unless given.
        """
        at_least, max_age = _accepted(environ)
        firm, reached = seen.place.firm, at_least if reached is None else reached
        try:
            try:
                return self.firms.current(whom, firm, reached, environ.get(WAITING)), 0
            except NotProved:
                most = whom.seconds_alone if max_age is None else min(whom.seconds_alone, max_age / 1000)
                last = whom.proved_before(firm)
                if last is None or last[0] > most or not (at_least or max_age):
                    raise
                kept = self.firms.alone(whom, firm, last[1], reached)
                # Hosts that say nothing are waited for, and meanwhile it grows older.
                last = whom.proved_before(firm)
                if last is None or last[0] > most:
                    raise
                return kept, max(1, ceil(last[0] * 1000))
        except FirmUnknown as error:
            if (moved := whom.found(partial(moved_to, firm=firm))) is not None:
                raise moved_away(moved) from error
            raise unavailable("The firm of this token is not there yet. Ask again.") from error

    def _body(self, environ: Mapping[str, Any]) -> bytes:
        kind = environ.get("CONTENT_TYPE", "")
        if kind != "application/json" and kind.partition(";")[0].strip().lower() != "application/json":
            raise unfit("Content-Type: write application/json.")
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdecimal():
            raise unfit("Content-Length: say how long the body is.")
        if int(length) > MOST_BYTES:
            raise _too_long()
        body: bytes = environ["wsgi.input"].read()
        if len(body) > MOST_BYTES:
            raise _too_long()
        return body

    def _other(self, environ: Mapping[str, Any], headers: Headers) -> WireAnswer:
        """Whatever is no question: what the service is, and whether it lives."""
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path in SERVICES:
            raise NotAnswered(HTTPStatus.METHOD_NOT_ALLOWED, "Ask with POST.", [("Allow", "POST")])
        if not (path in (LIVES, READY) or path in DOCUMENTS or path.startswith(WELL_KNOWN)):
            raise NotAnswered(HTTPStatus.NOT_FOUND, f"Nothing is here. {WELL_KNOWN} says what is where.")
        if method not in ("GET", "HEAD"):
            raise NotAnswered(HTTPStatus.METHOD_NOT_ALLOWED, "Ask with GET.", [("Allow", "GET, HEAD")])
        if path.startswith(WELL_KNOWN):
            found = metadata(path)
            if found is None:
                raise NotAnswered(HTTPStatus.NOT_FOUND, f"Write {WELL_KNOWN}, or {WELL_KNOWN}/firms/NUMBER.")
            body = msgspec.json.encode(found)
        elif path in DOCUMENTS:
            body = msgspec.json.encode(DOCUMENTS[path]())
        else:
            headers[0] = TEXT
            body = b"ok\n" if path == LIVES else self._ready()
        return WireAnswer(OK, headers, b"" if method == "HEAD" else body)

    def _ready(self) -> bytes:
        try:
            word = unready(self.asked()) or ("" if self.loaded else "loading")
        except StateUnavailable:
            word = "database"
        if word:
            self.let_go()
            raise unavailable(word)
        return b"ready\n"


def _accepted(environ: Mapping[str, Any]) -> tuple[int, int | None]:
    """The version that must have been reached, and how many milliseconds old an answer may be.

    Where it can be proved that an answer is current, none is older, whatever is accepted: only the version of
    now says whether the token still lets its sender in.
    """
    at_least, max_age = environ.get(AT_LEAST), environ.get(MAX_AGE)
    if at_least is None and max_age is None:
        return 0, None
    oldest = _whole("Ringfence-Max-Age", max_age, "a number of milliseconds")
    version = _whole("Ringfence-At-Least", at_least, "the number of a version")
    return version, None if max_age is None else oldest


def _whole(header: str, text: str | None, what: str) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise unfit(f"{header}: write {what}.")
    return int(text)


def _refused(problem: NotAnswered, began: float, service: Endpoint | None, headers: Headers) -> WireAnswer:
    (service.numbers if service else OTHER).refused(began, problem.status)
    headers[0] = TEXT
    return WireAnswer(problem.status.value, [*headers, *problem.headers], f"{problem.text}\n".encode())


def _too_long() -> NotAnswered:
    return NotAnswered(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"The body is too long. Send at most {MOST_BYTES:,} bytes, in several requests if need be.",
    )
