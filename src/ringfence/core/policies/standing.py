"""Whether statements hold in the whole firm, as far as known: counted once, then carried over changes."""

from collections.abc import Iterable, Sequence
from typing import cast

from ringfence.core import events as e
from ringfence.core.compare.elapsed import ended
from ringfence.core.decision.moment import Moment
from ringfence.core.statements import Statement
from ringfence.core.terms import Instant

from .carrying import carried
from .tally import NOTHING_COUNTED, Tally, counted


def hold(moment: Moment, statements: Sequence[Statement]) -> list[bool]:
    """Whether each of them holds at the moment. Kept with its evaluation."""
    known = tally_of(moment, statements)
    forgotten = [each for each in dict.fromkeys(statements) if known.broken[each] is None]
    if forgotten:
        known = moment.evaluation.tally = counted(moment, forgotten, known)
    return [not known.broken[each] for each in statements]


def tally_of(moment: Moment, statements: Iterable[Statement]) -> Tally:
    """What is known of these statements at the moment, and of others."""
    evaluation = moment.evaluation
    found = _known(moment) or NOTHING_COUNTED
    missing = [each for each in dict.fromkeys(statements) if each not in found.broken]
    if missing:
        found = counted(moment, missing, found)
    evaluation.keep_tally(found)
    return found


def _known(moment: Moment) -> Tally | None:
    """What is known of the moment, or of the latest one before it of which anything is."""
    evaluation = moment.evaluation
    # Another thread that counts takes the latter two away once it has put the first.
    tallied, outlived, tally = evaluation.tallied, evaluation.outlived, evaluation.tally
    if isinstance(tally, Tally):
        return tally
    if tallied is not None:
        earlier, events = tallied
        before = Moment(earlier.state, moment.now, earlier)
        known = _known(before)
        return known and carried(known, before, moment, cast(Sequence[e.Event], events))
    if outlived is not None:
        before = Moment(moment.state, Instant(outlived.until - 1), outlived)
        known = _known(before)
        return known and carried(known, before, moment, list(ended(moment.state, before.now, moment.now)))
    return None


def tally_after(before: Moment, after: Moment, events: Sequence[e.Event]) -> tuple[Tally, Tally]:
    """What is known of the policies that stand after the events, before and after them."""
    statements = [each for policy in after.state.policies.values() for each in policy.statements]
    one = tally_of(before, statements)
    if after.evaluation.tally is None and (found := carried(one.only(statements), before, after, events)):
        after.evaluation.keep_tally(found)
    return one, tally_of(after, statements)


def is_counted(moment: Moment) -> bool:
    """Whether the moment's firm has been counted, or one that led to it."""
    known = moment.evaluation
    return any(each is not None for each in (known.tally, known.tallied, known.outlived))
