"""The firm's own policies at its edges: files read and written, contradictions found, breaches told.

What a policy means is decided in `core.policies`.
"""

from ringfence.core.statements import Policy, Statement

__all__ = ["Policy", "Statement"]
