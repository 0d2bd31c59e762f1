"""Statements that write to the tables, worked out beforehand and run together under the firm's lock.

What a large change costs is spent on its rows, not on writing them: so others wait for the writing alone.
Rows that nobody can meet before the commit, those of new clients, are brought near before that: on SQLite
into a table of this connection's own, from which they are copied; on PostgreSQL, where others do not see them
yet, to their places.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from . import bulk


class _Step(NamedTuple):
    run: Callable[[], None]
    rows: "bulk.NewRows | None" = None
    """New rows, where they are all that it writes."""
    meets_nothing: bool = False
    """Whether it writes only what nobody else can come upon before the commit."""
    meets_references: bool = True
    """Whether it may write to clients that are there: before new ones take references from them."""


class Statements:
    """Statements in their order, with their parameters."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []

    def execute(self, statement: str, *parameters: Any, about_new: bool = False) -> None:
        """A statement; `about_new` of things alone that come with it."""
        self._steps.append(_Step(partial(bulk.execute, statement, *parameters), meets_nothing=about_new))

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], **alike: int) -> None:
        """New rows, as `bulk.insert` writes them."""
        self._steps.append(_Step(partial(bulk.insert, table, columns, rows, **alike), meets_references=False))

    def insert_new(self, table: str, columns: Mapping[str, Sequence[Any]], **alike: int | bool) -> None:
        """The same for rows of new clients and engagements, of which there may be very many, as columns."""
        new = bulk.NewRows(table, columns, alike)
        self._steps.append(_Step(new.write, new, meets_nothing=True))

    def update_texts(
        self, table: str, columns: Sequence[str], firm: int, rows: Mapping[int, Sequence[str | None]]
    ) -> None:
        """Texts of rows that are there, as `bulk.update_texts` writes them."""
        self._steps.append(_Step(partial(bulk.update_texts, table, columns, firm, rows)))

    def run(self) -> None:
        """Run all that have not run, in the transaction of whoever calls."""
        for step in self._steps:
            step.run()
        self._steps.clear()


def run_ahead(together: Iterable[Statements]) -> None:
    """On PostgreSQL, in the transaction but before the firm is locked: write what nobody can come upon.

    Whoever calls keeps others from numbering clients meanwhile. What comes after a statement that may take
    references from older rows has to wait for it.
    """
    if not bulk.unseen_before_commit():
        return
    for statements in together:
        for place, step in enumerate(statements._steps):
            if step.meets_nothing:
                step.run()
                statements._steps[place] = _DONE
            elif step.meets_references:
                return


_DONE = _Step(lambda: None, meets_nothing=True)


@contextmanager
def brought_near(together: Iterable[Statements], *, beside: int) -> Iterator[None]:
    """Within it, many new rows lie where the database copies them from, not in the firm yet.

    `beside` is how many bytes are written with them, about.
    """
    many = [step.rows for each in together for step in each._steps if step.rows is not None]
    with bulk.staged(many, beside=beside):
        yield
