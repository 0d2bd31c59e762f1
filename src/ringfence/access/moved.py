"""Where a firm is that has left this database, for whoever still comes here."""

from ringfence.store.engines import source_for
from ringfence.store.moved import FirmMoved, key_moved_to, moved_to

from .connection import answering, plain


def firm_moved(firm: int) -> FirmMoved | None:
    """Where the firm of that number is; None where it has not left. Raises `StateUnavailable`."""
    with answering():
        return moved_to(source_for(plain()), firm)


def key_moved(digest: bytes) -> FirmMoved | None:
    """The same for the firm whose token, invitation or provider has this digest."""
    with answering():
        return key_moved_to(source_for(plain()), digest)
