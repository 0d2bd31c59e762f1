"""Choosing what is added to a group or taken out: ticks kept on the server, then a check with the preview.

What there is to choose, and which change it becomes, each `Picking` says: of clients, members, services.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.firms.models import Draft
from ringfence.web.browse.choosing import Choosing, Rows, choose
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.previews.outcome import NameList
from ringfence.web.previews.since import changed_by_others
from ringfence.web.queries.drafts import draft_for, drop_draft, numbers_in, start_draft, stored
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Guarded, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .group import OneGroup, changeable_group, group_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PickingTexts:
    """What the two pages say."""

    title: str
    lead: str = ""
    none_chosen: str
    """The error where nothing is chosen."""
    unanswered: str
    """The error of the check where neither yes nor no was picked."""
    check: str
    """The title of the check."""
    chosen: str
    """The heading above what was chosen."""
    mark: str = ""
    """What is said of rows that cannot be chosen."""


@dataclass(frozen=True)
class Picking(ABC):
    """One kind of choosing for a group. Everything chosen is a number, of what the rows are."""

    group: OneGroup

    route: ClassVar[str]
    """The route of the choosing page; that of the check ends in ``-check``."""
    home: ClassVar[str] = "group"
    """The route of the page of the group that it begins from and ends at."""
    of_members: ClassVar[bool] = False
    """Whether it changes who is in the group, which nobody does to Everyone."""

    @property
    def visit(self) -> Visit:
        return self.group.visit

    @property
    @abstractmethod
    def rows(self) -> Rows:
        """What a row of the choosing page is."""

    @cached_property
    @abstractmethod
    def offered(self) -> BitMap:
        """All that is listed."""

    @cached_property
    def taken(self) -> BitMap:
        """What is listed and cannot be chosen."""
        return BitMap()

    @property
    @abstractmethod
    def texts(self) -> PickingTexts:
        """What the pages say."""

    @abstractmethod
    def single(self, number: int) -> BitMap:
        """What is chosen where one row of the group's page is to be changed; empty where there is no such."""

    @abstractmethod
    def batch(self, chosen: BitMap) -> Batch:
        """The change."""

    @abstractmethod
    def question(self, chosen: BitMap) -> str:
        """What the check asks."""

    @abstractmethod
    def named(self, chosen: BitMap) -> NameList:
        """The first of what was chosen, by name."""

    @abstractmethod
    def done(self, chosen: BitMap) -> str:
        """What is said once it is done."""

    def notes(self, chosen: BitMap) -> tuple[str, ...]:
        """What else the change means."""
        return ()

    def left_open(self, chosen: BitMap) -> BitMap | None:
        """The clients of which the check says what stays everybody's; None where it does not."""
        return None

    def change(self) -> Link | None:
        """Where another part of the change is chosen."""
        return None

    # --- What is chosen, kept on the server

    @property
    def purpose(self) -> str:
        """Under what the choice is kept."""
        return f"{self.route}.{self.group.number}"

    @cached_property
    def draft(self) -> Draft | None:
        return draft_for(self.visit.firm.pk, self.visit.number, self.purpose)

    @cached_property
    def chosen(self) -> BitMap:
        """What was chosen and still can be."""
        if self.draft is None:
            return BitMap()
        kept = self.draft.members if self.of_members else self.draft.clients
        return (numbers_in(kept) & self.offered) - self.taken

    def gone(self) -> tuple[str, ...]:
        """That something was chosen which cannot be chosen any more, and so was left out."""
        if self.draft is None:
            return ()
        kept = self.draft.members if self.of_members else self.draft.clients
        count = len(numbers_in(kept) - self.chosen)
        words = ngettext(
            "%(count)s that you had selected was changed meanwhile, and is left out.",
            "%(count)s that you had selected were changed meanwhile, and are left out.",
            count,
        )
        return (words % {"count": figure(count)},) if count else ()

    def keep(self, chosen: BitMap) -> None:
        """Remember what is chosen now."""
        row = self.draft or start_draft(self.visit.firm.pk, self.visit.number, self.purpose)
        if self.of_members:
            row.members = stored(chosen)
        else:
            row.clients = stored(chosen)
        row.save()


def choosing(kind: type[Picking]) -> Guarded:
    """The view of the choosing page."""

    @needs(Capability.MANAGE, READS_AND_SENDS)
    def view(visit: Visit, number: int) -> HttpResponse:
        picking = kind(_group(visit, number, kind))
        group, texts = picking.group, picking.texts
        return choose(
            visit,
            Choosing(
                here=group.address(picking.route),
                title=texts.title,
                caption=group.name,
                lead=texts.lead,
                notices=picking.gone(),
                back=group.address(picking.home),
                rows=picking.rows,
                offered=picking.offered,
                taken=picking.taken,
                mark=texts.mark,
                chosen=picking.chosen,
                keep=picking.keep,
                go_on=lambda: redirect(group.address(f"{picking.route}-check")),
                none_chosen=texts.none_chosen,
            ),
        )

    return view


def checking(kind: type[Picking]) -> Guarded:
    """The view of the check."""

    @needs(Capability.MANAGE, READS_AND_SENDS)
    def view(visit: Visit, number: int) -> HttpResponse:
        return _check(kind(_group(visit, number, kind)))

    return view


def _group(visit: Visit, number: int, kind: type[Picking]) -> OneGroup:
    return changeable_group(visit, number) if kind.of_members else group_at(visit, number)


def _check(picking: Picking) -> HttpResponse:
    visit, texts = picking.visit, picking.texts
    sent = visit.request.method == "POST"
    only = number_in((visit.request.POST if sent else visit.request.GET).get("only", ""))
    chosen = picking.single(only) if only else picking.chosen
    home = picking.group.address(picking.home)
    if not chosen:
        # The second of two clicks, or what others have done meanwhile.
        if sent and changed_by_others(visit, number_in(visit.request.POST.get("version", ""))):
            messages.info(visit.request, _("Somebody else has done this meanwhile: nothing was left to do."))
        return redirect(home if sent or only else picking.group.address(picking.route))
    back = home if only else picking.group.address(picking.route)
    answer = read_answer(visit, texts.unanswered)
    if answer.no:
        return redirect(back)
    batch = picking.batch(chosen)
    if answer.yes:
        answer = save_checked(visit, batch)
    if answer.yes:
        if not only:
            drop_draft(visit.firm.pk, visit.number, picking.purpose)
        messages.success(visit.request, picking.done(chosen))
        return redirect(home)
    asked = CheckQuestion(
        title=texts.check,
        caption=picking.group.name,
        question=picking.question(chosen),
        back=back,
        chosen_title=texts.chosen,
        chosen=picking.named(chosen),
        notes=(*(picking.gone() if not only else ()), *picking.notes(chosen)),
        change=picking.change(),
        kept={"only": str(only)} if only else {},
        named=picking.left_open(chosen),
    )
    return ask_checked(visit, batch, answer, asked)
