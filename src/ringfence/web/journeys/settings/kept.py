"""What a setting that is off keeps without counting it (rules.md 3), in numbers: nothing goes silently."""

from __future__ import annotations

from ringfence.access import FirmNow
from ringfence.web.shell.figures import figure
from ringfence.wording.saying import ngettext


def kept_text(now: FirmNow, setting: str) -> str:
    """How much there is that does not count while the setting is off; empty where there is nothing."""
    counted = _counted(now, setting)
    if counted is None or not counted[0]:
        return ""
    count, sentence = counted
    return sentence % {"count": figure(count)}


def _counted(now: FirmNow, setting: str) -> tuple[int, str] | None:
    match setting:
        case "delegation":
            count = len(now.delegations)
            return count, ngettext(
                "%(count)s delegation is kept and does not count while this is off.",
                "%(count)s delegations are kept and do not count while this is off.",
                count,
            )
        case "fee_splits":
            count = sum(len(held.fee_splits) for held in now.holders.values())
            return count, ngettext(
                "%(count)s fee split is kept and does not count while this is off.",
                "%(count)s fee splits are kept and do not count while this is off.",
                count,
            )
        case "requests":
            count = len(now.requests)
            return count, ngettext(
                "%(count)s open request is kept and cannot be granted while this is off.",
                "%(count)s open requests are kept and cannot be granted while this is off.",
                count,
            )
        case "personal_defaults":
            count = sum(bool(chosen) for chosen in now.personal_defaults.values())
            return count, ngettext(
                "What %(count)s [member] chose is kept and does not count while this is off.",
                "What %(count)s [members] chose is kept and does not count while this is off.",
                count,
            )
    return None
