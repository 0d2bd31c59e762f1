"""The first page of a member's leaving: what they reach, what only they reach, what ends, who takes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Batch, ListRefused, Overtaken, rehearse
from ringfence.access.handing_over import own_clients
from ringfence.core.commands.definitions import DeactivateMember
from ringfence.core.refusals import Refusal
from ringfence.core.terms import EVERYONE, Level, member_subject
from ringfence.web.journeys.team.person import member_row
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .draft import delegations_of, ends_delegations, keep_ending

NOBODY, ONE, EACH = "nobody", "one", "each"
"""Who takes over, as forms and addresses say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingFact:
    """Something that the member has or does, and what becomes of it."""

    key: str
    text: str
    link: Link | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakerChoice:
    value: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingPage(Page):
    facts: tuple[LeavingFact, ...]
    choices: tuple[TakerChoice, ...]
    """Who may take over; none where there is nothing to take."""
    choice_error: str
    stopped: str
    """Why they cannot be deactivated, whoever takes over; empty where they can."""
    needed: str
    """That some clients need somebody who takes over; empty where none does."""
    delegations: str
    """What is asked about their delegations; empty where there are none."""
    ends_delegations: bool
    go_on: str


@in_lane(Lane.WRITING, "GET")
@needs(Capability.MANAGE, READS_AND_SENDS)
def start(visit: Visit, member: int) -> HttpResponse:
    """What a member's leaving means; nothing is changed yet (rules.md 5, "Deactivating")."""
    firm, row = visit.firm.pk, member_row(visit, member)
    if not visit.firm_now.members[member].active:
        # The second of two clicks.
        return redirect("member", firm=firm, member=member)
    choices, error = tuple(_choices(visit, member)), ""
    checking = reverse("deactivate-check", args=[firm, member])
    if visit.request.method == "POST":
        keep_ending(visit, member, ends="end_delegations" in visit.request.POST)
        chosen = visit.request.POST.get("taker", "")
        if chosen == NOBODY or not choices:
            return redirect(f"{checking}?to={NOBODY}")
        if chosen in {each.value for each in choices}:
            return redirect("choose-successor" if chosen == ONE else "share-out", firm=firm, member=member)
        error = _("Select who takes over")
    last = len(visit.firm_now.last_owned_by(member))
    needed = ngettext(
        "%(count)s [client] has no other [owner]: choose somebody who takes it over.",
        "%(count)s [clients] have no other [owner]: choose somebody who takes them over.",
        last,
    )
    page = LeavingPage(
        frame=frame_for(visit, "manage"),
        title=_("Deactivate %(member)s") % {"member": row.name},
        back=reverse("member", args=[firm, member]),
        errors=(ErrorLine(text=error, href="#taker"),) if error else (),
        facts=tuple(_facts(visit, member)),
        choices=choices,
        choice_error=error,
        stopped=_stopped(visit, member),
        needed=needed % {"count": figure(last)} if last else "",
        delegations=_ending_text(len(delegations_of(visit, member))),
        ends_delegations=ends_delegations(visit, member),
        go_on=f"{checking}?to={NOBODY}",
    )
    return show(visit.request, "team/leaving.html", page)


def _stopped(visit: Visit, member: int) -> str:
    refused = None
    try:
        # Whether it is refused, not what it would do: in a large firm that is the most of it.
        batch = Batch("member.deactivate", (DeactivateMember(member=member),))
        rehearse(visit.firm.pk, [batch], actor=visit.actor, version=visit.firm_now.version)
    except ListRefused as found:
        refused = found.refused
    except Overtaken:
        # Somebody was quicker: the check says it.
        return ""
    # Against the last Owner's going there is a remedy: somebody who takes over.
    stands = refused is not None and refused.refusal is not Refusal.LAST_OWNER
    return problem_sentence(refused) if refused is not None and stands else ""


