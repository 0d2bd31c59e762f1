"""A tax reference as it is shown to who may not open what it is of (rules.md 5)."""

from .saying import gettext as _

LEAST = 8
"""Letters and digits of a reference of which the end is shown; of a shorter one nothing is."""
SHOWN = 4


def masked(reference: str) -> str:
    """``ending in 1987``: the last four letters and digits, none of one that has fewer than eight."""
    letters = "".join(filter(str.isalnum, reference))
    if len(letters) >= LEAST:
        return _("ending in %(letters)s") % {"letters": letters[-SHOWN:]}
    return _("not shown") if reference else ""
