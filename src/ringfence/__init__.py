"""Ringfence lets a professional firm decide who in the firm may open which client, and proves it.

Only the version lives here; `docs/architecture.md` says what each folder holds.
"""

__version__ = "0.1.0"
