"""What is noted of an answer that was given: numbers for whoever watches, and the firm's log of decisions.

Neither holds an answer up: a number is added in memory, an entry put into a queue (`store.decision_log`).
"""

import time

from ringfence.core.decision.moment import Moment
from ringfence.core.terms import Target
from ringfence.store.decision_log import DecisionLog
from ringfence.telemetry.counts import Counter, Spread

from .answering import DecisionAnswer
from .asking import FirmAsked
from .evaluating import Evaluated
from .searching import SearchAnswer

REQUESTS = Counter("ringfence_decide_requests_total", "Requests to the decision service.", ["kind", "status"])
SECONDS = Spread("ringfence_decide_request_seconds", "How long answers took at the server.", ["kind"])
DECISIONS = Counter("ringfence_decisions_total", "Questions answered, by their answer.", ["answer"])

_ALLOWED, _DENIED = DECISIONS.of("allowed"), DECISIONS.of("denied")


class Requests:
    """The numbers of one kind of request."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._answered, self._seconds = REQUESTS.of(kind, "200"), SECONDS.of(kind)

    def answered(self, began: float) -> None:
        """One was answered; `began` by `time.perf_counter`."""
        self._answered.add()
        self._seconds.observe(time.perf_counter() - began)

    def refused(self, began: float, status: int) -> None:
        """One was not."""
        REQUESTS.of(self._kind, str(status)).add()
        self._seconds.observe(time.perf_counter() - began)


def count_decisions(answers: list[DecisionAnswer]) -> None:
    """Questions were answered."""
    if len(answers) == 1:
        (_ALLOWED if answers[0].allowed else _DENIED).add()
        return
    allowed = [each.allowed for each in answers].count(True)
    if allowed:
        _ALLOWED.add(allowed)
    if allowed < len(answers):
        _DENIED.add(len(answers) - allowed)


def note(log: DecisionLog, asking: FirmAsked, kind: str, given: Evaluated | SearchAnswer) -> None:
    """Put into the firm's log who asked what, and what was answered."""
    firm, moment = asking.kept.texts.firm, asking.moment
    version = asking.kept.version
    if isinstance(given, SearchAnswer):
        action = given.action.value if given.action else ""
        asked = (asking.asker.token, given.member, *_places(moment, given.target), action)
        log.note(firm, (moment.now, kind, *asked, given.total, "", version))
        return
    for each in given.answers:
        action = each.action.value if each.action else ""
        asked = (asking.asker.token, each.member, *_places(moment, each.target), action)
        log.note(firm, (moment.now, "evaluation", *asked, int(each.allowed), each.reason, version))


def _places(moment: Moment, target: Target) -> tuple[int, int]:
    """The client and the engagement that were asked for; 0 for what the firm does not have."""
    register = moment.state.register
    if target.kind == "engagement":
        there = target.number in register.engagements
        return (register.client_of[target.number], target.number) if there else (0, 0)
    return (target.number if target.number in register.clients else 0), 0
