"""The reader is asked to acknowledge that work is kept apart; no wall or client is named (decision 89)."""

from ringfence.access.notices import KeptNotice
from ringfence.notices.readers import FirmReader


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """Where they do it; None where nothing asks them, and for who has not come in yet."""
    if not reader.came_in or not reader.now.walls_asking(reader.member):
        return None
    return {"link": reader.link("your-walls")}
