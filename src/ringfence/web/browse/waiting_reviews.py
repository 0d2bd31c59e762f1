"""What waits for the visitor in access reviews: the sentence of it, and the way there."""

from __future__ import annotations

from django.urls import reverse

from ringfence.access.reviews.asking import waiting
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import ngettext


def reviews_text(visit: Visit) -> str:
    """How much waits; empty for nothing."""
    count = sum(map(len, waiting(visit.firm_now, visit.number).values()))
    words = ngettext(
        "%(count)s access waits for your decision in an access review.",
        "%(count)s accesses wait for your decision in access reviews.",
        count,
    )
    return words % {"count": figure(count)} if count else ""


def reviews_link(visit: Visit) -> tuple[Link, ...]:
    """The way to them, none where nothing waits."""
    text = reviews_text(visit)
    return (Link(text=text, href=reverse("reviews", args=[visit.firm.pk])),) if text else ()
