"""Auditor's packs: asked for, watched while they are made, and taken while they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from ringfence.access import note_export
from ringfence.access.past.states import version_at
from ringfence.access.proof import ledger_break
from ringfence.access.proof.packs import (
    DAY,
    KEPT_DAYS,
    KeptPack,
    PackAsked,
    TooManyPacks,
    ask_pack,
    pack_numbered,
    pack_pieces,
    packs_of,
)
from ringfence.core.days import close_of
from ringfence.core.terms import Export, Instant, Thing
from ringfence.jobs.audit_packs import make_audit_pack
from ringfence.jobs.enqueue import enqueue
from ringfence.lists.entry_names import LedgerNames
from ringfence.web.browse.days import read_day
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.catalogue import language_spoken
from ringfence.wording.proof import PACK_PARTS, pack_state_text, span_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text, moment_text

LANGUAGES: dict[str, str] = dict(settings.LANGUAGES)
"""By code, each in its own words."""
LONGEST = 40
"""Letters of a day that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """One pack in the list."""

    span: str
    href: str
    asked: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacksPage(Page):
    lines: tuple[PackLine, ...]
    ask: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPackPage(Page):
    values: Mapping[str, str]
    problems: Mapping[str, str]
    languages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackPage(Page):
    facts: tuple[tuple[str, str], ...]
    waits: bool
    progress: str
    done: int
    failed: bool
    unsigned: str
    """Where it is said that the ledger is not what was signed, for which it failed; empty where it is."""
    file: str
    """Where it is taken; empty while it is not there."""
    parts: tuple[tuple[str, str], ...]
    """What is in it: file and what it holds."""


@needs(Capability.READ_CONTROL)
def packs(visit: Visit) -> HttpResponse:
    """Those that are kept, the newest first."""
    firm = visit.firm.pk
    kept = packs_of(firm)
    names = _names(visit, kept)
    page = PacksPage(
        frame=frame_for(visit, "manage"),
        title=_("Auditor’s packs"),
        back=reverse("reports", args=[firm]),
        lines=tuple(
            PackLine(
                span=_span(visit, each),
                href=reverse("pack", args=[firm, each.number]),
                asked=_asked(visit, each, names),
                state=pack_state_text(each.stands.value),
            )
            for each in kept
        ),
        ask=reverse("ask-pack", args=[firm]),
        days=KEPT_DAYS,
    )
    return show(visit.request, "proof/packs.html", page)


@needs(Capability.READ_CONTROL, READS_AND_SENDS)
def ask(visit: Visit) -> HttpResponse:
    """From which day to which, and in which language."""
    post = visit.request.POST
    values = {name: showable(post.get(name, "").strip())[:LONGEST] for name in ("from", "to", "language")}
    problems: dict[str, str] = {}
    if visit.request.method == "POST":
        wanted = _read(visit, values, problems)
        if wanted is not None:
            try:
                # One that nobody makes would wait for a week.
                with transaction.atomic():
                    number = ask_pack(visit.firm.pk, visit.number, wanted)
                    enqueue(make_audit_pack, visit.firm.pk, number)
            except TooManyPacks:
                problems["to"] = _("Your firm has as many packs as it may keep: take one of those")
            else:
                return redirect("pack", firm=visit.firm.pk, number=number)
    else:
        values["language"] = language_spoken() or visit.firm.language
    page = AskPackPage(
        frame=frame_for(visit, "manage"),
        title=_("Make an auditor’s pack"),
        back=reverse("packs", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=f"#{name}") for name, text in problems.items()),
        values=values,
        problems=problems,
        languages=tuple(LANGUAGES.items()),
    )
    return show(visit.request, "proof/ask_pack.html", page)


