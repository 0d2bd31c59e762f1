"""What a list that was exported cannot hold, and why one that was to be imported was not saved, in sentences.

How an option of the command line helps is said there, not here.
"""

from collections.abc import Mapping

from .saying import LazyText
from .saying import gettext_lazy as _

NOTES: dict[str, LazyText] = {
    "members_without_email": _(
        "Left out, because a list finds [members] by their e-mail address: %(names)s. Give them one."
    ),
    "rows_left_out": _(
        "Rows left out, because the [client] has no reference or the [member] no e-mail address: %(count)s."
    ),
    "wide_grants": _(
        "Grants that are not in the list, because they are on whole services or on all [clients]: %(count)s. "
        "Make these, and what they exclude, one by one."
    ),
    "clients_without_reference": _(
        "[Clients] without a client reference, which an import finds by name: %(count)s, such as %(names)s. "
        "Give each a reference."
    ),
    "clients_alike": _(
        "Of these, several are called alike and cannot be imported again until they have references: "
        "%(names)s."
    ),
    "does_not_fit": _(
        "The firm was changed meanwhile, and the list does not fit any more. Nothing was saved: import it "
        "again to see why."
    ),
    "too_many_gone": _(
        "The firm was changed meanwhile, and now more than a tenth of it is not in the list. Nothing was "
        "saved: import it again to see what."
    ),
    "keeps_changing": _("The firm keeps being changed. Nothing was saved: import the list again later."),
}


def note_text(code: str, values: Mapping[str, str | int] | None = None) -> str:
    """The sentence; `values` fill its places."""
    said = {key: f"{value:,}" if isinstance(value, int) else value for key, value in (values or {}).items()}
    return str(NOTES[code]) % said
