"""Documents as they are kept: versions in order, read by kind, removed, told of by their day."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from ringfence.access import Refused, firm_state
from ringfence.access.documents import (
    LINES,
    DocumentKind,
    DocumentOvertaken,
    document_for,
    headings_on,
    remove_document,
    removed_document_on,
    versions_of,
    write_document,
    written_since,
)
from ringfence.core.commands import On
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.firms.models import Document, DocumentVersion
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

ACME_VAT = 1
PLAN = DocumentKind.PLAN


@pytest.fixture
def acme(firm: Cast) -> Cast:
    firm.client("Acme", firm.service("VAT"))
    return firm


def plan(
    firm: Cast,
    text: str = "First",
    *,
    document: UUID | None = None,
    after: int = 0,
    token: UUID | None = None,
) -> UUID:
    return write_document(
        firm.firm,
        member=ADMIN,
        title="Pensions",
        text=text,
        engagement=ACME_VAT,
        document=document,
        after=after,
        kind=PLAN,
        token=token,
    )


def test_a_plan_is_no_note(acme: Cast) -> None:
    found = plan(acme)
    assert headings_on(acme.firm, [ACME_VAT]) == []
    assert [each.title for each in headings_on(acme.firm, [ACME_VAT], PLAN)] == ["Pensions"]
    with pytest.raises(Refused) as refused:
        document_for(firm_state(acme.firm), ADMIN, found, DocumentKind.NOTE)
    assert refused.value.refusal is Refusal.NOT_FOUND


def test_a_document_comes_with_the_versions_that_are_asked_for(acme: Cast) -> None:
    found = plan(acme)
    for number, text in enumerate(("Second", "Third"), start=1):
        plan(acme, text, document=found, after=number)
    written = document_for(firm_state(acme.firm), ADMIN, found, PLAN, numbers=[1, 9])
    assert [(each.number, each.text) for each in written.versions] == [(3, "Third"), (1, "First")]
    assert [each.number for each in versions_of(written)] == [3, 2, 1]


def test_a_removed_document_is_not_there_and_keeps_who_removed_it(acme: Cast) -> None:
    found = plan(acme)
    remove_document(acme.firm, member=ADMIN, document=found, after=1, kind=PLAN)
    with pytest.raises(Refused):
        document_for(firm_state(acme.firm), ADMIN, found, PLAN)
    assert headings_on(acme.firm, [ACME_VAT], PLAN) == []
    assert Document.objects.get(id=found).removed_by == ADMIN


def test_a_document_that_was_changed_meanwhile_is_not_removed(acme: Cast) -> None:
    found = plan(acme)
    plan(acme, "Second", document=found, after=1)
    with pytest.raises(DocumentOvertaken):
        remove_document(acme.firm, member=ADMIN, document=found, after=1, kind=PLAN)
    assert headings_on(acme.firm, [ACME_VAT], PLAN)


def test_a_reader_removes_nothing(acme: Cast) -> None:
    found = plan(acme)
    bob = acme.member("Bob")
    acme.grant(member_subject(bob), On.engagement(ACME_VAT), Level.READER)
    acme.turn_on()
    with pytest.raises(Refused) as refused:
        remove_document(acme.firm, member=bob, document=found, after=1, kind=PLAN)
    assert refused.value.refusal is Refusal.NOT_PERMITTED


def test_who_does_not_see_the_engagement_reads_no_document_of_it(acme: Cast) -> None:
    found, bob = plan(acme), acme.member("Bob")
    acme.grant(member_subject(ADMIN), On.engagement(ACME_VAT))
    acme.turn_on()
    with pytest.raises(Refused) as refused:
        document_for(acme.view, bob, found, PLAN)
    assert refused.value.refusal is Refusal.NOT_FOUND
    remove_document(acme.firm, member=ADMIN, document=found, after=1, kind=PLAN)
    assert removed_document_on(acme.view, bob, found, PLAN) is None
    assert removed_document_on(acme.view, ADMIN, found, PLAN) == ACME_VAT


def test_a_text_of_too_many_lines_is_refused(acme: Cast) -> None:
    with pytest.raises(Refused) as refused:
        plan(acme, "x\n" * LINES + "x")
    assert (refused.value.field, refused.value.limit) == ("lines", LINES)


def test_a_new_document_that_was_removed_is_not_found_by_its_token_again(acme: Cast) -> None:
    mark = uuid4()
    first = plan(acme, token=mark)
    assert plan(acme, token=mark) == first
    remove_document(acme.firm, member=ADMIN, document=first, after=1, kind=PLAN)
    assert plan(acme, token=mark) != first


def test_what_was_written_in_a_time_is_told_in_order(acme: Cast) -> None:
    found = plan(acme)
    plan(acme, "Second", document=found, after=1)
    times = list(DocumentVersion.objects.order_by("number").values_list("at", flat=True))
    told = written_since(acme.firm, Instant(times[0]), Instant(times[1] + 1))
    assert [(each.document, each.kind, each.engagement, each.number) for each in told] == [
        (found, PLAN, ACME_VAT, 1),
        (found, PLAN, ACME_VAT, 2),
    ]
    assert [each.number for each in written_since(acme.firm, Instant(times[0]), Instant(times[1]))] == [1]
    # Another firm's time holds nothing of this one's.
    assert written_since(acme.firm + 1, Instant(0), Instant(times[1] + 1)) == []


def test_nothing_is_told_of_a_removed_document(acme: Cast) -> None:
    found = plan(acme)
    remove_document(acme.firm, member=ADMIN, document=found, after=1, kind=PLAN)
    assert written_since(acme.firm, Instant(0), Instant(2**60)) == []
