"""What happened at a client, as a line of the daily digest: what was done and by whom, no more."""

from collections.abc import Mapping

from .saying import LazyText, gettext
from .saying import gettext_lazy as _

DEEDS: Mapping[str, LazyText] = {
    "added": _("Added by %(who)s"),
    "restored": _("Restored by %(who)s"),
    "corrected": _("Name, reference or kind changed by %(who)s"),
    "confidential": _("Marked confidential by %(who)s"),
    "not_confidential": _("Marked as not confidential any more by %(who)s"),
    "detailed": _("Details changed by %(who)s"),
    "service_added": _("%(service)s added by %(who)s"),
    "service_removed": _("%(service)s removed by %(who)s"),
    "referred": _("Reference for %(service)s changed by %(who)s"),
    "given": _("Access given to %(whom)s by %(who)s"),
    "blocked": _("%(whom)s blocked by %(who)s"),
    "taken": _("Access of %(whom)s removed by %(who)s"),
    "shared": _("Access changed by %(who)s"),
}
"""By the kind of deed (`access.digest.happened.Deed`)."""

ON_SERVICE: Mapping[str, LazyText] = {
    "given": _("Access to %(service)s given to %(whom)s by %(who)s"),
    "blocked": _("%(whom)s blocked from %(service)s by %(who)s"),
    "taken": _("Access of %(whom)s to %(service)s removed by %(who)s"),
}
"""Where it was about one service of the client."""

TO_YOU: Mapping[str, LazyText] = {
    "given": _("Access given to you by %(who)s"),
    "blocked": _("Your own access blocked by %(who)s"),
    "taken": _("Your own access removed by %(who)s"),
}
"""Where it was the reader's own access."""

DOCUMENTS: Mapping[tuple[str, str], LazyText] = {
    ("written", "note"): _("A note on %(service)s written by %(who)s"),
    ("rewritten", "note"): _("A note on %(service)s changed by %(who)s"),
    ("written", "plan"): _("A plan on %(service)s written by %(who)s"),
    ("rewritten", "plan"): _("A plan on %(service)s changed by %(who)s"),
    ("written", "application"): _("An application form on %(service)s written by %(who)s"),
    ("rewritten", "application"): _("An application form on %(service)s changed by %(who)s"),
}
"""By what was done and the kind of document."""

OTHER_DOCUMENTS: Mapping[str, LazyText] = {
    "written": _("A document on %(service)s written by %(who)s"),
    "rewritten": _("A document on %(service)s changed by %(who)s"),
}


def deed_text(
    deed: str,
    *,
    who: str,
    service: str = "",
    whom: str = "",
    document: str = "",
    to_you: bool = False,
    times: int = 1,
) -> str:
    """What was done, without a full stop. `service` is empty where it was about the client itself."""
    if document:
        text = DOCUMENTS.get((deed, document)) or OTHER_DOCUMENTS[deed]
    elif to_you and deed in TO_YOU:
        text = TO_YOU[deed]
    elif service and deed in ON_SERVICE:
        text = ON_SERVICE[deed]
    else:
        text = DEEDS[deed]
    said = str(text) % {"who": who, "service": service, "whom": whom}
    return gettext("%(what)s (%(times)s times)") % {"what": said, "times": times} if times > 1 else said


def subscribed_to_all(*, was_on: bool, mailed: bool) -> str:
    """What turning access control on means for the digest, in a firm that has it (rules.md 3, `digest`).

    `was_on`: whether control has been on before, so that somebody may have stopped theirs. `mailed`: whether
    mail is sent here.
    """
    told = [
        gettext(
            "All [members] get the daily digest of every [client] that they can open: one e-mail each "
            "morning with what happened there. Everybody can stop theirs, or leave out single [clients]."
        )
    ]
    if was_on:
        told.append(gettext("Who has stopped theirs before does not get it again."))
    if not mailed:
        told.append(once_mailed())
    return " ".join(told)


def once_mailed() -> str:
    """That the digest comes to nobody yet, where no mail is sent."""
    return gettext(
        "No mail is sent here: it comes once whoever runs Ringfence for your firm has named a mail server."
    )
