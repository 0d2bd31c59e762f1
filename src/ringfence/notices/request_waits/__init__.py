"""A request for access waits for an answer: a reminder to everybody who may share the client."""

from ringfence.access.notices import KeptNotice
from ringfence.notices.deciding import about_asking, to_decide
from ringfence.notices.readers import FirmReader


def about(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What its subject says."""
    return about_asking(reader, notice)


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None once the request is closed, or for who may not decide it any more."""
    return to_decide(reader, notice)
