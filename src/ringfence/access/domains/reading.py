"""What is kept of a firm's domains, and whose a proved one is."""

import msgspec

from ringfence.access.connection import answering
from ringfence.core.terms import Instant
from ringfence.firms.models import FirmDomain

from .names import domain_of, domain_text
from .records import record_name, record_text


class KeptDomain(msgspec.Struct, frozen=True, kw_only=True):
    """A domain of a firm. Times are microseconds, 0 for never; members are numbers, None the operator."""

    firm: int
    number: int
    key: str
    """As DNS asks for it."""
    token: str
    added_at: Instant
    added_by: int | None
    proved_at: Instant
    proved_by: int | None
    vouched: bool
    checked_at: Instant
    missing_since: Instant

    @property
    def text(self) -> str:
        """In its own letters."""
        return domain_text(self.key)

    @property
    def proved(self) -> bool:
        return self.proved_at > 0

    @property
    def record_name(self) -> str:
        return record_name(self.key)

    @property
    def record_text(self) -> str:
        return record_text(self.token)


def proved_firm(address: str) -> int | None:
    """Which firm has proved the domain of an e-mail address; None where none has. Raises `StateUnavailable`.

    The domain must be the very one: an address in one that stands under it is none of the firm's.
    """
    key = domain_of(address)
    if key is None:
        return None
    with answering():
        rows = FirmDomain.objects.filter(domain=key, proved_at__gt=0)
        return rows.values_list("firm_id", flat=True).first()


def domains_of(firm: int) -> tuple[KeptDomain, ...]:
    """All domains of the firm, in the order in which they were added."""
    with answering():
        return tuple(map(kept, FirmDomain.objects.filter(firm=firm).order_by("number")))


def domain_numbered(firm: int, number: int) -> KeptDomain | None:
    """One of them."""
    with answering():
        row = FirmDomain.objects.filter(firm=firm, number=number).first()
    return kept(row) if row is not None else None


def kept(row: FirmDomain) -> KeptDomain:
    """A row as a value."""
    return KeptDomain(
        firm=row.firm_id,
        number=row.number,
        key=row.domain,
        token=row.token,
        added_at=Instant(row.added_at),
        added_by=row.added_by,
        proved_at=Instant(row.proved_at),
        proved_by=row.proved_by,
        vouched=row.vouched,
        checked_at=Instant(row.checked_at),
        missing_since=Instant(row.missing_since),
    )
