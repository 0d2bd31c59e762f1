"""What a browser sent, read with suspicion: forms and addresses can hold anything."""

from ringfence.core.texts import steers

DIGITS = 9
"""A number with more digits names nothing in any firm, and would not fit where it is looked for."""


class NumberInAddress:
    """A number in an address, for `urls.py`: any other, and so one that no set could hold, is 404."""

    regex = f"[0-9]{{1,{DIGITS}}}"

    def to_python(self, value: str) -> int:
        """The number that the address names."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The number as it stands in an address."""
        return str(value)


def number_in(text: str) -> int:
    """The whole number that the text is, 0 where it is none or too long to name anything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0


def showable(text: str) -> str:
    """What somebody entered, without the characters that no page may hold, to be put right by them."""
    return "".join(letter for letter in text if letter in "\n\r\t" or not steers(letter))
