"""What a new policy is called, and what it does about a change that would break it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.policing.kept import policy_named
from ringfence.core.directory import shows
from ringfence.core.texts import POLICY_NAME, steers
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.policy_sentences import MODE_TEXTS, MODES
from ringfence.wording.saying import gettext as _

from .draft import PolicyDraft, read_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyNamePage(Page):
    name: str
    mode: str
    modes: tuple[tuple[str, str, str], ...]
    """Value, words, and what it means."""
    wrong: dict[str, str]


@needs(Capability.MANAGE, READS_AND_SENDS)
def naming(visit: Visit) -> HttpResponse:
    """The name and the mode of the policy that was begun by plain questions."""
    draft = read_draft(visit)
    if draft is None or draft.written or not draft.statements:
        return redirect("add-policy", firm=visit.firm.pk)
    if visit.request.method != "POST":
        return _page(visit, draft.name, draft.mode or visit.settings.policy_mode, {})
    name, mode = visit.request.POST.get("name", "").strip(), visit.request.POST.get("mode", "")
    wrong = {}
    if fault := _fault(visit, draft, name):
        wrong["name"] = fault
    if mode not in MODES:
        wrong["mode"] = _("Select what is done about a change that would break it")
    if wrong:
        return _page(visit, name, mode, wrong)
    draft.keep(name=name, mode=mode)
    return redirect("policy-check", firm=visit.firm.pk)


def _fault(visit: Visit, draft: PolicyDraft, name: str) -> str:
    if not shows(name):
        return _("Enter a name for the policy")
    if len(name) > POLICY_NAME:
        return _("Enter %(limit)s characters or fewer") % {"limit": POLICY_NAME}
    if any(map(steers, name)):
        return _("This contains characters that cannot be shown. Type it again without them.")
    if policy_named(visit.firm.pk, name) not in (0, draft.number):
        return _("This name is taken. Enter another one.")
    return ""


def _page(visit: Visit, name: str, mode: str, wrong: dict[str, str]) -> HttpResponse:
    page = PolicyNamePage(
        frame=frame_for(visit, "manage"),
        title=_("Name the policy"),
        back=reverse("add-policy", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=f"#{field}") for field, text in wrong.items()),
        name=showable(name),
        mode=mode,
        modes=tuple((value, str(text), str(MODE_TEXTS[value])) for value, text in MODES.items()),
        wrong={field: wrong.get(field, "") for field in ("name", "mode")},
    )
    return show(visit.request, "policies/name.html", page)
