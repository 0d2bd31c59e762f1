"""What a browser sent, read with suspicion: forms and addresses can hold anything."""

DIGITS = 9
"""A number with more digits names nothing in any firm, and would not fit where it is looked for."""


def number_in(text: str) -> int:
    """The whole number that the text is, 0 where it is none or too long to name anything."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else 0
