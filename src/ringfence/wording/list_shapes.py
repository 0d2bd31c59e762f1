"""What the lists of known software are called (`lists.rows.shapes`)."""

from .saying import LazyText
from .saying import gettext_lazy as _

SHAPES: dict[str, LazyText] = {
    "hmrc-clients": _("HMRC’s client list"),
    "penneo-users": _("Penneo’s list of users"),
    "penneo-groups": _("Penneo’s list of groups"),
    "planner-clients": _("the client list of a planning subscription"),
    "crm-advisers": _("a CRM’s list of advisers and fee splits"),
}

_READ_AS = _("Read as %(list)s.")


def shape_text(code: str) -> str:
    """The list of a known program: `HMRC’s client list`."""
    return str(SHAPES[code])


def read_as_text(code: str) -> str:
    """As which known program's list a list was read."""
    return str(_READ_AS) % {"list": shape_text(code)}
