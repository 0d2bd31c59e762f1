"""What the firm proves to outsiders with: its key, the checkpoints that it signed, and where they go."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.proof import (
    HowPublished,
    PublishedCheckpoint,
    checkpoint_count,
    checkpoint_of,
    checkpoints_signed,
    how_published,
    keys_of,
    ledger_break,
    rotate_key,
)
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.publish_checkpoints import publish_checkpoint
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.proof import break_texts, break_what_to_do, often_text, sent_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import day_at_text, moment_text

SIZE = 20
VERIFIER = "verify_ledger.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One of the settings of publishing; `href` is empty for who may not change it."""

    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointRow:
    """A checkpoint that was signed."""

    entry: str
    when: str
    sent: tuple[str, ...]
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage(Page):
    broken: tuple[str, ...]
    """What it means that the ledger is not what was signed; empty where it is."""
    steps: tuple[str, ...]
    """What to do then."""
    key: str
    """Empty where nothing was signed yet."""
    since: str
    earlier: tuple[tuple[str, str], ...]
    """Keys that signed before, with the day since when."""
    replace: str
    verifier: str
    manages: bool
    settings: tuple[SettingRow, ...]
    heading: str
    rows: tuple[CheckpointRow, ...]
    paging: Paging


@needs(Capability.READ_CONTROL, READS_AND_SENDS)
def proof(visit: Visit) -> HttpResponse:
    """All of it; the form publishes a checkpoint now."""
    if visit.request.method == "POST":
        return _published(visit)
    firm, manages = visit.firm.pk, visit.can(Capability.MANAGE)
    keys = keys_of(firm)
    total = checkpoint_count(firm)
    here = reverse("proof", args=[firm])
    paging = Paging(
        total=total, number=asked_page(visit.request.GET, total, SIZE), size=SIZE, path=here, query={}
    )
    signed = checkpoints_signed(firm, SIZE, paging.offset)
    words = ngettext("%(count)s checkpoint", "%(count)s checkpoints", total) % {"count": figure(total)}
    broken = ledger_break(firm)
    page = ProofPage(
        frame=frame_for(visit, "manage"),
        title=_("Proof for outsiders"),
        back=reverse("reports", args=[firm]),
        broken=break_texts(broken.entry, moment_text(broken.signed, visit.zone), broken.fits)
        if broken
        else (),
        steps=break_what_to_do(broken.entry) if broken else (),
        key=str(keys[0].verifier) if keys else "",
        since=day_at_text(keys[0].since, visit.zone) if keys else "",
        earlier=tuple((str(key.verifier), day_at_text(key.since, visit.zone)) for key in keys[1:]),
        replace=reverse("replace-proof-key", args=[firm]) if manages and keys else "",
        verifier=reverse("proof-verifier", args=[firm]),
        manages=manages,
        settings=_settings(visit, how_published(firm), manages=manages),
        heading=words if total else _("No checkpoint was signed yet"),
        rows=tuple(_row(visit, each) for each in signed),
        paging=paging,
    )
    return show(visit.request, "proof/proof.html", page)


def _settings(visit: Visit, how: HowPublished, *, manages: bool) -> tuple[SettingRow, ...]:
    rows = (
        (_("How often"), often_text(how.hours), "publish-often"),
        (_("Folder of whoever runs Ringfence"), _("Yes") if how.folder else _("No"), "publish-folder"),
        (_("Mailboxes"), ", ".join(how.mails) or _("None"), "publish-mailboxes"),
        (_("Web address"), how.address or _("None"), "publish-address"),
    )
    return tuple(
        SettingRow(name=name, value=value, href=reverse(route, args=[visit.firm.pk]) if manages else "")
        for name, value, route in rows
    )


def _row(visit: Visit, each: PublishedCheckpoint) -> CheckpointRow:
    firm = visit.firm.pk
    links = [Link(text=_("Download"), href=reverse("proof-checkpoint", args=[firm, each.entry]))]
    if each.stamp:
        links.append(Link(text=_("Time stamp"), href=reverse("proof-stamp", args=[firm, each.entry])))
    return CheckpointRow(
        entry=_("Entry %(number)s") % {"number": figure(each.entry)},
        when=moment_text(each.at, visit.zone),
        sent=tuple(sent_text(way, fault) for way, fault in sorted(each.sent.items())) or (_("Kept here"),),
        files=tuple(links),
    )


def _published(visit: Visit) -> HttpResponse:
    if not visit.can(Capability.MANAGE):
        raise PermissionDenied
    enqueue(publish_checkpoint, visit.firm.pk)
    told = _("A checkpoint is being signed and published. Load this page again to see what came of it.")
    messages.success(visit.request, told)
    return redirect("proof", firm=visit.firm.pk)


@needs(Capability.MANAGE, READS_AND_SENDS)
def replace_key(visit: Visit) -> HttpResponse:
    """A new key signs from now on, once the visitor has shown that it is them."""
    firm = visit.firm.pk
    back = reverse("proof", args=[firm])
    answer = visit.request.POST.get("answer", "")
    if answer == "no":
        return redirect(back)
    if answer == "yes":
        visit.need_fresh()
        rotate_key(firm, actor=visit.actor)
        messages.success(visit.request, _("A new key signs from now on. Give it to those who check."))
        return redirect(back)
    error = _("Select yes if a new key is to sign from now on") if visit.request.method == "POST" else ""
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=_("Replace the key"),
        caption=_("Proof for outsiders"),
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=(
            _(
                "What was signed before stays proved by the earlier key, which this page goes on showing; its"
                " secret half is forgotten. The ledger names the new key."
            ),
            _("Tell everybody who has the present key, or they will not trust what is signed from now on."),
        ),
        question=_("Do you want a new key to sign from now on?"),
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)


@needs(Capability.READ_CONTROL)
def verifier(visit: Visit) -> HttpResponse:
    """The program of one file that checks a ledger without Ringfence."""
    return _file(VERIFIER, files("ringfence.proof").joinpath(VERIFIER).read_bytes())


@needs(Capability.READ_CONTROL)
def checkpoint(visit: Visit, entry: int) -> HttpResponse:
    """The signed note, byte for byte as it is published."""
    found = _found(visit, entry)
    return _file(found.name, found.note.encode())


@needs(Capability.READ_CONTROL)
def stamp(visit: Visit, entry: int) -> HttpResponse:
    """What an authority answered about the checkpoint (RFC 3161)."""
    found = _found(visit, entry)
    if not found.stamp:
        raise Http404
    return _file(f"{found.name}.tsr", found.stamp)


def _found(visit: Visit, entry: int) -> PublishedCheckpoint:
    found = checkpoint_of(visit.firm.pk, entry)
    if found is None:
        raise Http404
    return found


def _file(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
