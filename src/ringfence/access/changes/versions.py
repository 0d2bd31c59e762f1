"""Which version firms have, for who waits until one moves."""

from collections.abc import Iterable

from ringfence.access.connection import answering
from ringfence.firms.models import Firm


def versions_of(firms: Iterable[int]) -> dict[int, int]:
    """By firm, the number of its last entry; firms that are not there left out. Raises `StateUnavailable`."""
    with answering():
        return dict(Firm.objects.filter(pk__in=list(firms)).values_list("pk", "version"))
