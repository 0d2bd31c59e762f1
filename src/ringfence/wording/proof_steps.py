"""What was changed in how a ledger is proved to outsiders, in a sentence: part of `events`."""

from ringfence.core import events as e
from ringfence.core.terms import ProofStep

from .names_by_number import NamesByNumber
from .saying import LazyText, gettext, ngettext
from .saying import gettext_lazy as _

WAYS: dict[str, LazyText] = {
    "folder": _("to a folder"),
    "mail": _("by mail"),
    "webhook": _("to a web address"),
}
"""By which ways checkpoints are published, by `access.proof.Way`."""


def proof_noted(event: e.ProofNoted, names: NamesByNumber) -> str:
    """What was changed, without a full stop."""
    if event.did is ProofStep.KEY:
        key = {"key": "".join(event.words)}
        return gettext("Checkpoints of the ledger are signed with a new key: %(key)s") % key
    if not event.count:
        return gettext("Checkpoints of the ledger are no longer published")
    words = {"count": event.count, "ways": ", ".join(str(WAYS[each]) for each in event.words)}
    text = ngettext(
        "Checkpoints of the ledger are published every %(count)s hour: %(ways)s",
        "Checkpoints of the ledger are published every %(count)s hours: %(ways)s",
        event.count,
    )
    return text % words
