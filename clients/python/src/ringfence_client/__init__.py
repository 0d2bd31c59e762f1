"""Asks Ringfence who in the firm may open which client (OpenID AuthZEN Authorization API 1.0).

Nothing is decided here, and nothing kept: each call is a question, and no answer is never a yes.
"""

from .answers import Client, Decision, NotAdmitted, RingfenceError, Unavailable, Unfit
from .asynchronous import AsyncRingfence
from .client import Ringfence
from .questions import Question

__all__ = [
    "AsyncRingfence",
    "Client",
    "Decision",
    "NotAdmitted",
    "Question",
    "Ringfence",
    "RingfenceError",
    "Unavailable",
    "Unfit",
]
