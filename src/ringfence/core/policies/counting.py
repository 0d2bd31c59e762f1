"""How many members see each client, for all clients at once: binary numbers whose digits are sets."""

from pyroaring import BitMap

from ringfence.core.state.holding import EMPTY


class Counts:
    """By place, a count: a place is in digit ``n`` where bit ``n`` of its count is set."""

    def __init__(self) -> None:
        self._digits: list[BitMap] = []

    def add(self, places: BitMap, times: int = 1) -> None:
        """Count each of the places so many times more."""
        digit = 0
        while times:
            if times & 1:
                self._carry(places, digit)
            times >>= 1
            digit += 1

    def _carry(self, places: BitMap, digit: int) -> None:
        while places:
            while len(self._digits) <= digit:
                self._digits.append(EMPTY)
            both = self._digits[digit] & places
            self._digits[digit] = self._digits[digit] ^ places
            places, digit = both, digit + 1

    def more_than(self, number: int, among: BitMap) -> BitMap:
        """The places among these whose count is above the number."""
        if number < 0:
            return among
        above, equal = BitMap(), among
        for digit in range(max(len(self._digits), number.bit_length()) - 1, -1, -1):
            found = self._digits[digit] if digit < len(self._digits) else EMPTY
            if number >> digit & 1:
                equal = equal & found
            else:
                above |= equal & found
                equal = equal - found
        return above

    def less_than(self, number: int, among: BitMap) -> BitMap:
        """The places among these whose count is below the number."""
        return among - self.more_than(number - 1, among)
