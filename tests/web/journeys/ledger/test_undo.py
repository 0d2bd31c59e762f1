"""Undoing an entry in the browser: its preview, done, and what stands against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeClient,
    ClientRow,
    ImportClients,
    RemoveFromGroup,
    RenameGroup,
    TurnOff,
)
from ringfence.firms.models import Client, Group, LedgerEntry
from tests.web.cast import CAI, DILYS, FORTUNE, OWEN, VAT_GROUP, Cast, add_clients, do, grouped
from tests.web.reading import errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Control on, Cai in the one group there is."""
    grouped(cast.firm)
    return cast


def last(cast: Cast) -> int:
    return int(LedgerEntry.objects.filter(firm=cast.firm).count())


def asked(who: PageClient, cast: Cast, number: int | None = None) -> Any:
    return who.get(reverse("undo-entry", args=[cast.firm, number or last(cast)]))


def answer(who: PageClient, cast: Cast, number: int, said: str = "yes") -> Any:
    page = asked(who, cast, number)
    sent = {"answer": said, "version": value(page, "version")}
    return who.post(reverse("undo-entry", args=[cast.firm, number]), sent, follow=True)


def test_what_undoing_does_is_shown_first(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})), OWEN)
    entry = owen.get(reverse("ledger-entry", args=[cast.firm, last(cast)]))
    page = owen.get(link(entry, "Undo this change"))
    assert heading(page) == "Undo this change"
    assert "Team members removed from an access group" in text(page)
    assert "Who gains access Cai: Fortune 500 (VAT)" in text(page)


def test_clients_that_go_with_their_import_are_said_to_be_removed(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ImportClients(rows=(ClientRow(name="Northern Pots", reference="N-01"),)), OWEN)
    shown = text(asked(owen, cast))
    assert "What is removed: nobody can open it any more Northern Pots" in shown
    assert "They can be restored for 30 days, and keep their references until then." in shown


def test_who_undid_an_import_is_who_removed_its_clients(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ImportClients(rows=(ClientRow(name="Northern Pots", reference="N-01"),)), OWEN)
    answer(owen, cast, last(cast))
    (line,) = rows(owen.get(reverse("removed-clients", args=[cast.firm])))
    assert (line[0], line[3]) == ("Northern Pots", "Owen")


def test_clients_that_went_together_come_back_together(cast: Cast, owen: PageClient) -> None:
    together = "Clients that went in one change come back together when that change is undone in the ledger."
    pots, pans = ClientRow(name="Northern Pots", reference="N-01"), ClientRow(name="Pans", reference="N-02")
    removed = reverse("removed-clients", args=[cast.firm])
    do(cast.firm, ImportClients(rows=(pots,)), OWEN)
    answer(owen, cast, last(cast))
    assert together not in text(owen.get(removed))
    do(cast.firm, ImportClients(rows=(pans, ClientRow(name="Lids", reference="N-03"))), OWEN)
    answer(owen, cast, last(cast))
    page = owen.get(removed)
    assert together in text(page)
    assert link(page, "See the ledger") == reverse("ledger", args=[cast.firm])
    answer(owen, cast, last(cast))
    assert [line[0] for line in rows(owen.get(removed))] == ["Northern Pots"]


def test_yes_undoes_it_and_the_ledger_says_so(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})), OWEN)
    number = last(cast)
    response = answer(owen, cast, number)
    assert f"Entry {number} is undone." in text(response)
    assert CAI in firm_state(cast.firm).groups[VAT_GROUP]
    assert f"Entry {number} was undone" in rows(response)[0][1]
    undone = owen.get(reverse("ledger-entry", args=[cast.firm, number]))
    assert link(undone, f"It was undone by entry {number + 1}")
    undoing = owen.get(reverse("ledger-entry", args=[cast.firm, number + 1]))
    assert link(undoing, f"It undid entry {number}")


