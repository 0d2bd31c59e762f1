"""The list of questions, and the page of one. What they say: `topics`."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.listing.people import ListedMember
from ringfence.web.browse.member_lines import administrators
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _

from .topics import TOPICS


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage(Page):
    questions: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage(Page):
    paragraphs: tuple[str, ...]
    points: tuple[str, ...]
    people: tuple[ListedMember, ...]
    """Who can help, on the page that says so."""
    others: tuple[Link, ...]


@needs(Capability.MEMBER)
def index(visit: Visit) -> HttpResponse:
    """All questions."""
    page = IndexPage(
        frame=frame_for(visit, "help", here=True),
        title=_("Help"),
        back=reverse("firm-home", args=[visit.firm.pk]),
        questions=_links(visit),
    )
    return show(visit.request, "help/index.html", page)


@needs(Capability.MEMBER)
def topic(visit: Visit, topic: str) -> HttpResponse:
    """One question, answered for this firm as it is set up."""
    if topic not in TOPICS or not TOPICS[topic].arises(visit.settings):
        raise Http404
    answer = TOPICS[topic].answer(visit.settings)
    page = TopicPage(
        frame=frame_for(visit, "help"),
        title=str(TOPICS[topic].question),
        back=reverse("help", args=[visit.firm.pk]),
        paragraphs=answer.paragraphs,
        points=answer.points,
        people=tuple(administrators(visit)) if answer.names_people else (),
        others=_links(visit, without=topic),
    )
    return show(visit.request, "help/topic.html", page)


def _links(visit: Visit, without: str = "") -> tuple[Link, ...]:
    return tuple(
        Link(text=str(each.question), href=reverse("help-topic", args=[visit.firm.pk, slug]))
        for slug, each in TOPICS.items()
        if slug != without and each.arises(visit.settings)
    )
