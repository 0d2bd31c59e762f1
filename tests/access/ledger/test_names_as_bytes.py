"""Bytes in the place of a name, which SQLite alone lets be there and reads alike: they are found."""

from ringfence import access
from ringfence.access.writing.tables.bulk import execute
from ringfence.core.commands import definitions as w
from tests.access.cast import Cast

COUNT = 300


def test_bytes_that_read_like_the_name_are_found(firm: Cast) -> None:
    firm.do(w.ImportClients(rows=tuple(w.ClientRow(name=f"Anne Smith {n}") for n in range(COUNT))))
    execute("UPDATE firms_client SET name = CAST(name AS BLOB) WHERE firm_id = %s AND number = 7", firm.firm)
    assert access.verify(firm.firm).problems == (
        "The words of client 7 in the tables are not those beside the ledger.",
    )
