"""From a page object to an answer, and what surrounds the content: the frame with its navigation.

No view builds a response by hand; a page with errors is answered with 422.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.firms.models import User
from ringfence.wording.saying import gettext as _

from .addresses import address
from .capability import Capability
from .figures import figure
from .page import Frame, Link, Page
from .visit import Visit


def show(request: HttpRequest, template: str, page: Page, status: int | None = None) -> HttpResponse:
    """The page as HTML."""
    return render(request, template, {"page": page}, status=status or (422 if page.errors else 200))


def outer_frame(request: HttpRequest) -> Frame:
    """The frame of pages outside any firm: sign-in, choosing a firm."""
    user = request.user
    if not isinstance(user, User):
        return Frame(footer=_report(""))
    return Frame(
        member_name=str(user),
        account=address("your-sign-in"),
        sign_out=address("account_logout"),
        footer=_report(""),
    )


def frame_for(visit: Visit, section: str = "", here: bool = False) -> Frame:
    """The frame of a page in a firm. `section` is the key of a navigation link; `here`: this very page."""
    firm = visit.firm.pk
    return Frame(
        home=address("firm-home", firm),
        firm_name=visit.firm.name,
        member_name=visit.row.name,
        account=address("your-sign-in"),
        sign_out=address("account_logout"),
        navigation=tuple(_navigation(visit, section, here)),
        footer=(
            Link(text=_("Help"), href=address("help", firm)),
            *_report(address("help-topic", firm, "get-help")),
        ),
    )


def _report(otherwise: str) -> tuple[Link, ...]:
    """Where a page that does not work is reported; `otherwise` where the operator named no address."""
    report = settings.REPORT_ADDRESS or otherwise
    text = _("Is this page not working properly? (opens in a new tab)")
    found = (Link(text=text, href=report, new_tab=True),) if report else ()
    return (*_demo(), *found)


def _demo() -> tuple[Link, ...]:
    """Where the demonstration shows its mails."""
    return (
        (Link(text=_("Mails of the demonstration"), href=address("demo-mails")),)
        if settings.DEMO_MAILS
        else ()
    )


def _navigation(visit: Visit, section: str, here: bool) -> list[Link]:
    sections: list[tuple[str, str, str]] = []
    if visit.can(Capability.READ_CLIENTS):
        sections.append(("clients", _("[Clients]"), "clients"))
    if visit.can(Capability.READ_CONTROL):
        sections.append(("manage", _("Manage account"), "manage"))
    unread = visit.row.unread
    notices = _("Notices (%(count)s)") % {"count": figure(unread)} if unread else _("Notices")
    sections += [("notices", notices, "notices"), ("account", _("Your account"), "your-account")]
    links = [
        Link(
            text=text,
            href=address(route, visit.firm.pk),
            current=here and key == section,
            active=not here and key == section,
        )
        for key, text, route in sections
    ]
    if visit.firms > 1:
        links.append(Link(text=_("Change firm"), href=address("choose-firm")))
    return links
