"""Names in bulk: of a list so long that its words are compared together, each changed word is found alone."""

import pytest

from ringfence import access
from ringfence.access.ledger import verify_names
from ringfence.access.ledger.text_columns import TextsBeside
from ringfence.access.ledger.verify_names import NamesInBulk
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, LedgerBlock, LedgerText
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

COUNT = 300
NAMES = {7: "Zoë Smith", 9: "Anne O'Brien"}
"""Of one in forty clients each: most names are plain, and a row of these is looked at by itself."""


@pytest.fixture
def long_list(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Clients with all their words, in one entry; compared so many at a time that it takes several."""
    monkeypatch.setattr(verify_names, "ROWS", 64)
    vat = firm.service("VAT")
    rows = tuple(
        w.ClientRow(
            name=f"{NAMES.get(n % 40, 'Anne Smith')} {n}",
            reference=f"R-{n}" if n % 3 else "",
            kind="Company",
            services={vat: f"GB{n:09}" if n % 2 else f"{n:010}"},
        )
        for n in range(1, COUNT + 1)
    )
    firm.do(w.ImportClients(rows=rows))
    assert LedgerBlock.objects.filter(firm=firm.firm).exists()
    return firm


def problems(firm: Cast) -> tuple[str, ...]:
    return access.verify(firm.firm).problems


def left_over(firm: Cast) -> dict[Thing, int]:
    beside, names = TextsBeside(firm.firm), NamesInBulk(firm.firm)
    for entry in range(1, firm.view.version + 1):
        for some in beside.of(entry):
            names.said(some.thing, some.numbers, some.texts)
    assert not beside.left()
    return {thing: len(numbers) for thing, numbers in names.left_over().items()}


def test_what_was_given_once_is_compared_together(long_list: Cast) -> None:
    assert problems(long_list) == ()
    assert left_over(long_list) == {Thing.CLIENT: 0, Thing.ENGAGEMENT: 0}


@pytest.mark.parametrize("column", ["name", "sort_key", "reference", "reference_key", "kind"])
def test_each_word_of_a_client_that_was_changed_is_found(long_list: Cast, column: str) -> None:
    Client.objects.filter(firm=long_list.firm, number=151).update(**{column: "other"})
    assert problems(long_list) == ("The words of client 151 in the tables are not those beside the ledger.",)


@pytest.mark.parametrize("column", ["reference", "reference_key"])
def test_each_word_of_an_engagement_that_was_changed_is_found(long_list: Cast, column: str) -> None:
    Engagement.objects.filter(firm=long_list.firm, number=COUNT).update(**{column: "other"})
    (problem,) = problems(long_list)
    assert problem == "The words of engagement 300 in the tables are not those beside the ledger."


def test_names_that_changed_places_are_found(long_list: Cast) -> None:
    rows = Client.objects.filter(firm=long_list.firm, number__in=(150, 152))
    words = {row.number: {"name": row.name, "sort_key": row.sort_key} for row in rows}
    for number in words:
        Client.objects.filter(firm=long_list.firm, number=number).update(**words[302 - number])
    assert len(problems(long_list)) == 2


def test_a_key_where_there_is_no_reference_is_found(long_list: Cast) -> None:
    Client.objects.filter(firm=long_list.firm, number=150).update(reference_key="")
    assert problems(long_list) == ("The words of client 150 in the tables are not those beside the ledger.",)


def test_a_row_that_was_taken_out_is_found(long_list: Cast) -> None:
    Client.objects.filter(firm=long_list.firm, number=150).delete()
    assert problems(long_list) == ("The ledger has words of client 150, and the tables do not have it.",)


def test_a_name_that_reads_like_a_name_and_a_reference_is_found(long_list: Cast) -> None:
    row = Client.objects.get(firm=long_list.firm, number=152)
    name = f'{row.name}","reference":"{row.reference}'
    Client.objects.filter(pk=row.pk).update(
        name=name, sort_key=name.lower(), reference="", reference_key=None
    )
    assert problems(long_list) == ("The words of client 152 in the tables are not those beside the ledger.",)


def test_words_with_signs_and_rows_without_words_are_compared_together(
    firm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_names, "ROWS", 1_000)
    vat = firm.service("VAT")
    rows = tuple(
        w.ClientRow(
            name=f'Anne "A\\" Smith {n}' if n % 5 else f"De`Ath  {n}",
            reference="R'1" if n == 3 else "",
            kind="" if n % 2 else "Trust",
            services={vat: "" if n % 7 else f"K{n:010}K"},
        )
        for n in range(1, COUNT * 2)
    )
    firm.do(w.ImportClients(rows=rows))
    assert problems(firm) == ()
    # After the last engagement that was given a reference nothing was said.
    assert left_over(firm) == {Thing.CLIENT: 0, Thing.ENGAGEMENT: 4}
    Client.objects.filter(firm=firm.firm, number=99).update(sort_key="anne")
    Engagement.objects.filter(firm=firm.firm, number=98).update(reference_key="k0000000098k")
    Engagement.objects.filter(firm=firm.firm, number=99).update(reference="123")
    assert left_over(firm) == {Thing.CLIENT: 1, Thing.ENGAGEMENT: 6}
    assert len(problems(firm)) == 3


def test_who_was_renamed_is_compared_with_all_that_was_said(long_list: Cast) -> None:
    long_list.do(w.ChangeClient(client=7, name="Beth"))
    long_list.client("Carl")
    assert problems(long_list) == ()
    assert left_over(long_list)[Thing.CLIENT] == 1
    Client.objects.filter(firm=long_list.firm, number=7).update(reference="")
    assert problems(long_list) == ("The words of client 7 in the tables are not those beside the ledger.",)


def test_who_was_erased_has_no_words_left(long_list: Cast) -> None:
    long_list.do(w.RemoveClient(client=9))
    access.erase_client(long_list.firm, 9, actor=access.OPERATOR)
    assert problems(long_list) == ()
    Client.objects.filter(firm=long_list.firm, number=9).update(name="Anne")
    assert problems(long_list) == ("The words of client 9 in the tables are not those beside the ledger.",)


def test_a_client_without_any_words_is_found(long_list: Cast) -> None:
    LedgerText.objects.filter(firm=long_list.firm, thing="client").delete()
    LedgerBlock.objects.filter(firm=long_list.firm, thing="client").delete()
    assert any("texts, " in problem for problem in problems(long_list))
    assert left_over(long_list)[Thing.CLIENT] == COUNT


def test_a_slot_that_no_entry_can_have_is_found(long_list: Cast) -> None:
    row = LedgerText.objects.filter(firm=long_list.firm).order_by("entry").first()
    assert row is not None
    LedgerText.objects.filter(firm=long_list.firm, entry=row.entry, slot=row.slot).update(slot=-7)
    assert f"Entry {row.entry} has" in problems(long_list)[0]


def test_a_row_under_the_number_of_nothing_is_found(long_list: Cast) -> None:
    row = Client.objects.get(firm=long_list.firm, number=7)
    row.number, row.reference, row.reference_key = 0, "", None
    row.save(force_insert=True)
    assert "The words of client 0 in the tables are not those beside the ledger." in problems(long_list)
