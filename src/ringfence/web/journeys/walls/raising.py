"""Raising and changing a wall: its name first, its sides (`choosing.py`), then the check with the preview."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Preview, Refused
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.texts import WALL_NAME, clean
from ringfence.firms.models import Wall as WallRow
from ringfence.web.previews.agreed import chosen_otherwise, mark_of
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.previews.outcome import Outcome, PreviewNames, previewed
from ringfence.web.previews.since import ChangeLine, changes_since, overtaken
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs, visit_for
from ringfence.wording import control_off
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import since_text, until_text

from .choosing import another_begun, gone_notices, lost
from .conflicts import ConflictsBox, conflicts_box
from .draft import WallDraft, begin, mark_raised, raised, read_draft
from .sides import clients_named, members_named, others_off, side_title, who_can
from .wall import SideBox


@dataclass(frozen=True, slots=True, kw_only=True)
class WallNamePage(Page):
    name: str
    name_error: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def name(visit: Visit) -> HttpResponse:
    """The name of a new wall, which the members it stands between never see."""
    draft = read_draft(visit)
    if visit.request.method != "POST":
        return _name_page(visit, draft.name if draft is not None and not draft.wall else "")
    given = visit.request.POST.get("name", "")
    try:
        cleaned = clean(given, "name", most=WALL_NAME)
    except Refused as refused:
        return _name_page(visit, given, _name_sentence(refused))
    if _number_of(visit, cleaned):
        return _name_page(visit, given, _name_taken())
    begin(visit, cleaned)
    if draft is not None and draft.checked and not draft.wall:
        return redirect("wall-check", firm=visit.firm.pk)
    return redirect("wall-members", firm=visit.firm.pk, side=1)


def _name_page(visit: Visit, given: str, problem: str = "") -> HttpResponse:
    page = WallNamePage(
        frame=frame_for(visit, "manage"),
        title=_("What is the name of the wall?"),
        back=reverse("walls", args=[visit.firm.pk]),
        errors=(ErrorLine(text=problem, href="#name"),) if problem else (),
        name=showable(given),
        name_error=problem,
    )
    return show(visit.request, "walls/name.html", page)


def _number_of(visit: Visit, name: str) -> int:
    """The wall of that name; 0 for none."""
    rows = WallRow.objects.filter(firm=visit.firm.pk, name_key=unique_key(name))
    return rows.values_list("number", flat=True).first() or 0


def _name_taken() -> str:
    return _("There is a wall with this name already: choose another")


def _name_sentence(refused: Refused) -> str:
    match refused.problem:
        case Problem.TEXT_EMPTY:
            return _("Enter a name for the wall")
        case Problem.TEXT_TOO_LONG:
            return _("The name must be %(limit)s characters or fewer") % {"limit": WALL_NAME}
        case Problem.TEXT_CONTROL:
            return _("The name must not contain line breaks or control characters")
        case Problem.NAME_IN_USE:
            return _name_taken()
        case _:
            return problem_sentence(refused)


@dataclass(frozen=True, slots=True, kw_only=True)
class WallCheckPage(Page):
    name: str
    name_link: str
    """Empty for a wall that stands: its name stays."""
    terms_link: str
    times: str
    reason: str
    sides: tuple[SideBox, ...]
    notices: tuple[str, ...]
    conflicts: ConflictsBox
    outcome: Outcome | None
    """None where the command would be refused, or would change nothing; an error or a notice says why."""
    since: tuple[ChangeLine, ...]
    off: str
    """What holds while control is off; empty while it is on."""
    submit: str
    token: str
    version: int
    agreed: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit) -> HttpResponse:
    """Both sides, what the wall overrules and what it does; sending it raises or changes it, once."""
    firm, post = visit.firm.pk, visit.request.POST
    draft = read_draft(visit)
    if draft is None:
        return lost(visit)
    if draft.overtaken(visit):
        return _begin_again(visit, draft)
    if visit.request.method != "POST":
        return _check_page(visit, draft)
    if post.get("token") != draft.token:
        return _check_page(visit, draft, error=another_begun())
    since = number_in(post.get("version", ""))
    if overtaken(visit.firm_now, since):
        return _check_page(visit, draft, error=changed_meanwhile(), since=since)
    if other := chosen_otherwise(visit, draft.command):
        return _check_page(visit, draft, error=other)
    try:
        made = execute_shown(visit, draft.command)
    except Overtaken:
        return _check_page(visit, draft, error=changed_meanwhile(), since=visit.firm_now.version)
    except Refused as refused:
        twin = _made_already(visit, draft) if refused.refusal is Refusal.NAME_TAKEN else 0
        return redirect("wall", firm=firm, number=twin) if twin else _check_page(visit, draft)
    number = draft.wall or max(made.after.walls)
    mark_raised(draft, number)
    words = _("The wall %(wall)s is changed.") if draft.wall else _("The wall %(wall)s is raised.")
    messages.success(visit.request, words % {"wall": draft.name})
    return redirect("wall", firm=firm, number=number)


def _begin_again(visit: Visit, draft: WallDraft) -> HttpResponse:
    """Where somebody else changed or lowered the wall since its change was begun: told so, nothing saved."""
    if draft.wall in visit.firm_now.walls:
        said = _("Somebody changed the wall %(wall)s meanwhile. Look at it as it is now, and begin again.")
        route = redirect("wall", firm=visit.firm.pk, number=draft.wall)
    else:
        said = _("Somebody lowered the wall %(wall)s meanwhile. Your change was not saved.")
        route = redirect("walls", firm=visit.firm.pk)
    messages.error(visit.request, said % {"wall": draft.name})
    return route


def _made_already(visit: Visit, draft: WallDraft) -> int:
    """The wall that a form sent twice has made already, with just these sides; 0 for none."""
    number = raised(visit) or _number_of(visit, draft.name)
    standing = visit_for(visit.request, visit.firm.pk).firm_now.walls.get(number)
    made = standing is not None and standing.sides in (draft.whole, draft.whole[::-1])
    return number if made else 0


def _check_page(visit: Visit, draft: WallDraft, *, error: str = "", since: int = 0) -> HttpResponse:
    firm = visit.firm.pk
    found: Preview | None = None
    outcome: Outcome | None = None
    errors = [ErrorLine(text=error, href="#save")] if error else []
    notices = [*gone_notices(draft), *_own_place(visit, draft)]
    naming = PreviewNames(visit)
    try:
        found, outcome = previewed(visit, draft.command, naming=naming)
    except Refused as refused:
        if refused.refusal is Refusal.CONFLICT:
            notices.append(_("Nothing is changed yet. Choose below what to change."))
        elif refused.problem is Problem.OWN_WALL:
            notices.append(who_can(visit, draft.wall))
        else:
            errors.append(_refused(refused))
    page = WallCheckPage(
        frame=frame_for(visit, "manage"),
        title=_("Check the wall before you change it")
        if draft.wall
        else _("Check the wall before you raise it"),
        back=reverse("wall", args=[firm, draft.wall])
        if draft.wall
        else reverse("wall-clients", args=[firm, 2]),
        errors=tuple(errors),
        name=draft.name,
        name_link="" if draft.wall else reverse("raise-wall", args=[firm]),
        terms_link=reverse("wall-terms", args=[firm]),
        times=_times(draft, visit),
        reason=draft.reason,
        sides=_sides(visit, draft, naming),
        notices=tuple(notices),
        conflicts=conflicts_box(visit, draft.whole, reverse("wall-draft-conflicts", args=[firm]), naming),
        outcome=outcome,
        since=changes_since(firm, since, visit.zone) if since else (),
        off="" if visit.settings.control else control_off(walls=True),
        submit=_("Save the change") if draft.wall else _("Raise the wall"),
        token=draft.token,
        version=found.version if found is not None else 0,
        agreed=mark_of(draft.command),
    )
    return show(visit.request, "walls/check.html", page)


def _own_place(visit: Visit, draft: WallDraft) -> tuple[str, ...]:
    """What a visitor is told who puts themselves on a new wall, where others could decide about it then."""
    if draft.wall or not any(visit.number in side.members for side in draft.sides):
        return ()
    others = others_off(visit, draft.whole)
    if not others:
        return ()
    words = _("You stand on this wall yourself. Once it is raised, others decide about it: %(members)s.")
    return (words % {"members": others},)


def _times(draft: WallDraft, visit: Visit) -> str:
    """``From 4 January 2027, until it is lowered``."""
    starts = _("at once") if draft.starts is None else since_text(draft.starts, visit.zone)
    ends = _("until it is lowered") if draft.ends is None else until_text(draft.ends, visit.zone)
    said = f"{starts}, {ends}"
    return said[:1].upper() + said[1:]


def _sides(visit: Visit, draft: WallDraft, naming: PreviewNames) -> tuple[SideBox, ...]:
    return tuple(
        SideBox(
            title=side_title(number),
            members=members_named(side.members, naming),
            members_link=reverse("wall-members", args=[visit.firm.pk, number]),
            clients=clients_named(side.clients, naming),
            clients_link=reverse("wall-clients", args=[visit.firm.pk, number]),
        )
        for number, side in enumerate(draft.sides, 1)
    )


def _refused(refused: Refused) -> ErrorLine:
    if refused.field == "name":
        return ErrorLine(text=_name_sentence(refused), href="#name")
    if refused.field in {"ends", "starts"}:
        return ErrorLine(text=problem_sentence(refused), href="#terms")
    return ErrorLine(text=problem_sentence(refused), href="#side-1")
