"""Very many numbers as bytes, as events hold them: four to each, little-endian."""

import sys
from array import array


def unpacked(data: bytes) -> "array[int]":
    """Little-endian 4-byte numbers."""
    found = array("I")
    found.frombytes(data)
    if sys.byteorder == "big":
        found.byteswap()
    return found


def packed(values: "array[int]") -> bytes:
    """What `unpacked` reads."""
    if sys.byteorder == "big":
        values = values[:]
        values.byteswap()
    return values.tobytes()
