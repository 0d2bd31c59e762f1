"""A large ledger is proved by three processes: they say what one says that goes through it in order."""

import os
from collections.abc import Callable

import pytest

from ringfence import access
from ringfence.access.ledger import texts, verify, verify_words
from ringfence.cli.ledger.proved import prove_firms
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing
from ringfence.firms.models import Client, Engagement, LedgerBlock, LedgerEntry, LedgerMention, LedgerText
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

MANY = texts.BLOCK + 3


@pytest.fixture
def large(shared: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Two lists of clients, a group and a reason; taken for so large that its proof takes three processes."""
    vat = shared.service("VAT")
    for batch in ("A", "B"):
        rows = tuple(
            w.ClientRow(name=f"{batch}{n}", reference=f"{batch}-{n}", services={vat: f"{batch}{n}"})
            for n in range(MANY)
        )
        shared.do(w.ImportClients(rows=rows, reason=f"List {batch}"))
    shared.do(w.CreateGroup(name="North", members=frozenset(), reason="Reorganised"))
    shared.do(w.ChangeClient(client=2, name="Another"))
    monkeypatch.setattr(verify, "LARGE", 1)
    monkeypatch.setattr(verify, "room_beside", lambda: True)
    return shared


def forbidden(_firm: int) -> verify.Report:
    raise AssertionError("it was proved in order")


def test_three_processes_report_what_one_does(large: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    in_order = verify._in_order(large.firm)
    monkeypatch.setattr(verify, "_in_order", forbidden)
    report = access.verify(large.firm, beside=True)
    assert report.whole
    assert report == in_order


def test_they_count_what_was_erased(large: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    large.do(w.RemoveClient(client=5))
    access.erase_client(large.firm, 5, actor=access.OPERATOR)
    in_order = verify._in_order(large.firm)
    monkeypatch.setattr(verify, "_in_order", forbidden)
    report = access.verify(large.firm, beside=True)
    assert report.whole
    assert report.erased == in_order.erased > 0


@pytest.mark.parametrize("size", [0, 1_000, 10**9])
def test_entries_are_held_so_many_at_a_time_and_none_is_passed_over(
    large: Cast, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(verify_words, "BYTES", size)
    read = [[entry.number for entry in page] for page in verify_words.pages(large.firm)]
    entries = list(range(1, access.firm_state(large.firm).version + 1))
    assert [number for page in read for number in page] == entries
    assert {0: len(read) == len(entries), 10**9: len(read) == 1}.get(size, 1 < len(read) < len(entries))
    assert access.verify(large.firm, beside=True).whole


def test_an_entry_whose_body_was_emptied_is_not_passed_over(large: Cast) -> None:
    last = LedgerEntry.objects.filter(firm=large.firm).order_by("number").last()
    assert last is not None
    LedgerEntry.objects.filter(pk=last.pk).update(body=b"")
    assert [entry.number for page in verify_words.pages(large.firm) for entry in page][-1] == last.number
    assert not access.verify(large.firm, beside=True).whole


def change_the_last_entry(firm: int) -> None:
    entry = LedgerEntry.objects.filter(firm=firm).order_by("-number")[0]
    LedgerEntry.objects.filter(firm=firm, number=entry.number).update(command="client.remove")


def change_a_late_body(firm: int) -> None:
    entry = LedgerEntry.objects.filter(firm=firm).order_by("-number")[0]
    LedgerEntry.objects.filter(firm=firm, number=entry.number).update(body=b"{}")


def change_a_block(firm: int) -> None:
    block = LedgerBlock.objects.filter(firm=firm, thing=Thing.CLIENT.value).order_by("-entry", "slot")[0]
    content = bytes(block.content).replace(b"B7", b"B8", 1)
    LedgerBlock.objects.filter(firm=firm, entry=block.entry, slot=block.slot).update(content=content)


def change_a_reason(firm: int) -> None:
    LedgerText.objects.filter(firm=firm, text__contains="Reorganised").update(text='{"reason":"None"}')


def add_a_text(firm: int) -> None:
    LedgerText.objects.create(
        firm_id=firm, entry=999, slot=0, thing="client", number=1, member=0, salt=b"", text="{}"
    )


def change_a_name(firm: int) -> None:
    Client.objects.filter(firm=firm, number=MANY + 9).update(name="Someone else")


def change_a_tax_reference(firm: int) -> None:
    Engagement.objects.filter(firm=firm, number=MANY + 9).update(reference="other")


def change_the_state(firm: int) -> None:
    Client.objects.filter(firm=firm, number=3).update(confidential=True)


def change_the_index(firm: int) -> None:
    LedgerMention.objects.filter(firm=firm, thing=Thing.GROUP.value).delete()


TAMPERED: tuple[tuple[Callable[[int], None], str], ...] = (
    (change_the_last_entry, "was changed: its hash does not fit what it says."),
    (change_a_late_body, "makes no sense: nothing after it was looked at."),
    (change_a_block, "was changed: it does not fit its digest."),
    (change_a_reason, "was changed: it does not fit its digest."),
    (add_a_text, "There are texts beside entries that the ledger does not have."),
    (change_a_name, "in the tables are not those beside the ledger."),
    (change_a_tax_reference, "in the tables are not those beside the ledger."),
    (change_the_state, "The tables differ from the ledger in: register."),
    (change_the_index, "The index of the ledger does not name what entry"),
)


@pytest.mark.parametrize(("tamper", "said"), TAMPERED)
def test_what_was_changed_is_told_in_the_words_of_one(
    large: Cast, tamper: Callable[[int], None], said: str
) -> None:
    tamper(large.firm)
    report = access.verify(large.firm, beside=True)
    assert said in " ".join(report.problems)
    assert report == verify._in_order(large.firm)


def test_the_first_that_differs_is_told_first(large: Cast) -> None:
    change_a_late_body(large.firm)
    change_a_block(large.firm)
    report = access.verify(large.firm, beside=True)
    block, body = report.problems[0], report.problems[-1]
    assert "does not fit its digest" in block
    assert "makes no sense" in body
    assert report == verify._in_order(large.firm)


@pytest.mark.parametrize("part", ["texts_fit", "words_fit"])
def test_a_process_that_dies_leaves_the_proof_to_one(
    large: Cast, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(verify, part, lambda _firm: os._exit(1))
    report = access.verify(large.firm, beside=True)
    assert report.whole
    assert report == verify._in_order(large.firm)


def test_who_was_overtaken_proves_anew(large: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "words_fit", lambda _firm: b"the head of another moment")
    assert verify._in_three_processes(large.firm) is None
    assert access.verify(large.firm, beside=True).whole


def test_a_small_ledger_is_proved_by_one(large: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "LARGE", 100_000)
    monkeypatch.setattr(verify, "_in_three_processes", forbidden)
    assert access.verify(large.firm, beside=True).whole


def test_who_does_not_ask_for_processes_keeps_their_connection(
    large: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "_in_three_processes", forbidden)
    assert access.verify(large.firm).whole


def test_the_command_line_asks_for_processes(large: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "_in_order", forbidden)
    assert prove_firms(None, True, (), (), json=True)