def _read(visit: Visit, values: Mapping[str, str], problems: dict[str, str]) -> PackAsked | None:
    """What is asked for; None where something is wrong, which is in `problems`."""
    now = visit.firm_now.now
    today = datetime.fromtimestamp(now / 1_000_000, visit.zone).date()
    days: dict[str, date | None] = {}
    for name in ("from", "to"):
        days[name] = read_day(values[name]) if values[name] else None
        if values[name] and days[name] is None:
            problems[name] = _("Enter a day, such as 27 3 2026")
    begins, ends = days["from"], days["to"]
    if begins and not problems and begins > today:
        problems["from"] = _("Enter a day that has begun")
    if begins and ends and not problems and ends < begins:
        problems["to"] = _("The last day must not be before the first")
    if values["language"] not in LANGUAGES:
        problems["language"] = _("Select a language")
    if problems:
        return None
    try:
        until = min(Instant(close_of(ends, visit.zone) - 1), now) if ends else now
        since = close_of(begins - timedelta(days=1), visit.zone) if begins else Instant(0)
    except OverflowError:
        problems["from"] = _("Enter a day, such as 27 3 2026")
        return None
    if not version_at(visit.firm.pk, until):
        problems["to"] = _("Your firm was not there yet: enter a later day")
        return None
    return PackAsked(since=since, until=until, language=values["language"])


@needs(Capability.READ_CONTROL)
def pack(visit: Visit, number: int) -> HttpResponse:
    """How far it has come; what is in it and where it is taken once it is there."""
    firm, kept = visit.firm.pk, _found(visit, number)
    there, waits = kept.there, kept.waits
    facts = [
        (_("Changes"), _span(visit, kept)),
        (_("Who could open what"), moment_text(kept.asked.until, visit.zone)),
        (_("Language"), LANGUAGES.get(kept.asked.language, kept.asked.language)),
        (_("Asked for"), _asked(visit, kept, _names(visit, [kept]))),
    ]
    if there:
        facts += [
            (_("Last entry of the ledger in it"), figure(kept.entry)),
            (_("Size"), _("%(count)s kB") % {"count": figure(-(-kept.size // 1000))}),
            (_("Kept until"), day_at_text(Instant(kept.at + KEPT_DAYS * DAY), visit.zone)),
        ]
    doing = PACK_PARTS.get(kept.doing)
    words = {"done": figure(kept.done), "total": figure(kept.count), "part": str(doing or "")}
    page = PackPage(
        frame=frame_for(visit, "manage"),
        title=_("Auditor’s pack %(number)s") % {"number": figure(number)},
        back=reverse("packs", args=[firm]),
        facts=tuple(facts),
        waits=waits,
        progress=_("%(done)s of %(total)s parts are written. Being written: %(part)s.") % words
        if doing
        else _("It has been begun."),
        done=kept.done,
        failed=not (there or waits),
        unsigned=reverse("proof", args=[firm]) if not (there or waits) and ledger_break(firm) else "",
        file=reverse("pack-file", args=[firm, number]) if there else "",
        parts=tuple((name, str(text)) for name, text in PACK_PARTS.items()),
    )
    return show(visit.request, "proof/pack.html", page)


# Its taking is in the ledger before it is theirs.
@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def file(visit: Visit, number: int) -> HttpResponse:
    """The zip."""
    firm, kept = visit.firm.pk, _found(visit, number)
    if not kept.there:
        messages.info(visit.request, _("The pack can be taken once it is made."))
        return redirect("pack", firm=firm, number=number)
    note_export(firm, Export.PACK, kept.entry, actor=visit.actor)
    day = datetime.fromtimestamp(kept.asked.until / 1_000_000, visit.zone).date().isoformat()
    response = StreamingHttpResponse(pack_pieces(firm, number), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"auditors-pack-{day}.zip")
    # One that is let go of on its way comes short of this, and no browser takes it for whole.
    response["Content-Length"] = str(kept.size)
    # What guards views says `HttpResponse` of all answers; one that streams is only its sibling.
    return cast(HttpResponse, response)


def _found(visit: Visit, number: int) -> KeptPack:
    found = pack_numbered(visit.firm.pk, number)
    if found is None:
        raise Http404
    return found


def _names(visit: Visit, kept: list[KeptPack]) -> LedgerNames:
    names = LedgerNames(visit.firm_now, visit.zone)
    names.learn_things(Thing.MEMBER, {each.member for each in kept if each.member})
    return names


def _asked(visit: Visit, kept: KeptPack, names: LedgerNames) -> str:
    words = {"moment": moment_text(kept.at, visit.zone), "who": names.actor(kept.member or None)}
    return _("%(moment)s, by %(who)s") % words


def _span(visit: Visit, kept: KeptPack) -> str:
    return span_text(kept.asked.since, kept.asked.until, visit.zone)
