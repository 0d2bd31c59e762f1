"""The last step of creating a group: check answers with the preview, and the page that says it is created."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Preview, Refused
from ringfence.core.refusals import Refusal
from ringfence.core.terms import group_subject
from ringfence.web.previews.agreed import chosen_otherwise, mark_of
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.previews.done import done
from ringfence.web.previews.outcome import NameList, Outcome, PreviewNames, previewed
from ringfence.web.previews.since import ChangeLine, changes_since, overtaken
from ringfence.web.queries.things import group_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import name_sentence, problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import control_off
from ringfence.wording.saying import gettext as _

from .answers import chosen_clients, chosen_members, joining, kind_words
from .draft import GroupDraft, just_created, last_created, mark_created, read_draft
from .resubmitted import made_already
from .steps import another_begun, back, caption, gone_notices, lost, steps_of, too_early

HERE = "create-group-check"
CHOOSING = ("create-group-clients", "create-group-service")
"""The step at which it is chosen what is in the group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    caption: str
    kind: str
    joins: str
    """That new clients join by themselves, where they do."""
    name: str
    level: str
    clients: NameList
    members: NameList
    kind_link: str
    name_link: str
    clients_link: str
    """Empty where the group is of members alone."""
    members_link: str
    notices: tuple[str, ...]
    """What of the choices is not in the firm any more."""
    outcome: Outcome | None
    """None where the command would be refused; the error says why."""
    since: tuple[ChangeLine, ...]
    off: str
    """What holds while control is off; empty while it is on."""
    token: str
    version: int
    agreed: str
    """What the preview is of."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Everything chosen and what it would do; sending it creates the group, once."""
    firm, post = visit.firm.pk, visit.request.POST
    sent = visit.request.method == "POST"
    created = last_created(visit, post.get("token", "")) if sent and post.get("token") else None
    if created is not None:
        return redirect("group-created", firm=firm, number=created)
    draft = read_draft(visit)
    if draft is None:
        return lost(visit)
    if early := too_early(visit, draft, HERE):
        return early
    since = number_in(post.get("version", ""))
    if not sent:
        return _check_page(visit, draft)
    if post.get("token") != draft.token:
        return _check_page(visit, draft, error=another_begun())
    if overtaken(visit.firm_now, since):
        return _check_page(visit, draft, error=changed_meanwhile(), since=since)
    if other := chosen_otherwise(visit, draft.command):
        return _check_page(visit, draft, error=other)
    try:
        made = execute_shown(visit, draft.command)
    except Overtaken:
        return _check_page(visit, draft, error=changed_meanwhile(), since=visit.firm_now.version)
    except Refused as refused:
        twin = made_already(visit, draft) if refused.refusal is Refusal.NAME_TAKEN else None
        if twin is None:
            return _check_page(visit, draft)
        return redirect("group-created", firm=firm, number=twin)
    number = made.after.last_group
    mark_created(draft, number)
    return redirect("group-created", firm=firm, number=number)


def _check_page(visit: Visit, draft: GroupDraft, *, error: str = "", since: int = 0) -> HttpResponse:
    firm = visit.firm.pk
    found: Preview | None = None
    outcome: Outcome | None = None
    errors = [ErrorLine(text=error, href="#create")] if error else []
    naming = PreviewNames(visit, creating=draft.name)
    try:
        found, outcome = previewed(visit, draft.command, named=draft.clients_of(visit), naming=naming)
    except Refused as refused:
        errors.append(_refused(refused))
    steps = [reverse(step, args=[firm]) for step in steps_of(draft)]
    page = CheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check your answers"),
        caption=caption(draft, HERE),
        back=back(visit, draft, HERE),
        errors=tuple(errors),
        kind=kind_words(draft, naming),
        joins=joining(draft),
        name=draft.name,
        level=level_shown(draft.level),
        clients=chosen_clients(visit, draft, naming),
        members=chosen_members(draft, naming),
        kind_link=steps[0],
        name_link=reverse("create-group-name", args=[firm]),
        clients_link=next(
            (link for link, step in zip(steps, steps_of(draft), strict=True) if step in CHOOSING), ""
        ),
        members_link=reverse("create-group-members", args=[firm]),
        notices=gone_notices(draft),
        outcome=outcome,
        since=changes_since(firm, since, visit.zone) if since else (),
        off="" if visit.settings.control else control_off(walls=visit.firm_now.walled),
        token=draft.token,
        version=found.version if found is not None else 0,
        agreed=mark_of(draft.command),
    )
    return show(visit.request, "groups/create/check.html", page)


def _refused(refused: Refused) -> ErrorLine:
    if refused.field == "group":
        return ErrorLine(text=name_sentence(refused), href="#name")
    return ErrorLine(text=problem_sentence(refused), href="#clients")


@needs(Capability.MANAGE)
def created(visit: Visit, number: int) -> HttpResponse:
    """The group is made: said to who made it, right afterwards; else this is the group's own page."""
    if number not in visit.firm_now.groups:
        raise Http404
    firm = visit.firm.pk
    if not just_created(visit, number):
        return redirect("group", firm=firm, number=number)
    on, name = visit.settings.control, group_names(firm, [number]).get(number, "")
    given = bool(visit.firm_now.levels_given(group_subject(number)))
    adding = reverse("group-add-clients", args=[firm, number])
    return done(
        visit,
        title=_("[Group] created"),
        panel=(_("%(name)s is now active") if on else _("%(name)s is saved")) % {"name": name},
        text=_(
            "The [members] you selected can now view and manage the tax affairs of all [clients] in this "
            "[group]."
        )
        if on and visit.settings.profile == "agency"
        else _("It opens nothing yet. Share [clients] with it: on the page of each, or several at once.")
        if not given
        else _("The [members] you selected now have access to the [clients] in this [group].")
        if on
        else _("It begins to count when you turn on [access control]."),
        next_steps=(
            *(() if on else (_turning_on(firm),)),
            *(() if given else (Link(text=_("Add [clients]"), href=adding),)),
            Link(text=_("See the [group]"), href=reverse("group", args=[firm, number])),
            Link(text=_("Create another [group]"), href=reverse("create-group", args=[firm])),
        ),
    )


def _turning_on(firm: int) -> Link:
    return Link(text=_("Turn on [access control]"), href=reverse("turn-on", args=[firm]))
