"""For whom clients are open in general, in sentences: walls and missing permissions are never passed over."""

from ringfence.core.settings import Settings
from ringfence.core.terms import Level

from .saying import gettext as _


def everybody_opens(*, walls: bool) -> str:
    """Who can open every client while control is off (rules.md 2, steps 2 to 4).

    `walls`: whether any wall stands in the firm.
    """
    if walls:
        return _(
            "Everybody who uses client records can open every [client], but for those whom a wall keeps "
            "from it."
        )
    return _("Everybody who uses client records can open every [client].")


def control_on(settings: Settings) -> str:
    """Who can open what, while control is on (rules.md 2, steps 5 to 9)."""
    if settings.unassigned_level is Level.NONE:
        given = _("Only those who were given access to [a client], alone or through [a group], can open it.")
    else:
        given = _(
            "Once somebody was given access to [a client], alone or through [a group], only those who were "
            "given it can open it."
        )
    said = [given]
    if settings.delegation:
        said.append(_("Whoever they delegate to can open it too."))
    if settings.administrators == "unrestricted":
        said.append(_("Administrators can open every [client]."))
    return " ".join(said)


def control_off(*, walls: bool) -> str:
    """That control is off, and what that means for clients."""
    return " ".join((_("[Access control is] turned off."), everybody_opens(walls=walls)))
