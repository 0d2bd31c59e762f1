"""Application forms: a draft follows the fee splits, a finalised form keeps what it had."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from ringfence import access
from ringfence.access import Refused
from ringfence.access.applications import (
    MOST,
    ApplicationForm,
    FormFault,
    FormRefused,
    finalise,
    form_for,
    forms_on,
    mark_of,
    remove_form,
    write_form,
)
from ringfence.access.documents import DocumentOvertaken
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import ApplicationLine
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

ACME, ACME_VAT = 1, 1
DAY = date(2026, 11, 29)


@pytest.fixture
def acme(firm: Cast) -> Cast:
    """Acme, with Bob at 60 % and Cleo at 40 %."""
    firm.client("Acme", firm.service("VAT"))
    firm.do(w.ChangeSettings(values={"fee_splits": True}))
    for name, split in (("Bob", 6_000), ("Cleo", 4_000)):
        link(firm, firm.member(name), split)
    return firm


BOB, CLEO = 2, 3


def link(firm: Cast, member: int, split: int, level: Level = Level.OWNER) -> None:
    firm.do(w.SetGrant(to=(member_subject(member),), on=On.client(ACME), level=level, fee_split=split))


def draft(firm: Cast, pence: int = 100_01) -> UUID:
    return write_form(firm.firm, member=BOB, product="Pension", pence=pence, day=DAY, engagement=ACME_VAT)


def read(firm: Cast, form: UUID) -> ApplicationForm:
    return form_for(firm.view, BOB, form)


def lines(form: ApplicationForm) -> list[tuple[str, int, int]]:
    return [(each.name, each.split, each.pence) for each in form.lines]


def freeze(firm: Cast, form: UUID) -> None:
    shown = read(firm, form)
    finalise(
        firm.firm, member=BOB, document=form, after=shown.written.present.number, agreed=mark_of(shown.lines)
    )


def test_a_draft_has_a_line_for_each_adviser_by_name(acme: Cast) -> None:
    assert lines(read(acme, draft(acme))) == [("Bob", 6_000, 60_01), ("Cleo", 4_000, 40_00)]


def test_an_adviser_with_0_per_cent_has_no_line(acme: Cast) -> None:
    link(acme, CLEO, 0)
    assert lines(read(acme, draft(acme))) == [("Bob", 6_000, 60_01)]


def test_a_draft_follows_the_splits_and_the_names(acme: Cast) -> None:
    form = draft(acme)
    link(acme, BOB, 5_000)
    acme.do(w.ChangeMember(member=CLEO, name="Anna"))
    assert lines(read(acme, form)) == [("Anna", 4_000, 40_01), ("Bob", 5_000, 50_00)]


@pytest.mark.parametrize(
    "change", [w.DeactivateMember(member=CLEO), w.ChangeSettings(values={"fee_splits": False})]
)
def test_a_split_that_does_not_count_has_no_line(acme: Cast, change: w.Command) -> None:
    form = draft(acme)
    acme.do(change)
    assert "Cleo" not in [name for name, *_ in lines(read(acme, form))]


def test_a_finalised_form_keeps_its_lines_and_names(acme: Cast) -> None:
    form = draft(acme)
    freeze(acme, form)
    link(acme, BOB, 1_000)
    acme.do(w.ChangeMember(member=CLEO, name="Anna"))
    acme.do(w.ChangeClient(client=ACME, name="Acme Holdings"))
    kept = read(acme, form)
    assert lines(kept) == [("Bob", 6_000, 60_01), ("Cleo", 4_000, 40_00)]
    assert (kept.terms.final, kept.terms.client, kept.terms.service) == (True, "Acme", "VAT")


def test_a_form_without_lines_is_not_finalised(acme: Cast) -> None:
    form = draft(acme)
    for member in (BOB, CLEO):
        link(acme, member, 0)
    with pytest.raises(FormRefused) as refused:
        freeze(acme, form)
    assert refused.value.fault is FormFault.NO_LINES
    assert not read(acme, form).terms.final


def test_lines_that_changed_meanwhile_are_not_frozen(acme: Cast) -> None:
    form = draft(acme)
    seen = read(acme, form).lines
    link(acme, BOB, 1_000)
    with pytest.raises(FormRefused) as refused:
        finalise(acme.firm, member=BOB, document=form, after=1, agreed=mark_of(seen))
    assert refused.value.fault is FormFault.LINES_CHANGED
    assert not ApplicationLine.objects.exists()


def test_a_finalised_form_is_neither_changed_nor_finalised_again_nor_removed(acme: Cast) -> None:
    form = draft(acme)
    freeze(acme, form)
    with pytest.raises(FormRefused) as changed:
        write_form(acme.firm, member=BOB, product="Other", pence=1, day=DAY, document=form, after=2)
    with pytest.raises(FormRefused) as again:
        freeze(acme, form)
    with pytest.raises(FormRefused) as removed:
        remove_form(acme.firm, member=BOB, document=form, after=2)
    assert {each.value.fault for each in (changed, again, removed)} == {FormFault.FINAL}


def test_what_somebody_else_changed_is_not_finalised_unseen(acme: Cast) -> None:
    form = draft(acme)
    seen = read(acme, form).lines
    write_form(acme.firm, member=CLEO, product="Annuity", pence=5, day=DAY, document=form, after=1)
    with pytest.raises(DocumentOvertaken):
        finalise(acme.firm, member=BOB, document=form, after=1, agreed=mark_of(seen))


@pytest.mark.parametrize("pence", [0, -1, MOST + 1])
def test_an_amount_that_is_none_is_refused(acme: Cast, pence: int) -> None:
    with pytest.raises(FormRefused) as refused:
        draft(acme, pence)
    assert refused.value.fault is FormFault.AMOUNT


def test_without_fee_splits_nothing_is_made_and_what_there_is_stays(acme: Cast) -> None:
    form = draft(acme)
    acme.do(w.ChangeSettings(values={"fee_splits": False}))
    with pytest.raises(Refused) as refused:
        draft(acme)
    assert refused.value.refusal is Refusal.SETTING_OFF
    with pytest.raises(Refused):
        finalise(acme.firm, member=BOB, document=form, after=1, agreed=mark_of([]))
    assert read(acme, form).lines == ()
    assert [each.title for each in forms_on(acme.firm, [ACME_VAT])] == ["Pension"]
    acme.do(w.ChangeSettings(values={"fee_splits": True}))
    assert len(read(acme, form).lines) == 2


def test_who_may_not_write_on_the_engagement_makes_none(acme: Cast) -> None:
    link(acme, CLEO, 4_000, Level.READER)
    acme.turn_on()
    with pytest.raises(Refused) as refused:
        write_form(acme.firm, member=CLEO, product="x", pence=1, day=DAY, engagement=ACME_VAT)
    assert refused.value.refusal is Refusal.NOT_PERMITTED
    with pytest.raises(Refused) as unknown:
        write_form(acme.firm, member=ADMIN, product="x", pence=1, day=DAY, engagement=ACME_VAT)
    assert unknown.value.refusal is Refusal.NOT_FOUND


def test_an_erased_member_is_in_no_finalised_form_by_name(acme: Cast) -> None:
    form = draft(acme)
    freeze(acme, form)
    acme.do(w.DeactivateMember(member=CLEO))
    access.erase_member(acme.firm, CLEO, actor=access.OPERATOR)
    assert lines(read(acme, form)) == [("Bob", 6_000, 60_01), ("", 4_000, 40_00)]


def test_a_removed_draft_is_in_no_list(acme: Cast) -> None:
    form = draft(acme)
    remove_form(acme.firm, member=BOB, document=form, after=1)
    assert forms_on(acme.firm, [ACME_VAT]) == []
    with pytest.raises(Refused):
        read(acme, form)
