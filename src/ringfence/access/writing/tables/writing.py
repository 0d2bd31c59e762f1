"""One change on its way into a firm's tables: what it needs to know, and the statements worked out so far.

What each event does is in the modules of the themes, put together in `write.py`.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from ringfence.core.review_schedule import ScheduledReview
from ringfence.core.review_values import Review
from ringfence.core.state.register import Register
from ringfence.core.terms import Instant, Thing

from .statements import Statements
from .words import CommandWords, columns_for


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """One command's writing: into which firm, when, and with which words."""

    firm: int
    now: Instant
    words: CommandWords
    register: Register
    """The firm's clients and engagements after it."""
    gone: Collection[int] = ()
    """The clients that can no longer be restored."""
    first_client: int = 2**32
    """The first client that comes with it."""
    reviews: Mapping[int, Review] = {}
    """The open reviews after it."""
    schedules: Mapping[int, ScheduledReview] = {}
    """Those that are scheduled after it."""
    statements: Statements = msgspec.field(default_factory=Statements)
    """What puts it into the tables, as far as it has been worked out."""

    def new_words(self, thing: Thing, number: int, *fields: str) -> dict[str, str | None]:
        """The words for a new row, as columns; of these fields also those that the command leaves empty."""
        return columns_for(thing, {**dict.fromkeys(fields, ""), **self.words.take(thing, number)})

    def insert(self, table: str, **columns: object) -> None:
        """A new row of the firm."""
        row = {"firm_id": self.firm, **columns}
        self.statements.insert(table, list(row), [list(row.values())])

    def update(self, table: str, number: int, **columns: object) -> None:
        """Other values in the firm's row of this number."""
        places = ", ".join(f"{column} = %s" for column in columns)
        self.statements.execute(
            f"UPDATE {table} SET {places} WHERE firm_id = %s AND number = %s",
            *columns.values(),
            self.firm,
            number,
        )

    def delete(self, table: str, condition: str, *parameters: Any) -> None:
        """Those rows of the firm for which the condition holds are gone."""
        self.statements.execute(
            f"DELETE FROM {table} WHERE firm_id = %s AND {condition}", self.firm, *parameters
        )
