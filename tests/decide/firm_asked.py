"""A firm whose software asks the decision service."""

from typing import NamedTuple

from pyroaring import BitMap

from ringfence.core.commands import On
from ringfence.core.terms import Level, member_subject
from tests.access.cast import Cast, found


class Firm(NamedTuple):
    """Ward & Sons: Ben edits Acme, Cy reads it and owns Boots, Dee has nothing."""

    cast: Cast
    ben: int
    cy: int
    dee: int
    acme: int
    boots: int
    closed: int
    """A confidential client that nobody was given."""

    def email(self, name: str) -> str:
        return f"{name}.{self.cast.firm}@example.com"


def made() -> Firm:
    cast = found(profile="planning")
    ben, cy, dee = (cast.member(name) for name in ("Ben", "Cy", "Dee"))
    vat, tax = cast.service("VAT"), cast.service("Income Tax")
    acme = cast.client("Acme Ltd", vat, tax, reference="ACME-1")
    boots = cast.client("Boots & Co", vat, reference="BOOTS-2")
    closed = cast.client("Closed", vat, reference="CLOSED-3")
    cast.grant(member_subject(ben), On(clients=BitMap([acme])), Level.EDITOR)
    cast.grant(member_subject(cy), On(clients=BitMap([acme])), Level.READER)
    cast.grant(member_subject(cy), On(clients=BitMap([boots])), Level.OWNER)
    return Firm(cast, ben, cy, dee, acme, boots, closed)