def _choices(visit: Visit, member: int) -> Iterator[TakerChoice]:
    if not leaves_something(visit, member):
        return
    own = len(own_clients(visit.firm_now, member))
    yield TakerChoice(
        value=ONE,
        text=_("One colleague takes over all of it"),
        hint=_("They get what was given to this person alone, at the same level."),
    )
    if own > 1:
        yield TakerChoice(
            value=EACH,
            text=_("Different colleagues take over different [clients]"),
            hint=_("You choose the [clients] of each of them."),
        )
    yield TakerChoice(
        value=NOBODY,
        text=_("Nobody"),
        hint=_("It stays with this person and lets nobody in. Such [clients] stay closed to others."),
    )


def leaves_something(visit: Visit, member: int) -> bool:
    """Whether there is anything of their own that somebody could take over."""
    return bool(own_clients(visit.firm_now, member)) or _wide(visit, member)


def _wide(visit: Visit, member: int) -> bool:
    """Whether they were given whole services or all clients."""
    held = visit.firm_now.grants_of(member_subject(member))
    return any(level not in (Level.NONE, Level.BLOCKED) for level in (*held.services.values(), held.all))


def _facts(visit: Visit, member: int) -> Iterator[LeavingFact]:
    now, args = visit.firm_now, [visit.firm.pk, member]
    reached = reverse("member-clients", args=args)
    seen, only = len(now.clients_seen_by(member)), len(now.only_seen_by(member))
    yield LeavingFact(
        key=_("[Clients] they can open"),
        text=_("%(seen)s of the firm’s %(total)s")
        % {"seen": figure(seen), "total": count_clients(len(now.clients))},
        link=Link(text=_("See them, or take the list out as a file"), href=reached) if seen else None,
    )
    yield LeavingFact(
        key=_("[Clients] that nobody can open without them"),
        text=count_clients(only) if only else _("None"),
        link=Link(text=_("See which"), href=f"{reached}?show=only") if only else None,
    )
    own = len(own_clients(now, member))
    given = [count_clients(own)] if own else []
    given += [_("Whole services or all [clients]")] if _wide(visit, member) else []
    yield LeavingFact(
        key=_("Given to this person alone"),
        text=", ".join(given) or _("Nothing"),
        link=Link(text=_("See what"), href=reverse("member-access", args=args)) if own else None,
    )
    groups = len(set(now.groups_of(member)) - {EVERYONE})
    yield LeavingFact(key=_("[Groups]"), text=_groups_text(groups))
    if (made := sum(giver == member for giver, _taker in now.delegations)) > 0:
        yield LeavingFact(key=_("Delegations from them"), text=_delegated_text(made))
    if (theirs := sum(taker == member for _giver, taker in now.delegations)) > 0:
        yield LeavingFact(key=_("Delegations to them"), text=_kept_text(theirs))
    if asked := len(now.asked_for(member)):
        yield LeavingFact(key=_("Requests for access"), text=_withdrawn_text(asked))
    yield LeavingFact(
        key=_("Signing in"),
        text=_("Their place here ends at once, wherever they are signed in. So do invitations."),
    )


def _ending_text(count: int) -> str:
    if not count:
        return ""
    words = ngettext("End %(count)s delegation for good", "End %(count)s delegations for good", count)
    return words % {"count": figure(count)}


def _groups_text(count: int) -> str:
    if not count:
        return _("None")
    words = ngettext(
        "They stay in %(count)s [group], and it lets them in no more.",
        "They stay in %(count)s [groups], and these let them in no more.",
        count,
    )
    return words % {"count": figure(count)}


def _delegated_text(count: int) -> str:
    words = ngettext(
        "%(count)s colleague reaches [clients] through them, and no longer does.",
        "%(count)s colleagues reach [clients] through them, and no longer do.",
        count,
    )
    return words % {"count": figure(count)}


def _kept_text(count: int) -> str:
    words = ngettext(
        "%(count)s is kept and lets them in no more.", "%(count)s are kept and let them in no more.", count
    )
    return words % {"count": figure(count)}


def _withdrawn_text(count: int) -> str:
    words = ngettext("%(count)s open request is withdrawn.", "%(count)s open requests are withdrawn.", count)
    return words % {"count": figure(count)}
