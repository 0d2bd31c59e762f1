"""What a level lets one do, as the screens of a firm show it and offer it (rules.md 1)."""

from ringfence.core.terms import Level
from ringfence.wording import level_name
from ringfence.wording.saying import LazyText, four_levels, gettext_lazy

EXPLAINED: dict[Level, LazyText] = {
    Level.READER: gettext_lazy("Reader (can view)"),
    Level.EDITOR: gettext_lazy("Editor (can view, change and submit)"),
    Level.OWNER: gettext_lazy("Owner (can view, change, submit, share and remove)"),
}
"""The levels as they are offered."""


def level_shown(level: Level, *, own: bool = False) -> str:
    """What the level lets one do, in the words of the firm's screens, as a text of its own.

    `own`: whether a member's own grant on the client gives it.
    """
    if four_levels() and level in EXPLAINED:
        return str(EXPLAINED[level])
    name = level_name(level, own=own)
    return name[0].upper() + name[1:]
