"""An access review is due within a week, or a day, and its reader has not decided everything yet."""

from ringfence.access.notices import KeptNotice
from ringfence.notices import review_asked
from ringfence.notices.readers import FirmReader


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What still waits for them; None where nothing does."""
    return review_asked.values(reader, notice)