def test_no_leaves_everything_as_it_is(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"), OWEN)
    before = last(cast)
    answer(owen, cast, before, "no")
    assert (last(cast), Group.objects.get(firm=cast.firm, number=VAT_GROUP).name) == (before, "Milk")


def test_what_is_undone_is_not_offered_to_be_undone_again(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"), OWEN)
    number = last(cast)
    answer(owen, cast, number)
    page = text(owen.get(reverse("ledger-entry", args=[cast.firm, number])))
    assert "It was undone by entry" in page
    assert "Undo this change" not in page


def test_what_was_done_again_by_undoing_the_undoing_is_offered_again(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"), OWEN)
    number = last(cast)
    for each in (number, number + 1):
        answer(owen, cast, each)
    assert "Undo this change" in text(owen.get(reverse("ledger-entry", args=[cast.firm, number])))
    answer(owen, cast, number)
    assert Group.objects.get(firm=cast.firm, number=VAT_GROUP).name == "VAT team"


def test_turning_on_is_undone_by_turning_off_alone_with_the_firms_name(cast: Cast, owen: PageClient) -> None:
    number = LedgerEntry.objects.get(firm=cast.firm, command="control.turn_on").number
    assert heading(owen.get(reverse("undo-entry", args=[cast.firm, number]), follow=True)) == (
        "Turn off access groups"
    )
    sent = {"answer": "yes", "version": str(last(cast))}
    response = owen.post(reverse("undo-entry", args=[cast.firm, number]), sent, follow=True)
    assert "That is done here, with the name of your firm." in text(response)
    assert firm_state(cast.firm).settings.control


def test_no_answer_is_asked_for_again(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"), OWEN)
    response = owen.post(reverse("undo-entry", args=[cast.firm, last(cast)]), {})
    assert errors(response) == [("Select yes if you want to undo this", "#answer")]


def test_somebody_who_was_quicker_is_told_of(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"), OWEN)
    number, version = last(cast), last(cast)
    do(cast.firm, AddToGroup(group=VAT_GROUP, members=frozenset({DILYS})), OWEN)
    sent = {"answer": "yes", "version": str(version)}
    response = owen.post(reverse("undo-entry", args=[cast.firm, number]), sent)
    assert errors(response)[0][0].startswith("Something was changed in the firm while you were reading")
    assert "Team members added to an access group" in text(response)
    assert Group.objects.get(firm=cast.firm, number=VAT_GROUP).name == "Milk"


def test_what_stands_against_it_is_named(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"), OWEN)
    number = last(cast)
    do(cast.firm, AddToGroup(group=VAT_GROUP, members=frozenset({DILYS})), OWEN)
    created = LedgerEntry.objects.get(firm=cast.firm, command="group.create").number
    page = asked(owen, cast, created)
    assert heading(page) == "This cannot be undone"
    assert [row[1].split(" (")[0] for row in rows(page)] == [
        "Access group renamed",
        "Team members added to an access group",
    ]
    assert heading(asked(owen, cast, number)) == "Undo this change"


def test_an_import_is_undone_and_says_what_stays(cast: Cast, owen: PageClient) -> None:
    add_clients(cast.firm, 20)
    number = last(cast)
    assert "They can be restored for 30 days, and keep" in text(asked(owen, cast, number))
    answer(owen, cast, number)
    assert Client.objects.filter(firm=cast.firm, removed_at=None).count() == 6


def test_turning_off_is_undone(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, TurnOff(), OWEN)
    answer(owen, cast, last(cast))
    assert firm_state(cast.firm).settings.control


def test_a_name_since_given_to_another_is_refused_in_words(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeClient(client=FORTUNE, reference="F501"), OWEN)
    number = last(cast)
    do(cast.firm, ChangeClient(client=FORTUNE + 1, reference="F500"), OWEN)
    page = asked(owen, cast, number)
    assert heading(page) == "This cannot be undone"
    assert "Another client has this client reference, or had it" in text(page)


def test_records_opened_and_the_founding_offer_no_undoing(
    cast: Cast, owen: PageClient, cai: PageClient
) -> None:
    cai.get(reverse("client", args=[cast.firm, FORTUNE]))
    for number, why in ((last(cast), "It changed nothing"), (1, "It is the beginning of the firm.")):
        entry = owen.get(reverse("ledger-entry", args=[cast.firm, number]))
        assert "Undo this change" not in text(entry)
        assert why in text(asked(owen, cast, number))


def test_auditors_undo_nothing(cast: Cast, ada: PageClient) -> None:
    assert "Undo this change" not in text(ada.get(reverse("ledger-entry", args=[cast.firm, last(cast)])))
    assert asked(ada, cast).status_code == 403
