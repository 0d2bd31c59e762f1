"""Making and changing a delegation: how far it goes, then what it opens, yes or no (rules.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.core.commands.definitions import SetDelegation
from ringfence.core.refusals import Refusal
from ringfence.core.terms import GIVING, Level
from ringfence.web.browse.until import Until, read_until, until_of
from ringfence.web.previews.agreed import chosen_otherwise
from ringfence.web.previews.confirm import Answer, ask, execute_shown, read_answer, too_late
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import level_name
from ringfence.wording.delegations import circle_text
from ringfence.wording.saying import LazyText, gettext_lazy
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .chain import chain_of
from .choosing import turned_off
from .rights import need_delegator, page_of, section_of

CAPS: dict[Level, LazyText] = {
    Level.OWNER: gettext_lazy("Everything: view, change, submit and remove"),
    Level.EDITOR: gettext_lazy("View, change and submit"),
    Level.READER: gettext_lazy("View only"),
}
"""What a delegate may do at most. Sharing is in none of them: delegation never gives it (rules.md 5)."""

WAS = "was-"
"""Before the names of the fields that say what the form began with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedDelegation:
    """What was asked for, as far as it can be read."""

    cap: Level | None = Level.OWNER
    """None where none was selected; so is `cascades`."""
    cascades: bool | None = True
    until: Until

    @property
    def kept(self) -> dict[str, str]:
        """The same as fields of a form."""
        cascades = {True: "yes", False: "no", None: ""}[self.cascades]
        return {"cap": self.cap.word if self.cap else "", "cascades": cascades, **self.until.values}

    @property
    def faults(self) -> dict[str, str]:
        """What is missing or wrong, by field."""
        found = {}
        if self.cap is None:
            found["cap"] = _("Select what they may do at most")
        if self.cascades is None:
            found["cascades"] = _("Select yes if others may reach the [clients] through them")
        if self.until.error:
            found["until-day"] = self.until.error
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationPage(Page):
    caption: str
    legends: tuple[str, str]
    """What the two choices ask."""
    caps: tuple[tuple[str, str], ...]
    cap_hint: str
    cap: str
    cascades: str
    cascades_hint: str
    until: dict[str, str]
    found: Mapping[str, str]
    """What is wrong, by field."""
    kept: Mapping[str, str]


@needs(Capability.MEMBER, READS_AND_SENDS)
def terms(visit: Visit, member: int, delegate: int) -> HttpResponse:
    """How far the delegation goes, and its check: `delegation.set` states the whole."""
    need_delegator(visit, member)
    if delegate not in visit.firm_now.members:
        raise Http404
    if not visit.settings.delegation:
        return turned_off(visit, member)
    standing = _standing(visit, member, delegate)
    post = visit.request.POST
    if visit.request.method != "POST":
        # Whoever comes back from the check, or from its list, finds what they chose.
        chosen = read_wanted(visit, visit.request.GET) if "cap" in visit.request.GET else standing
        return _form(visit, member, delegate, chosen, standing)
    wanted = read_wanted(visit, post)
    if wanted.faults:
        return _form(visit, member, delegate, wanted, standing)
    asking = "version" in post
    if not asking and _was(post) not in ({}, standing.kept):
        changed = _("Somebody else has changed this delegation meanwhile: look again")
        return _form(visit, member, delegate, standing, standing, changed)
    command = command_of(member, delegate, wanted)
    answer = read_answer(visit, _("Select yes if you want to save this delegation")) if asking else Answer()
    if answer.no:
        return redirect(page_of(visit, member))
    if answer.yes and (other := chosen_otherwise(visit, command)):
        answer = Answer(error=other)
    try:
        if not answer.yes:
            return _check(visit, command, wanted, answer)
        try:
            execute_shown(visit, command)
        except Overtaken:
            return _check(visit, command, wanted, too_late(visit))
    except Refused as refused:
        if refused.refusal is Refusal.CONFLICT:
            # It is so already.
            return redirect(page_of(visit, member))
        return _form(visit, member, delegate, wanted, standing, problem_sentence(refused))
    names = member_names(visit.firm.pk, [member, delegate])
    words = {"delegator": names[member], "delegate": names[delegate]}
    messages.success(visit.request, _("%(delegator)s delegates to %(delegate)s.") % words)
    return redirect(page_of(visit, member))


def read_wanted(visit: Visit, given: QueryDict) -> WantedDelegation:
    """The terms that a form or an address holds."""
    cap = next((each for each in GIVING if each.word == given.get("cap")), None)
    cascades = {"yes": True, "no": False}.get(given.get("cascades", ""))
    return WantedDelegation(cap=cap, cascades=cascades, until=read_until(visit, given))


def command_of(member: int, delegate: int, wanted: WantedDelegation) -> SetDelegation:
    """The command that makes it so, of terms without a fault."""
    assert wanted.cap is not None
    assert wanted.cascades is not None
    return SetDelegation(
        delegator=member,
        delegate=delegate,
        cap=wanted.cap,
        expires=wanted.until.expires,
        cascades=wanted.cascades,
    )


