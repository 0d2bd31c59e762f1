"""Numbers as people write them, and with what they count."""

from ringfence.wording.saying import ngettext


def figure(value: int) -> str:
    """A number as people write it in English and in Welsh: ``5,000``."""
    return f"{value:,}"


def count_clients(count: int) -> str:
    return ngettext("%(count)s [client]", "%(count)s [clients]", count) % {"count": figure(count)}
