"""What is said of the firm's own policies (rules.md 10): their modes."""

from ringfence.core.statements import PolicyMode

from .saying import LazyText
from .saying import gettext_lazy as _

MODES: dict[PolicyMode, LazyText] = {
    "warn": _("it warns"),
    "refuse": _("it refuses"),
}
"""What a policy does about a change that would break it."""


def policy_mode_text(mode: PolicyMode) -> str:
    """What the policy does, in the middle of a sentence: ``it warns``."""
    return str(MODES[mode])
