"""Sentences that names are filled into, each with one full stop at its end."""

import re
from collections.abc import Mapping

_ENDS = re.compile(r"%\((\w+)\)s\.(?=\s|<|$)")
"""A name at the end of a sentence. A full stop that something follows at once is none of a sentence."""


class Sentence(str):
    """A text whose names are yet to be filled in, by `%`. One that ends with a full stop ends its sentence.

    `"%(who)s asks to open %(client)s."` with the client `Vala Ltd.` has one full stop, not two.
    """

    __slots__ = ()

    def __mod__(self, values: object) -> str:
        return str.__mod__(one_stop(self, values) if isinstance(values, Mapping) else self, values)


def one_stop(text: str, values: Mapping[str, object]) -> str:
    """The text without the full stops that its names bring themselves; the names are yet to be filled in."""

    def ended(found: re.Match[str]) -> str:
        own = str(values.get(found[1], "")).endswith(".")
        return found[0][:-1] if own else found[0]

    return _ENDS.sub(ended, text) if ")s." in text else text
