"""What is said of proof for outsiders: how far a checkpoint got, and what is wrong with settings of it."""

from zoneinfo import ZoneInfo

from ringfence.core.terms import Instant

from .saying import LazyText, gettext, ngettext
from .saying import gettext_lazy as _
from .times import moment_text
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
    ("folder", "nowhere"): _(
        "Say first where checkpoints are published: change the folder, the mailboxes or the web address, or "
        "select that none is published by the clock"
    ),
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


def break_texts(entry: int, signed: str, fits: int) -> tuple[str, ...]:
    """What it means that the ledger does not fit the checkpoint of `entry`, which was signed at `signed`.

    `fits`: the entry of the newest checkpoint that it fits, 0 for none.
    """
    told = {"entry": f"{entry:,}", "signed": signed, "fits": f"{fits:,}"}
    found = gettext(
        "On %(signed)s your firm signed entry %(entry)s of its ledger and all before it. The ledger does not"
        " hold what was signed then: something in it was changed, removed or added afterwards."
    )
    whole = gettext("Up to entry %(fits)s it is as it was signed. What differs is after that.")
    return (
        found % told,
        *((whole % told,) if fits else ()),
        gettext(
            "Ringfence never changes an entry. Somebody has changed the database itself, or has put an older"
            " one in its place."
        ),
        gettext(
            "Until the ledger is as it was signed, no checkpoint is signed and no auditor’s pack is made."
        ),
    )


def break_what_to_do(entry: int) -> tuple[str, ...]:
    """What whoever is told does, in this order."""
    return (
        gettext(
            "Ask whoever runs Ringfence for your firm to keep the database, its backups and its logs as they"
            " are, and to find out who could write in the database."
        ),
        gettext(
            "Have them hold the last backups, each restored beside it, against the checkpoint of entry"
            " %(entry)s with “ringfence ledger verify --against FILE”: the newest that it fits says what was"
            " there."
        )
        % {"entry": f"{entry:,}"},
        gettext("Look through who can open what now: what was changed may have given somebody access."),
        gettext(
            "Tell whoever checks your firm from outside. Their copy of the checkpoint proves what was there."
        ),
    )


OFTEN = (1, 24, 24 * 7, 24 * 28)
"""Hours that are offered between two checkpoints."""
_OFTEN: dict[int, LazyText] = {
    0: _("Not by the clock"),
    1: _("Every hour"),
    24: _("Every day"),
    24 * 7: _("Every week"),
    24 * 28: _("Every 4 weeks"),
}

PACK_STATES: dict[str, LazyText] = {
    "waits": _("Being made"),
    "there": _("Ready"),
    "failed": _("Could not be made"),
}
"""By `access.proof.packs.PackState`."""

PACK_PARTS: dict[str, LazyText] = {
    "who-could-open": _("Who could open which [client] on that day"),
    "members": _("[Members] of that day, with role and [groups]"),
    "walls": _("Walls, and what each kept from whom"),
    "walls-kept": _("What each wall kept from whom, by date"),
    "changes": _("Every change: who, why, and what it moved"),
    "emergency-access": _("What was opened in an emergency, how it ended, who acknowledged it"),
    "policies": _("Your firm’s policies in every version, and whether they held"),
    "policy-breaches": _("When a policy was found broken, and when it held again"),
    "emergency-changes": _("Changes by emergency access"),
    "reviews": _("Access reviews: what was decided by whom, and their signed reports"),
    "policy-changes": _("Changes of policies"),
    "wall-changes": _("Changes of walls"),
    "ledger": _("The whole ledger, its checkpoints and your firm’s public keys"),
}
"""What each part of a pack holds, by `lists.pack.PARTS`."""


def often_text(hours: int) -> str:
    """``Every day``; ``Every 12 hours`` for what is chosen on the command line."""
    if hours in _OFTEN:
        return str(_OFTEN[hours])
    return ngettext("Every %(count)s hour", "Every %(count)s hours", hours) % {"count": hours}


def pack_state_text(state: str) -> str:
    """How far a pack has got."""
    return str(PACK_STATES[state])


def span_text(since: int, until: Instant, zone: ZoneInfo) -> str:
    """From when to when a pack tells changes; `since` is 0 for the beginning."""
    told = {"until": moment_text(until, zone)}
    if not since:
        text = gettext("from the beginning to %(until)s") % told
    else:
        told["since"] = moment_text(Instant(since), zone)
        text = gettext("from %(since)s to %(until)s") % told
    return text[0].upper() + text[1:]
