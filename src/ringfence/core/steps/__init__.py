"""What each event does to a state, theme by theme: `step_of(event, state)`.

What survives of the worked-out sets is chosen on the safe side: a set that may be wrong is thrown away, or
patched where that is exact.
"""

from . import clients, firm, grants, members
from .dispatch import step_of

__all__ = ["clients", "firm", "grants", "members", "step_of"]
