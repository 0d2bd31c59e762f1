"""How random tests run: so many examples, the same for the same seed, which every failure names."""

import os
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, note, seed, settings

from tests.support.seed import SEED, SHRINK_VARIABLE, VARIABLE

# Making a failing world small takes minutes, in vain where only the failure counts (tests/mutants).
_PHASES = (Phase.generate,) if os.environ.get(SHRINK_VARIABLE) == "no" else (Phase.generate, Phase.shrink)


def random_examples(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on this many random worlds. Goes above `given`."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        limited = settings(
            max_examples=examples,
            deadline=None,
            # A run depends on its seed alone, not on what an earlier one found.
            database=None,
            phases=_PHASES,
            # Whole firms are large on purpose.
            suppress_health_check=list(HealthCheck),
        )
        return seed(SEED)(limited(test))

    return decorate


def name_the_seed() -> None:
    """Within a test: have a failure say how to run it again."""
    note(f"{VARIABLE}={SEED}")