def _standing(visit: Visit, member: int, delegate: int) -> WantedDelegation:
    """What stands now; where nothing does, what most people mean."""
    made = visit.firm_now.delegations.get((member, delegate))
    if made is None:
        return WantedDelegation(until=until_of(None, visit))
    return WantedDelegation(cap=made.cap, cascades=made.cascades, until=until_of(made.expires, visit))


def _was(post: QueryDict) -> dict[str, str]:
    return {name.removeprefix(WAS): str(post[name]) for name in post if name.startswith(WAS)}


def _form(
    visit: Visit,
    member: int,
    delegate: int,
    wanted: WantedDelegation,
    standing: WantedDelegation,
    refused: str = "",
) -> HttpResponse:
    now = visit.firm_now
    further = {link.delegate for link in now.onward(delegate)} - {member, delegate}
    names = member_names(visit.firm.pk, {member, delegate, *further})
    words = {"delegator": names[member], "delegate": names[delegate]}
    found = {"cap": refused} if refused else wanted.faults
    page = DelegationPage(
        frame=frame_for(visit, section_of(visit, member)),
        title=_("How far does the delegation to %(delegate)s go?") % words
        if member == visit.number
        else _("How far does the delegation from %(delegator)s to %(delegate)s go?") % words,
        caption=_("Delegation"),
        back=page_of(visit, member)
        if (member, delegate) in now.delegations
        else reverse("delegate-to", args=[visit.firm.pk, member]),
        errors=tuple(ErrorLine(text=text, href=f"#{field}") for field, text in found.items()),
        legends=(
            _("What may %(delegate)s do at most?") % words,
            _("May whoever %(delegate)s delegates to reach the [clients] too?") % words,
        ),
        caps=tuple((each.word, _cap_text(visit, each)) for each in CAPS),
        cap_hint=_(
            "Never more than %(delegator)s may do. Nobody can share a [client] by what is delegated to them."
        )
        % words,
        cap=wanted.kept["cap"],
        cascades=wanted.kept["cascades"],
        cascades_hint=_("At present: %(members)s.")
        % {"members": ", ".join(sorted(names[number] for number in further))}
        if further
        else _("At present %(delegate)s delegates to nobody else.") % words,
        until=wanted.until.values,
        found=found,
        kept={f"{WAS}{name}": value for name, value in standing.kept.items()},
    )
    return show(visit.request, "delegation/terms.html", page)


def _cap_text(visit: Visit, level: Level) -> str:
    """What the level lets a delegate do; with its name, in firms whose screens show the levels."""
    said = str(CAPS[level])
    return f"{level_name(level)}. {said}" if visit.settings.levels == "four" else said


def _check(visit: Visit, command: SetDelegation, wanted: WantedDelegation, answer: Answer) -> HttpResponse:
    firm, member, delegate = visit.firm.pk, command.delegator, command.delegate
    names = member_names(firm, [member, delegate])
    words = {"delegator": names[member], "delegate": names[delegate]}
    query = "?" + urlencode(wanted.kept)
    return ask(
        visit,
        command,
        answer,
        title=_("Check the delegation from %(delegator)s to %(delegate)s") % words,
        question=_("Do you want to save this delegation?"),
        back=reverse("delegate-terms", args=[firm, member, delegate]) + query,
        lead=lead_of(visit, command, words),
        links=(
            Link(
                text=_("See every [client] that it opens, person by person"),
                href=reverse("delegation-opens", args=[firm, member, delegate]) + query,
            ),
        ),
        section=section_of(visit, member),
        kept=wanted.kept,
        pictured=partial(chain_of, visit, command),
    )


def lead_of(visit: Visit, command: SetDelegation, words: Mapping[str, str]) -> str:
    """The terms in words, and what is worth knowing of where the delegation leads."""
    caps = {
        Level.OWNER: _("%(delegate)s may do all that %(delegator)s may do there, but for sharing."),
        Level.EDITOR: _("%(delegate)s may view, change and submit, as far as %(delegator)s may."),
        Level.READER: _("%(delegate)s may view, and change nothing."),
    }
    told = [caps[command.cap] % words]
    if command.expires is not None:
        told.append(_("It stands %(until)s.") % {"until": until_text(command.expires, visit.zone)})
    if command.cascades:
        told.append(_("It goes on to those to whom %(delegate)s delegates, today’s and later ones.") % words)
    else:
        told.append(_("It goes no further."))
    if command.delegator in {link.delegate for link in visit.firm_now.onward(command.delegate)}:
        told.append(circle_text(**words))
    if not visit.firm_now.members[command.delegate].works:
        told.append(
            _("%(delegate)s may not use client records at present, so it opens nothing to them.") % words
        )
    return " ".join(told)
