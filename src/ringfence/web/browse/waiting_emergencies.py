"""How many openings in an emergency wait for the visitor to acknowledge, in a sentence that leads to them."""

from __future__ import annotations

from django.urls import reverse

from ringfence.access.emergencies import to_acknowledge
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import ngettext


def emergencies_text(visit: Visit) -> str:
    """Empty for none."""
    count = len(to_acknowledge(visit.firm_now, visit.number))
    words = ngettext(
        "%(count)s opening in an emergency waits to be acknowledged.",
        "%(count)s openings in an emergency wait to be acknowledged.",
        count,
    )
    return words % {"count": figure(count)} if count else ""


def emergencies_link(visit: Visit) -> tuple[Link, ...]:
    """The way to them, none where nothing waits."""
    text = emergencies_text(visit)
    return (Link(text=text, href=reverse("emergencies", args=[visit.firm.pk])),) if text else ()
