"""What a process tells of itself: its log, its numbers, its spans, and the id by which a request is found.

Nothing here knows a firm, a database or a framework, so every room may use it. Nothing personal is told: ids
and counts alone.
"""

from . import counts, logs, tracing


def begin(role: str) -> None:
    """In a process of `serve`, before it works: name it in its log, put its numbers, hand its spans on."""
    logs.set_role(role)
    counts.put_from_now_on(role)
    tracing.start(role)
