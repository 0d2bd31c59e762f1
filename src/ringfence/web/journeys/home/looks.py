"""What needs a look in a firm: each thing is counted, said in a sentence, and leads to its page.

A line is one function and its row in `LOOKS`; one that counts nothing is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from django.urls import reverse

from ringfence.access.crossings import still_crossing
from ringfence.access.policing.kept import broken_since
from ringfence.access.proof import ledger_break
from ringfence.core.terms import EVERYONE
from ringfence.jobs.standing import standing
from ringfence.web.browse.new_clients import DAYS, still_open
from ringfence.web.browse.waiting_emergencies import emergencies_text
from ringfence.web.browse.waiting_requests import waiting_text
from ringfence.web.browse.waiting_reviews import reviews_text
from ringfence.web.queries.drafts import GROUP, draft_for
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


class HomeLook(NamedTuple):
    """One line: what it says, empty for nothing, whom it is for, and where it leads."""

    says: Callable[[Visit], str]
    capability: Capability
    route: str
    query: str = ""


def things_to_look_at(visit: Visit) -> Iterator[Link]:
    """The lines that there are for the visitor."""
    for look in LOOKS:
        if visit.can(look.capability) and (text := look.says(visit)):
            yield Link(text=text, href=reverse(look.route, args=[visit.firm.pk]) + look.query)


def half_made_group(visit: Visit) -> str:
    """The group that the visitor has begun to make."""
    draft = draft_for(visit.firm.pk, visit.number, GROUP)
    name = str(draft.values.get("name", "")) if draft is not None else ""
    return _("You have begun to create the [group] %(name)s.") % {"name": name} if name else ""


def waiting_groups(visit: Visit) -> str:
    """Groups that count for nothing while control is off."""
    count = len(visit.firm_now.groups) - 1
    if visit.settings.control or not count:
        return ""
    return _counted(
        count,
        ngettext(
            "%(count)s [group] counts for nothing until [access control is] turned on.",
            "%(count)s [groups] count for nothing until [access control is] turned on.",
            count,
        ),
    )


def given_to_nobody(visit: Visit) -> str:
    """Clients with a service that was given to nobody, but for confidential ones."""
    now = visit.firm_now
    if not visit.settings.control:
        return ""
    count = len(now.clients_of(now.unassigned) - now.confidential)
    if visit.settings.unassigned_level:
        words = ngettext(
            "%(count)s [client] is open to everybody, in full or in part: nobody was given access to it.",
            "%(count)s [clients] are open to everybody, in full or in part: nobody was given access to them.",
            count,
        )
    else:
        words = ngettext(
            "%(count)s [client] is closed to everybody, in full or in part: nobody was given access to it.",
            "%(count)s [clients] are closed to everybody, in full or in part: nobody was given access to"
            " them.",
            count,
        )
    return _counted(count, words)


def new_and_open(visit: Visit) -> str:
    """Clients added lately that nobody was given yet."""
    count = len(still_open(visit))
    words = ngettext(
        "%(count)s of the [clients] added in the last %(days)s days is still open to everybody.",
        "%(count)s of the [clients] added in the last %(days)s days are still open to everybody.",
        count,
    )
    return words % {"count": figure(count), "days": figure(DAYS)} if count else ""


def idle_groups(visit: Visit) -> str:
    """Groups that give nobody anything."""
    now = visit.firm_now
    count = sum(bool(now.gives_nothing(number)) for number in now.groups if number != EVERYONE)
    words = ngettext(
        "%(count)s [group] gives nobody anything.", "%(count)s [groups] give nobody anything.", count
    )
    return _counted(count, words)


def unread_notices(visit: Visit) -> str:
    """What the visitor was told and has not read."""
    count = visit.row.unread
    words = ngettext("You have %(count)s new notice.", "You have %(count)s new notices.", count)
    return _counted(count, words)


def walls_to_acknowledge(visit: Visit) -> str:
    """Walls that the visitor stands on and has not acknowledged."""
    return _("You are asked to acknowledge that some work is kept apart.") if _asked(visit) else ""


def _asked(visit: Visit) -> bool:
    return bool(visit.firm_now.walls_asking(visit.number))


def broken_policies(visit: Visit) -> str:
    """Policies of the firm that are known to be broken."""
    policies = visit.firm_now.policies.keys()
    count = len(broken_since(visit.firm.pk).keys() & policies) if policies else 0
    words = ngettext(
        "%(count)s policy of your firm is broken.", "%(count)s policies of your firm are broken.", count
    )
    return _counted(count, words)


def both_sides(visit: Visit) -> str:
    """Members of whom the visitor was told that they see both sides of a wall, and who still do."""
    count = len(still_crossing(visit.firm_now, visit.number))
    words = ngettext(
        "%(count)s [member] has come to stand on both sides of a wall.",
        "%(count)s [members] have come to stand on both sides of a wall.",
        count,
    )
    return _counted(count, words)


def rewritten_ledger(visit: Visit) -> str:
    """That the ledger is not what the firm has signed."""
    return _("Your firm’s ledger is not what your firm has signed.") if ledger_break(visit.firm.pk) else ""


def failed_mail(visit: Visit) -> str:
    """Mail and other work of the firm that has failed."""
    count = sum(each.count for each in standing(visit.firm.pk) if each.status == "failed")
    words = ngettext(
        "%(count)s mail could not be sent, or other work not be done.",
        "%(count)s mails could not be sent, or other work not be done.",
        count,
    )
    return _counted(count, words)


LOOKS = (
    HomeLook(rewritten_ledger, Capability.READ_CONTROL, "proof"),
    HomeLook(waiting_text, Capability.READ_CONTROL, "open-requests"),
    HomeLook(emergencies_text, Capability.MEMBER, "emergencies"),
    HomeLook(reviews_text, Capability.MEMBER, "reviews"),
    HomeLook(unread_notices, Capability.MEMBER, "notices"),
    HomeLook(walls_to_acknowledge, Capability.MEMBER, "your-walls"),
    HomeLook(both_sides, Capability.READ_CONTROL, "notices"),
    HomeLook(half_made_group, Capability.MANAGE, "create-group-check"),
    HomeLook(waiting_groups, Capability.MANAGE, "turn-on"),
    HomeLook(given_to_nobody, Capability.MANAGE, "unassigned-clients"),
    HomeLook(new_and_open, Capability.READ_CONTROL, "report-new"),
    HomeLook(broken_policies, Capability.READ_CONTROL, "firm-policies"),
    HomeLook(idle_groups, Capability.READ_CONTROL, "groups", "?show=nothing"),
    HomeLook(failed_mail, Capability.MANAGE, "firm-mail"),
)
"""In the order of the page."""


def _counted(count: int, words: str) -> str:
    return words % {"count": figure(count)} if count else ""
