"""Small wordings that several pages share: times, levels as a profile shows them, lists of names.

Sentences for reasons, refusals and roles are in `ringfence.wording`.
"""

import unicodedata
from zoneinfo import ZoneInfo

from ringfence.core.terms import Instant, Level
from ringfence.wording import level_name, times
from ringfence.wording.saying import LazyText, four_levels, gettext_lazy, ngettext

EXPLAINED: dict[Level, LazyText] = {
    Level.READER: gettext_lazy("Reader (can view)"),
    Level.EDITOR: gettext_lazy("Editor (can view, change and submit)"),
    Level.OWNER: gettext_lazy("Owner (can view, change, submit, share and remove)"),
}
"""The levels as they are offered."""


def showable(text: str) -> str:
    """What somebody entered, without the characters that no page may hold, to be put right by them."""
    return "".join(letter for letter in text if letter in "\n\r\t" or not steers(letter))


def steers(letter: str) -> bool:
    """Control characters, half surrogates, and line and paragraph separators (rules.md 5, "Names")."""
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"}


def moment_text(at: Instant, timezone: str) -> str:
    """A time in the firm's zone: ``21 November 2026, 14:05``."""
    return times.moment_text(at, ZoneInfo(timezone))


def level_text(level: Level, *, own: bool = False) -> str:
    """What the level lets one do, in the words of the firm's screens (rules.md 1), as a text of its own.

    `own`: whether a member's own grant on the client gives it.
    """
    if four_levels() and level in EXPLAINED:
        return str(EXPLAINED[level])
    name = level_name(level, own=own)
    return name[0].upper() + name[1:]


def figure(value: int) -> str:
    """A number as people write it in English and in Welsh: ``5,000``."""
    return f"{value:,}"


def count_clients(count: int) -> str:
    return ngettext("%(count)s [client]", "%(count)s [clients]", count) % {"count": figure(count)}
