"""The page about the API, for everybody: it says nothing of any firm. What it describes is in English."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from ringfence.web.shell.capability import Audience
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import outer_frame, show
from ringfence.web.shell.visit import open_to
from ringfence.wording.saying import gettext as _

from .reading import Description, description


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPage(Page):
    described: Description
    where: dict[str, str]
    """Where a field stands, in words."""
    document: str


@open_to(Audience.ANYONE)
def about(request: HttpRequest) -> HttpResponse:
    """Every resource with its operations, fields, examples and problems."""
    page = ApiPage(
        frame=outer_frame(request),
        title=_("The API of Ringfence"),
        described=description(),
        where={
            "path": _("In the address"),
            "query": _("Parameter"),
            "header": _("Header"),
            "body": _("In the body"),
        },
        document="/api/v1/openapi.json",
    )
    return show(request, "api_page/page.html", page)
