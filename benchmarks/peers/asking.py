"""How an engine is asked: first whether it answers as the rules do, then how long one question takes."""

import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from .practice import Question

ROUNDS = 3


class Engine(Protocol):
    """One engine that holds the practice, or is handed what matters with each question."""

    @property
    def name(self) -> str: ...

    @property
    def cannot(self) -> str:
        """What it cannot express of the rules; empty where it can all that the practice has."""

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        """Whether each is allowed, asked one after another."""


class Asked(NamedTuple):
    """What came of it."""

    name: str
    cannot: str
    compared: int
    different: int
    """Answers that are not those of the rules."""
    seconds: float
    """One question, the median of the rounds."""


def ask(engine: Engine, questions: Sequence[Question], right: Sequence[bool]) -> Asked:
    """Compare the answers, then take the time. The first round warms up and is the one that is compared."""
    found = engine.answers(questions)
    different = sum(one != other for one, other in zip(found, right, strict=True))
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        engine.answers(questions)
        taken.append((time.perf_counter() - start) / len(questions))
    return Asked(engine.name, engine.cannot, len(questions), different, statistics.median(taken))
