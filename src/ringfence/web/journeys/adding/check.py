"""Step 4 of adding a client: everything entered and what it does; and the page that says that it is added."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.access.listing.clients import client_name_of
from ringfence.access.reading import starting_grants
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.terms import Subject
from ringfence.web.browse.grantees import grantee_rows, origin_of_defaults
from ringfence.web.previews.agreed import chosen_otherwise, mark_of
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.previews.done import done
from ringfence.web.previews.outcome import Outcome, PreviewNames, previewed
from ringfence.web.previews.since import ChangeLine, changes_since, overtaken
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.queries.things import services_of
from ringfence.web.shell.addresses import control_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.tax_references import doubt_text

from .draft import ClientDraft, added_from, begin_again, caption, just_added, mark_added, read_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckClientPage(Page):
    caption: str
    name: str
    reference: str
    kind: str
    services: tuple[tuple[str, str], ...]
    """Each service's name and tax reference."""
    doubts: tuple[str, ...]
    """What is to be looked at in the tax references."""
    confidential: bool
    access: tuple[str, ...]
    left_out: tuple[str, ...]
    who_link: str
    services_link: str
    outcome: Outcome | None
    """None where the command would be refused; the error says why."""
    since: tuple[ChangeLine, ...]
    token: str
    version: int
    agreed: str
    """What the preview is of."""


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Everything entered and what it would do; sending it adds the client, once."""
    firm, post = visit.firm.pk, visit.request.POST
    sent = visit.request.method == "POST"
    before = added_from(visit, post.get("token", "")) if sent else None
    if before is not None:
        return redirect("client-added", firm=firm, number=before)
    draft = read_draft(visit)
    if draft is None or not draft.name:
        return begin_again(visit)
    if not sent:
        return _page(visit, draft)
    if post.get("token") != draft.token:
        return _page(visit, draft, _("You began to add another [client] meanwhile: this is that one"))
    since = number_in(post.get("version", ""))
    if overtaken(visit.firm_now, since):
        return _page(visit, draft, changed_meanwhile(), since=since)
    if other := chosen_otherwise(visit, draft.command):
        return _page(visit, draft, other)
    try:
        made = execute_shown(visit, draft.command)
    except Overtaken:
        return _page(visit, draft, changed_meanwhile(), since=visit.firm_now.version)
    except Refused:
        return _page(visit, draft)
    mark_added(draft, made.after.last_client)
    return redirect("client-added", firm=firm, number=made.after.last_client)


def _page(visit: Visit, draft: ClientDraft, error: str = "", since: int = 0) -> HttpResponse:
    firm = visit.firm.pk
    names = SentenceNames(visit.firm, ())
    errors = [ErrorLine(text=error, href="#add")] if error else []
    outcome, version = None, 0
    given: tuple[GrantTo, ...] = draft.grants or ()
    left_out: tuple[Subject, ...] = ()
    try:
        found, outcome = previewed(visit, draft.command, naming=PreviewNames(visit, adding=draft.name))
    except Refused as refused:
        errors.append(_refused(refused))
    else:
        version, given, left_out = found.version, starting_grants(found), found.left_out_for
    names_of_services = dict(services_of(firm))
    services = tuple((names_of_services.get(number, ""), text) for number, text in draft.services.items())
    # Somebody who only uses client records may not read the ledger.
    told = since and visit.can(Capability.READ_CONTROL)
    page = CheckClientPage(
        frame=frame_for(visit, "clients"),
        title=_("Check the [client]"),
        caption=caption(4),
        back=reverse("add-client-access", args=[firm]),
        errors=tuple(errors),
        name=draft.name,
        reference=draft.reference,
        kind=draft.kind,
        services=services,
        doubts=tuple(doubt for service, text in services if (doubt := doubt_text(text, service))),
        confidential=draft.confidential,
        access=tuple(
            f"{row.name}: {row.shown}; {row.origin}"
            for row in grantee_rows(visit, given, names, origin=origin_of_defaults(visit))
        ),
        left_out=tuple(subject_text(names, each) for each in left_out),
        who_link=reverse("add-client", args=[firm]),
        services_link=reverse("add-client-services", args=[firm]),
        outcome=outcome,
        since=changes_since(firm, since, visit.zone) if told else (),
        token=draft.token,
        version=version,
        agreed=mark_of(draft.command),
    )
    return show(visit.request, "adding/check.html", page)


def _refused(refused: Refused) -> ErrorLine:
    places = {"client": "#who", "reference": "#who", "kind": "#who", "services": "#services"}
    return ErrorLine(text=problem_sentence(refused), href=places.get(refused.field, "#access"))


@needs(Capability.USE_CLIENTS)
def added(visit: Visit, number: int) -> HttpResponse:
    """The client is there: said to who added it, right afterwards; else its record."""
    firm = visit.firm.pk
    if not just_added(visit, number):
        if number not in visit.firm_now.known_clients(visit.number):
            raise Http404
        return redirect("client", firm=firm, number=number)
    sees = visit.firm_now.sees(visit.number, number)
    steps = []
    if sees:
        steps.append(Link(text=_("Open its record"), href=reverse("client", args=[firm, number])))
    if control := control_address(visit, number):
        steps.append(Link(text=_("See who can open it"), href=control))
    steps.append(Link(text=_("Add another [client]"), href=reverse("add-client", args=[firm])))
    steps.append(Link(text=_("Return to the list of [clients]"), href=reverse("clients", args=[firm])))
    name = client_name_of(firm, [number]).get(number, "")
    return done(
        visit,
        title=_("[Client] added"),
        text=_("%(client)s is in your firm now.") % {"client": name}
        if sees
        else _("%(client)s is in your firm now. You have no access to it yourself.") % {"client": name},
        next_steps=tuple(steps),
        section="clients",
    )
