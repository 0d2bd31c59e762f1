"""Where a scenario is played besides memory: the four questions that each surface of the product answers.

What answers them over tables and through pages lives in `tests/surfaces`. Reasons, previews and proofs are
asked of memory alone.
"""

from typing import Protocol

from ringfence.core.commands import Command
from ringfence.core.terms import Instant, Level

from .setup import Book


class Surface(Protocol):
    """A firm that goes through the same scenario. Everything goes by the numbers of the book."""

    def set_up(self, book: Book, now: Instant) -> None:
        """Have the firm of the scenario's facts. The book changes as the scenario goes on."""

    def carry_out(self, command: Command, actor: int | None, now: Instant) -> str:
        """The code of the refusal, empty where the command was carried out."""

    def level(self, member: int, engagement: int, now: Instant) -> Level:
        """The member's level on one engagement (rules.md 2)."""

    def clients(self, member: int, now: Instant) -> set[int]:
        """The clients that the member sees."""
