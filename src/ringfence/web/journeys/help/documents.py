"""Answers about plans, application forms and clients that were removed (rules.md 1, 5 and 7)."""

from __future__ import annotations

from ringfence.core.settings import Settings
from ringfence.wording.saying import gettext as _

from .answers import HelpText


def plans(settings: Settings) -> HelpText:
    """Who reads and saves plans, and what happens where two do so at once."""
    return HelpText(
        paragraphs=(
            _(
                "A plan belongs to a service of [a client]. Whoever can open that service reads it; whoever "
                "can change things there can save it. Every version is kept, with who saved it and when."
            ),
        ),
        points=(
            _("If two people save the same plan at once, what each of them changed is put together."),
            _(
                "Where both changed the same lines, whoever saves later sees both side by side and decides "
                "which stay. Nothing is lost, and nothing is overwritten unseen."
            ),
            _("To put a plan on paper, print its page: it prints the plan alone."),
        ),
    )


def application_form(settings: Settings) -> HelpText:
    """How an application form divides an amount, and when it stops changing."""
    return HelpText(
        paragraphs=(
            _(
                "An application form names a product, an amount and a date. The amount is divided by the fee "
                "splits of the [client]; whoever has a split of nothing has no line."
            ),
        ),
        points=(
            _("A draft follows the fee splits: change one, and the lines of the draft change."),
            _(
                "Once you finalise the form, its lines and names stay as they were, whatever becomes of the "
                "fee splits. It can be read and printed, and no longer changed or removed."
            ),
            _("Every line is in whole pence. What the rounding leaves goes to the first line."),
        ),
    )


def removed_client(settings: Settings) -> HelpText:
    """Who gets a removed client back, until when, and with what."""
    return HelpText(
        paragraphs=(
            _(
                "For 30 days [a client] that was removed stands in the list of removed [clients], with who "
                "removed it and how long there is left. The list of [clients] leads there."
            ),
        ),
        points=(
            _(
                "Administrators can restore every removed [client]. Others can restore those that they could "
                "remove themselves."
            ),
            _("It comes back with its services, its documents and all access that was given to it."),
            _("After 30 days it cannot be restored any more. Add it again as a new [client]."),
        ),
        names_people=True,
    )
