"""Who gives a command, as the ledger names them."""

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """A member of the firm by number, or the operator (None), whose authority is not checked."""

    member: int | None

    @property
    def kind(self) -> str:
        """The word in the ledger: ``member`` or ``operator``."""
        return "operator" if self.member is None else "member"


OPERATOR = Actor(None)
"""Whoever runs commands on the server itself."""
