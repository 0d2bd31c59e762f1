"""What a pack says of itself: what is in it, and how to check it without trusting anybody."""

from collections.abc import Mapping

from ringfence.core.terms import Instant
from ringfence.lists.review_report.bundle import CHECKER
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .firm_then import PackFirm


def readme(firm: PackFirm, entry: int, *, reviews: bool) -> str:
    """The text of README.txt, in the reader's language. `entry` is the last of the ledger.

    `reviews`: whether the pack has a report of a review.
    """
    asked = firm.asked
    until = moment_text(asked.until, firm.zone)
    told = {"firm": firm.row.name, "until": until, "entry": entry}
    since = (
        _("from %(since)s to %(until)s")
        % {"since": moment_text(Instant(asked.since), firm.zone), "until": until}
        if asked.since
        else _("from the beginning to %(until)s") % {"until": until}
    )
    blocks = [
        _("Auditor’s pack of %(firm)s") % told,
        _("What is in it"),
        _contents(told | {"since": since}, reviews=reviews),
        _("How to check it"),
        _(
            "You need Python 3.9 or later with the package “cryptography”, and nothing of the firm’s. Have"
            " the public key of the firm from somewhere else than this file: from the firm itself, by a way"
            " that you trust."
        ),
        f"python3 verify_ledger.py ledger/ledger.jsonl --checkpoint ledger/{entry}.checkpoint --key KEY",
        _(
            "It says that the ledger is whole, or names the first entry that differs. Do the same with a"
            " checkpoint that you were sent earlier: then nobody, the firm included, can have rewritten what"
            " came before it."
        ),
        _("Whether the files are those that were written:"),
        "sha256sum -c contents.sha256",
        _("Whether the firm has signed what those are, without which the digests prove nothing:"),
        f"python3 {CHECKER} KEY contents.sha256",
        _("A time stamp is checked with the certificates of its authority:"),
        f"openssl ts -verify -data ledger/{entry}.checkpoint -in ledger/{entry}.checkpoint.tsr"
        " -CAfile ROOTS.pem",
        _(
            "The lists are written from the ledger: Ringfence replays it up to the moment asked for. Each row"
            " of changes.csv names its entry."
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def _contents(told: Mapping[str, object], *, reviews: bool) -> str:
    """What is in the pack, a line each."""
    reports = _("the signed report of each access review that was closed in that time")
    parts = (
        ("who-could-open.csv", _("who could open which [client], on %(until)s") % told),
        ("members.csv", _("who was in the firm then, in which role and which [groups]")),
        ("walls.csv", _("the walls of then, and what each kept from whom")),
        ("walls-kept.csv", _("what each wall kept from whom, by date, %(since)s") % told),
        ("changes.csv", _("every change, %(since)s: who did it, why, and what it moved") % told),
        ("emergency-access.csv", _("what was opened in an emergency, how it ended, and who acknowledged it")),
        ("policies.csv", _("the firm’s policies in every version, and whether they held")),
        ("policy-breaches.csv", _("when a policy was found broken, and when it held again")),
        *([("reviews/", reports)] if reviews else []),
        (
            "emergency-changes.csv, reviews.csv, policy-changes.csv, wall-changes.csv",
            _("those of the changes that are about each of these"),
        ),
        (
            "ledger/ledger.jsonl",
            _("the firm’s whole ledger up to entry %(entry)s; tax references are left out") % told,
        ),
        ("ledger/*.checkpoint", _("where the ledger stood, signed by the firm at the time")),
        ("ledger/*.checkpoint.tsr", _("time stamps of these by an authority, where the firm has one")),
        ("ledger/keys.txt", _("the firm’s public keys")),
        ("contents.sha256, contents.sha256.sig", _("a digest of every file, and the firm’s signature")),
    )
    return "\n".join(f"{name}: {text}" for name, text in parts)
