"""What is asked about the firm's settings."""

from __future__ import annotations

from ringfence.core.settings import Settings
from ringfence.wording.saying import gettext as _

from .answers import HelpText


def changing(settings: Settings) -> HelpText:
    """Where it is changed how the firm works, and what that does."""
    return HelpText(
        paragraphs=(
            _(
                "An administrator changes it under Manage account, Settings. Each setting says what holds "
                "now and what that means, and before it changes, who would gain or lose access by it."
            ),
        ),
        points=(
            _("What was given to [members] and [groups] stays as it is, whatever is changed there."),
            _("Another kind of firm changes many settings at once: all of them are listed first."),
            _("What a setting turns off is kept and counted there, and counts again when it is turned on."),
        ),
    )
