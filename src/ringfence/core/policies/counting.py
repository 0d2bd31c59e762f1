"""How many members see each client, for all clients at once: binary numbers whose digits are sets."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY


class Times(NamedTuple):
    """Places that are counted so many times."""

    places: BitMap
    times: int


class Counts:
    """By place, a count: a place is in digit ``n`` where bit ``n`` of its count is set.

    Up to two sets wait at each digit: three make one there and one at the next, which takes a third of the
    work of carrying each set through all digits.
    """

    def __init__(self, digits: Iterable[BitMap] = ()) -> None:
        self._waiting: list[Sequence[BitMap]] = [(digit,) for digit in digits]
        self._moves: _Moves | None = None
        """What is counted otherwise: put in once all counts are asked for."""

    def add(self, places: BitMap, times: int = 1) -> None:
        """Count each of the places so many times more. The set is kept: not to be changed."""
        digit = 0
        while times:
            if times & 1:
                self._carry(places, digit)
            times >>= 1
            digit += 1

    def _carry(self, places: BitMap, digit: int) -> None:
        while places:
            while len(self._waiting) <= digit:
                self._waiting.append(())
            waiting = self._waiting[digit]
            if len(waiting) < 2:
                self._waiting[digit] = (*waiting, places)
                return
            one, other = waiting
            either = one ^ other
            self._waiting[digit] = (either ^ places,)
            places, digit = (one & other) | (either & places), digit + 1

    def times(self) -> list[Times]:
        """The same counts as few sets, however many were counted."""
        return [Times(places, 1 << digit) for digit, places in enumerate(self._digits()) if places]

    def _digits(self) -> list[BitMap]:
        # Read once: another thread may put it in at this moment, which comes to the same.
        moves = self._moves
        if moves is not None:
            changed, here, there = moves.places, list(moves.digits), moves.put_in(moves.places)
            here += [EMPTY] * (len(there) - len(here))
            self._waiting = [
                ((digit - changed) | instead,) for digit, instead in zip(here, there, strict=True)
            ]
            self._moves = None
        return self._settled()

    def _settled(self) -> list[BitMap]:
        digit = 0
        while digit < len(self._waiting):
            if len(self._waiting[digit]) == 2:
                one, other = self._waiting[digit]
                self._waiting[digit] = (one ^ other,)
                self._carry(one & other, digit + 1)
            digit += 1
        return [waiting[0] if waiting else EMPTY for waiting in self._waiting]

    def moved(self, less: Sequence[Times], more: Sequence[Times]) -> "Counts":
        """The counts where these are counted no more, and those besides; looks at their places alone."""
        counts = Counts()
        counts._moves = _Moves(self._digits(), less, more)
        if len(less) + len(more) > KEPT:
            counts._digits()
        return counts

    def more_than(self, number: int, among: BitMap) -> BitMap:
        """The places among these whose count is above the number."""
        moves = self._moves
        if moves is None:
            return _above(self._settled(), number, among)
        suspects = _above(moves.digits, number - moves.most_more, among)
        return _above(moves.put_in(suspects), number, suspects) if suspects else suspects

    def less_than(self, number: int, among: BitMap) -> BitMap:
        """The places among these whose count is below the number."""
        moves = self._moves
        if moves is None:
            return among - _above(self._settled(), number - 1, among)
        suspects = among - _above(moves.digits, number + moves.most_less - 1, among)
        return suspects - _above(moves.put_in(suspects), number - 1, suspects) if suspects else suspects


KEPT = 16
"""Sets that are kept to be counted later: more of them would fill the memory."""


class _Moves:
    """Counts by their digits, and what is counted no more, and what besides."""

    def __init__(self, digits: Sequence[BitMap], less: Sequence[Times], more: Sequence[Times]) -> None:
        self.digits = digits
        self._less, self._more = less, more
        self.most_less, self.most_more = (sum(each.times for each in side) for side in (less, more))
        """By how much any count goes down, or up, at most."""

    @cached_property
    def places(self) -> BitMap:
        """Where anything is counted otherwise."""
        return BitMap.union(EMPTY, *(each.places for each in (*self._less, *self._more)))

    def put_in(self, among: BitMap) -> list[BitMap]:
        """The digits of the counts afterwards, at these places alone."""
        found, gone = Counts(digit & among for digit in self.digits), Counts()
        for counts, side in ((found, self._more), (gone, self._less)):
            for places, times in side:
                counts.add(places & among, times)
        there = found._digits()
        for digit, places in enumerate(gone._digits()):
            _take(there, places, digit)
        return there


def _above(digits: Sequence[BitMap], number: int, among: BitMap) -> BitMap:
    """The places among these whose count, by its digits, is above the number."""
    if number < 0:
        return among
    above, equal = BitMap(), among
    for digit in range(max(len(digits), number.bit_length()) - 1, -1, -1):
        if not equal:
            break
        found = digits[digit] if digit < len(digits) else EMPTY
        if number >> digit & 1:
            equal = equal & found
        else:
            above |= equal & found
            equal = equal - found
    return above


def _take(digits: list[BitMap], places: BitMap, digit: int) -> None:
    """Count each of the places, which are counted that often, so many times less as the digit is worth."""
    while places:
        here = digits[digit]
        digits[digit] = here ^ places
        places, digit = places - here, digit + 1
