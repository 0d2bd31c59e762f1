"""How many members see each client, for all clients at once: binary numbers whose digits are sets."""

from collections.abc import Iterable, Sequence
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
        self._changed: tuple[BitMap, Counts] | None = None
        """The places that are counted otherwise, and how often: put in once others are asked for."""

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

    def _digits(self) -> list[BitMap]:
        # Read once: another thread may put it in at this moment, which comes to the same.
        pending = self._changed
        if pending is not None:
            changed, now = pending
            here, there = self._settled(), now._digits()
            length = max(len(here), len(there))
            here += [EMPTY] * (length - len(here))
            there += [EMPTY] * (length - len(there))
            self._waiting = [
                ((digit - changed) | instead,) for digit, instead in zip(here, there, strict=True)
            ]
            self._changed = None
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
        moving = BitMap.union(EMPTY, *(each.places for each in (*less, *more)))
        digits = self._digits()
        found = Counts(digit & moving for digit in digits)
        for places, times in more:
            found.add(places, times)
        there = found._digits()
        for places, times in less:
            _take(there, places, times)
        counts = Counts(digits)
        counts._changed = moving, Counts(there)
        return counts

    def more_than(self, number: int, among: BitMap) -> BitMap:
        """The places among these whose count is above the number."""
        if number < 0:
            return among
        pending = self._changed
        known = pending[1] if pending is not None and pending[0].issuperset(among) else self
        digits = known._digits()
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

    def less_than(self, number: int, among: BitMap) -> BitMap:
        """The places among these whose count is below the number."""
        return among - self.more_than(number - 1, among)


def _take(digits: list[BitMap], places: BitMap, times: int) -> None:
    """Count each of the places, which are counted that often, so many times less."""
    first = 0
    while times:
        if times & 1:
            digit, borrowing = first, places
            while borrowing:
                here = digits[digit]
                digits[digit] = here ^ borrowing
                borrowing, digit = borrowing - here, digit + 1
        times >>= 1
        first += 1
