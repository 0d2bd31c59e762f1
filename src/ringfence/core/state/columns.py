"""Columns of numbers, four bytes each, and what is asked of very many of their numbers at once.

NumPy answers that some forty times as fast as Python's own means. It costs a tenth of a second and 25 MB to
load, so a process does that once it has looked up so much without it that this would have been repaid: most
firms are small. What the numbers mean is not said here.
"""

import sys
from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import compress
from operator import itemgetter, sub
from typing import TYPE_CHECKING, Any

from pyroaring import BitMap

if TYPE_CHECKING:
    import numpy

    Numbers = numpy.ndarray[Any, numpy.dtype[numpy.uint32]]

MUCH = 1_000_000
"""Numbers that a process looks up in all before it loads NumPy: by then they took as long as its loading."""
SOME = 100
"""Numbers from which on it is quicker once it is there; fewer are not counted."""


def numbers(values: Iterable[int]) -> "array[int]":
    """Four-byte numbers, the one input that bitmaps swallow at full speed."""
    return array("I", values)


def picked(column: "array[int]", places: "BitMap | array[int]") -> "array[int]":
    """What a column has at these places, in their order."""
    if isinstance(places, BitMap):
        if places and len(places) == places.max() - places.min() + 1 <= len(column) - places.min():
            # Neighbours, as in every list and portfolio that came at once.
            return column[places.min() : places.max() + 1]
        wanted = places.to_array()
    else:
        wanted = places
    if _worth(wanted):
        return _column(_seen(column).take(_seen(wanted)))
    # One call for all of them; it gives no tuple for a single one, and takes no call for none.
    if len(wanted) < 2:
        return array("I", [column[place] for place in wanted])
    return array("I", itemgetter(*wanted)(column))


def places_in(column: "array[int]", length: int) -> "array[int]":
    """By number below `length`, its place in the column, which has each once; 0 for those it has not."""
    found = array("I", [0]) * length
    if not _worth(column):
        for place, number in enumerate(column):
            found[number] = place
        return found
    import numpy

    # Of the array itself: nothing else holds it yet.
    _seen(found)[_seen(column)] = numpy.arange(len(column), dtype=numpy.uint32)
    return found


def first_alike(column: "array[int]") -> "array[int]":
    """For each place of a column the first place that has the same number."""
    if not _worth(column):
        known: dict[int, int] = {}
        return array("I", map(known.setdefault, column, range(len(column))))
    import numpy

    seen, places = _seen(column), numpy.arange(len(column), dtype=numpy.uint32)
    first = numpy.full(int(seen.max()) + 1, len(column), dtype=numpy.uint32)
    numpy.minimum.at(first, seen, places)
    return _column(first.take(seen))


def without_zeros(column: "array[int]") -> "array[int]":
    """The numbers of a column but 0, in their order."""
    return chosen(column, column)


def chosen(column: "array[int]", by: "array[int]") -> "array[int]":
    """The numbers of a column at whose places the other one has not 0."""
    if not _worth(column):
        return array("I", compress(column, by))
    return _column(_seen(column)[_seen(by) != 0])


def distances(column: "array[int]", before: "array[int]") -> "array[int]":
    """How far each number of a column lies from the one before it, which the other column has."""
    if not _worth(column):
        return array("I", map(sub, column, before))
    return _column(_seen(column) - _seen(before))


def counted(column: "array[int]") -> list[tuple[int, int]]:
    """Each number of a column with how often it stands there, most often first."""
    if not _worth(column):
        return Counter(column).most_common()
    import numpy

    found, counts = numpy.unique(_seen(column), return_counts=True)
    return sorted(zip(found.tolist(), counts.tolist(), strict=True), key=itemgetter(1), reverse=True)


def where_equal(column: "array[int]", values: "array[int]", value: int) -> "array[int]":
    """The numbers of a column at whose places the other one has the value."""
    if not _worth(column):
        return array("I", compress(column, map(value.__eq__, values)))
    return _column(_seen(column)[_seen(values) == value])


class _SoFar:
    """What this process has looked up without NumPy. A number that a thread forgets matters to nobody."""

    numbers = 0


def _worth(column: "array[int]") -> bool:
    """Whether NumPy is to answer for as many numbers as the column has."""
    if len(column) < SOME:
        return False
    if "numpy" in sys.modules:
        return True
    _SoFar.numbers += len(column)
    return _SoFar.numbers >= MUCH


def _seen(column: "array[int]") -> "Numbers":
    """The column as NumPy looks at it, in place. While that is held, the column cannot grow (`longer`)."""
    import numpy

    return numpy.frombuffer(column, dtype=numpy.uint32)


def _column(seen: "Numbers") -> "array[int]":
    return array("I", seen.tobytes())
