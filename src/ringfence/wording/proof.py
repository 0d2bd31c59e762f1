"""What is said of proof for outsiders: how far a checkpoint got, and what is wrong with settings of it."""

from .saying import LazyText, gettext
from .saying import gettext_lazy as _
from .webhooks import FAULTS as SENDING
from .webhooks import UNFIT

NAMES: dict[str, LazyText] = {
    "folder": _("Folder"),
    "mail": _("E-mail"),
    "webhook": _("Web address"),
}
"""By `access.proof.Way`."""

FAULTS: dict[str, LazyText] = {
    "no_folder": _("the operator has named no folder"),
    "folder": _("the folder cannot be written to"),
    "no_mail": _("no mail is sent from here"),
    "mail_away": _("the mail server could not be reached"),
    "mail_refused": _("the mail server refused the address"),
}
"""Why a checkpoint did not go out."""

WRONG: dict[tuple[str, str], LazyText] = {
    ("hours", "range"): _("Choose how often checkpoints are published"),
    ("folder", "nowhere"): _("Choose where checkpoints are published, or that they are not"),
    ("mails", "many"): _("Enter 5 e-mail addresses at most"),
    ("mails", "email"): _("Enter e-mail addresses like name@example.com, each on a line of its own"),
}
"""What is wrong, by `access.proof.UnfitPublishing`: the field and why."""


def sent_text(way: str, fault: str) -> str:
    """``E-mail: sent`` or ``E-mail: the mail server could not be reached``."""
    told = {"way": NAMES[way]}
    if not fault:
        return gettext("%(way)s: sent") % told
    if fault.startswith("status "):
        return gettext("%(way)s: refused (%(status)s)") % {**told, "status": fault.partition(" ")[2]}
    said = FAULTS.get(fault) or SENDING.get(fault)
    return f"{NAMES[way]}: {said or fault}"


def wrong_text(field: str, why: str) -> str:
    """What is wrong with a setting."""
    return str(WRONG[field, why]) if (field, why) in WRONG else str(UNFIT[why])
