"""What a comparison keeps of its classes of members has so much room, and no more."""

from pyroaring import BitMap

from ringfence.core.compare.moved import MovedClients, Room
from ringfence.core.state.holding import EMPTY

FAR, CLOSE = BitMap(range(0, 800_000, 80)), BitMap(range(7_000_000, 7_080_000))
"""Ten thousand places of two bytes each, and eighty thousand of a bit each."""


def moved(gains: BitMap, loses: BitMap) -> MovedClients:
    """Of a class that has nothing else of the clients."""
    return MovedClients(gains, loses, EMPTY, gains, loses, EMPTY)


def test_places_that_lie_close_together_take_a_bit_each() -> None:
    assert Room(10_000).takes(moved(EMPTY, CLOSE))
    assert not Room(9_000).takes(moved(EMPTY, CLOSE))


def test_places_far_apart_take_two_bytes_each() -> None:
    assert Room(20_000).takes(moved(FAR, EMPTY))
    assert not Room(19_000).takes(moved(FAR, EMPTY))


def test_what_is_one_set_is_kept_once_and_takes_room_from_what_comes_later() -> None:
    room = Room(45_000)
    assert room.takes(moved(FAR, FAR))
    assert room.takes(moved(EMPTY, FAR))
    assert not room.takes(moved(FAR, EMPTY))
    assert room.takes(moved(EMPTY, EMPTY))
