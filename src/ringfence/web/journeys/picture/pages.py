"""The pages of pictures: the picture with the table that says the same, what a box gathers, and the file.

Whose pictures one may see: everybody's for who reads everybody's access, one's own for every member, and a
client's, with what was given on it, for who may share it (rules.md 5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from markupsafe import Markup

from ringfence.access.reading import refused_sharing
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Target
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.downloads import take_picture
from ringfence.web.browse.drawing_svg import svg
from ringfence.web.browse.drawing_words import BoxWords, in_words
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address
from ringfence.web.shell.figures import figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link, Page, PageRow
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Guarded, Visit, needs
from ringfence.wording.saying import gettext as _

from .boxes import Picture
from .listed import listed_box
from .of_client import client_picture
from .of_firm import firm_picture, groups_drawn, parts_of
from .of_member import member_picture


class PicturePlace(NamedTuple):
    """Where a picture has its pages: the name that their routes begin with, and what these take."""

    route: str
    args: tuple[int, ...]
    section: str
    back: str
    query: str = ""
    own: bool = False
    """Whether it is the visitor's own: lists lead to records."""
    row: PageRow | None = None
    parts: tuple[Link, ...] = ()

    @property
    def page(self) -> str:
        return reverse(self.route, args=self.args) + self.query

    @property
    def file(self) -> str:
        return reverse(f"{self.route}-file", args=self.args) + self.query

    def list_at(self, box: str) -> str:
        """The list of what a box gathers."""
        return reverse(f"{self.route}-box", args=[*self.args, box]) + self.query


@dataclass(frozen=True, slots=True, kw_only=True)
class PicturePage(Page):
    picture: Markup
    label: str
    notes: tuple[str, ...]
    rows: tuple[BoxWords, ...]
    take: str
    parts: tuple[Link, ...]
    """The parts of a picture that is too large for one; `current` is this one."""


Made = tuple[Picture, PicturePlace]


def of_firm(visit: Visit) -> Made:
    """The firm's picture, in the part that the address asks for."""
    firm, groups = visit.firm.pk, groups_drawn(visit)
    parts = parts_of(groups)
    part = min(max(number_in(visit.request.GET.get("part", "")), 1), parts)
    query = f"?part={part}" if part > 1 else ""
    place = PicturePlace(
        "firm-picture",
        (firm,),
        "manage",
        reverse("manage", args=[firm]),
        query,
        parts=tuple(_parts(firm, part, parts)) if parts > 1 else (),
    )
    return firm_picture(visit, groups, part, place.list_at), place


def _parts(firm: int, here: int, parts: int) -> Iterator[Link]:
    for number in range(1, parts + 1):
        words = _("Part %(number)s of %(total)s") % {"number": figure(number), "total": figure(parts)}
        href = reverse("firm-picture", args=[firm]) + f"?part={number}"
        yield Link(text=words, href=href, current=number == here)


def of_member(visit: Visit, member: int) -> Made:
    """A member's picture, for who reads everybody's access."""
    if not member_names(visit.firm.pk, [member]):
        raise Http404
    args = (visit.firm.pk, member)
    place = PicturePlace("member-picture", args, "manage", reverse("member", args=args))
    return member_picture(visit, member, place.list_at, detailed=True), place


def of_oneself(visit: Visit) -> Made:
    """The visitor's own picture."""
    args = (visit.firm.pk,)
    place = PicturePlace("your-picture", args, "account", reverse("your-account", args=args), own=True)
    return member_picture(visit, visit.number, place.list_at, detailed=False), place


def of_client(visit: Visit, number: int) -> Made:
    """A client's picture: who sees it, or for who only shares it what was given on it."""
    if number not in visit.firm_now.known_clients(visit.number):
        raise Http404
    detailed = visit.can(Capability.READ_CONTROL)
    refused = None if detailed else refused_sharing(visit.firm_now, visit.number, Target("client", number))
    if refused is not None:
        raise Http404 if refused.refusal is Refusal.NOT_FOUND else PermissionDenied
    row = client_pages(visit, number, "client-picture")
    place = PicturePlace(
        "client-picture", (visit.firm.pk, number), "clients", client_address(visit, number), row=row
    )
    return client_picture(visit, number, place.list_at, detailed=detailed), place


def views(make: Callable[..., Made], capability: Capability) -> tuple[Guarded, Guarded, Guarded]:
    """The page of a picture, the list of what one of its boxes gathers, and the file, as views."""

    @needs(capability)
    def page(visit: Visit, **of: int) -> HttpResponse:
        return _page(visit, *make(visit, **of))

    @needs(capability)
    def box(visit: Visit, *, box: str, **of: int) -> HttpResponse:
        picture, place = make(visit, **of)
        return listed_box(
            visit,
            picture,
            box,
            here=place.list_at(box),
            back=place.page,
            own=place.own,
            section=place.section,
        )

    @in_lane(Lane.WRITING, "GET")
    @needs(capability, ("GET",))
    def file(visit: Visit, **of: int) -> HttpResponse:
        picture, place = make(visit, **of)
        drawn = svg(picture.drawing, alone=True)
        return take_picture(visit, place.route, str(drawn), len(picture.drawing.nodes))

    return page, box, file


def _page(visit: Visit, picture: Picture, place: PicturePlace) -> HttpResponse:
    drawing = picture.drawing
    page = PicturePage(
        frame=frame_for(visit, place.section),
        title=drawing.title,
        back=place.back,
        row=place.row,
        picture=svg(drawing),
        label=drawing.title,
        notes=picture.notes,
        rows=in_words(drawing),
        take=place.file,
        parts=place.parts,
    )
    return show(visit.request, "picture/picture.html", page)
