"""How many requests wait for the visitor's answer, in a sentence that leads to them."""

from __future__ import annotations

from django.urls import reverse

from ringfence.access.reading import decidable
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import ngettext


def waiting_text(visit: Visit) -> str:
    """Empty for none."""
    count = len(decidable(visit.firm_now, visit.number))
    words = ngettext(
        "%(count)s request for access waits for your answer.",
        "%(count)s requests for access wait for your answer.",
        count,
    )
    return words % {"count": figure(count)} if count else ""


def waiting_link(visit: Visit) -> tuple[Link, ...]:
    """The way to them, none where nothing waits."""
    text = waiting_text(visit)
    return (Link(text=text, href=reverse("open-requests", args=[visit.firm.pk])),) if text else ()
