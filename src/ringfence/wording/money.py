"""Amounts of money and percentages as people write them: exact, in whole pence and hundredths."""

from __future__ import annotations

import re

_AMOUNT = re.compile(r"£?\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(?:\.([0-9]{1,2}))?")


def pounds(pence: int) -> str:
    """An amount: ``£1,250.50``."""
    return f"£{pence // 100:,}.{pence % 100:02}"


def plain_pounds(pence: int) -> str:
    """An amount as the field of a form holds it: ``1250.50``."""
    return f"{pence // 100}.{pence % 100:02}"


def percent(hundredths: int) -> str:
    """A percentage: ``33.33%``, ``60%``."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"


def read_pounds(text: str) -> int | None:
    """The pence that somebody entered in pounds, None where it is no amount."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "").ljust(2, "0"))
