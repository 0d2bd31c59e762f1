"""Statements that write to the tables, worked out beforehand and run together under the firm's lock.

What a large change costs is spent on its rows, not on writing them: so others wait for the writing alone.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from . import bulk


class Statements:
    """Statements in their order, with their parameters."""

    def __init__(self) -> None:
        self._steps: list[Callable[[], None]] = []

    def execute(self, statement: str, *parameters: Any) -> None:
        self._steps.append(partial(bulk.execute, statement, *parameters))

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], **alike: int) -> None:
        """New rows, as `bulk.insert` writes them."""
        self._steps.append(partial(bulk.insert, table, columns, rows, **alike))

    def update_texts(
        self, table: str, columns: Sequence[str], firm: int, rows: Mapping[int, Sequence[str | None]]
    ) -> None:
        """Texts of rows that are there, as `bulk.update_texts` writes them."""
        self._steps.append(partial(bulk.update_texts, table, columns, firm, rows))

    def run(self) -> None:
        """Run all of them, in the transaction of whoever calls."""
        for step in self._steps:
            step()
