"""What is being done with a list in the background, and why it is shown anew; a sentence for each code."""

from .saying import LazyText
from .saying import gettext_lazy as _

DOING: dict[str, LazyText] = {
    "": _("Waiting for its turn"),
    "look": _("Reading the first rows"),
    "read": _("Reading the rows"),
    "check": _("Checking the rows"),
    "compare": _("Comparing with the firm"),
    "work_out": _("Working out who gains and who loses access"),
    "save": _("Saving"),
}

NOTES: dict[str, LazyText] = {
    "changed": _(
        "The firm was changed after you looked at this list. Nothing was saved: this is what it would do now."
    ),
}

STAGES: dict[str, LazyText] = {
    "looking": _("Being read"),
    "columns": _("Waiting for its columns to be named"),
    "checking": _("Being checked"),
    "unread": _("Cannot be read"),
    "faulty": _("Something has to be put right"),
    "ready": _("Ready to be saved"),
    "nothing": _("Nothing to do"),
    "saving": _("Being saved"),
    "saved": _("Saved"),
}

KINDS: dict[str, LazyText] = {
    "clients": _("[Clients]"),
    "members": _("[Members]"),
    "access": _("Who has access"),
}

COUNTED: dict[str, LazyText] = {
    "clients": _("[Clients]"),
    "members": _("[Members]"),
    "access": _("Access given"),
    "places in groups": _("Places in [groups]"),
}


def doing_text(code: str) -> str:
    """What the background is at."""
    return str(DOING[code])


def note_on_list(code: str) -> str:
    """Why a list is shown anew."""
    return str(NOTES[code])


def stage_text(code: str) -> str:
    """Where a list is, in a few words."""
    return str(STAGES[code])


def kind_text(code: str) -> str:
    """What a list holds."""
    return str(KINDS[code])


def counted_text(code: str) -> str:
    """What is counted in a plan."""
    return str(COUNTED[code])
