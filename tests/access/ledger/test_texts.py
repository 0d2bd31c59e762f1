"""The words beside a large entry lie in blocks, and are read, proved and erased as though each had a row."""

import hashlib

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ringfence import access
from ringfence.access import OPERATOR
from ringfence.access.ledger import texts
from ringfence.access.ledger.entries import all_words_at, words_at
from ringfence.core.commands import definitions as w
from ringfence.core.events import Text
from ringfence.core.terms import Thing
from ringfence.firms.models import LedgerBlock, LedgerText
from ringfence.proof.chain import digests_of, encode_fields, new_salts, text_digest
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

MANY = 2 * texts.BLOCK + 3


@pytest.fixture
def large(firm: Cast) -> Cast:
    """With so many clients, C0 and so on with VAT and a tax reference, brought in by one entry."""
    vat = firm.service("VAT")
    rows = tuple(w.ClientRow(name=f"C{n}", reference=f"R{n}", services={vat: f"T{n}"}) for n in range(MANY))
    firm.do(w.ImportClients(rows=rows, reason="From the old system"))
    return firm


def problems(firm: Cast) -> tuple[str, ...]:
    return access.verify(firm.firm).problems


def test_a_large_entry_has_a_row_for_hundreds_of_its_texts(large: Cast) -> None:
    assert LedgerBlock.objects.filter(firm=large.firm, entry=3).count() == 6
    assert list(LedgerText.objects.filter(firm=large.firm, entry=3).values_list("thing", flat=True)) == [
        "entry"
    ]


def test_its_texts_are_read_in_the_order_in_which_they_were_given(large: Cast) -> None:
    (entry,) = access.entries(large.firm, after=2)
    said = [(text.thing, text.number, text.fields) for text in entry.texts]
    clients = [(Thing.CLIENT, n + 1, {"name": f"C{n}", "reference": f"R{n}"}) for n in range(MANY)]
    engaged = [(Thing.ENGAGEMENT, n + 1, {"reference": f"T{n}"}) for n in range(MANY)]
    assert said == [*clients, *engaged, (Thing.ENTRY, 0, {"reason": "From the old system"})]
    assert problems(large) == ()


def test_texts_in_blocks_and_alone_take_turns_by_slot(firm: Cast) -> None:
    given = [Text(thing=Thing.ENTRY, number=0, fields={"reason": "first"})]
    given += [Text(thing=Thing.CLIENT, number=n, fields={"name": str(n)}) for n in range(1, texts.BLOCK + 1)]
    given += [Text(thing=Thing.SERVICE, number=9, fields={"name": "last"})]
    texts.write_texts(firm.firm, 99, texts.prove(given))
    found = [each for each in texts.stored_texts(firm.firm) if each.entry == 99]
    assert [each.slot for each in found] == list(range(texts.BLOCK + 2))
    assert [each.number for each in found] == [0, *range(1, texts.BLOCK + 1), 9]


def test_what_things_were_called_is_found_in_blocks_and_after_them(large: Cast) -> None:
    large.do(w.ChangeClient(client=5, name="Renamed"))
    asked = [1, 5, MANY]
    assert {n: words["name"] for n, words in words_at(large.firm, Thing.CLIENT, asked, 3).items()} == {
        1: "C0",
        5: "C4",
        MANY: f"C{MANY - 1}",
    }
    now = words_at(large.firm, Thing.CLIENT, asked, 4)
    assert now[5] == {"name": "Renamed", "reference": "R4"}
    assert words_at(large.firm, Thing.CLIENT, asked, 2) == {}


def test_what_things_of_several_kinds_were_called_is_asked_at_once(large: Cast) -> None:
    wanted = {Thing.CLIENT: [1, MANY], Thing.ENGAGEMENT: [2], Thing.SERVICE: [1]}
    with CaptureQueriesContext(connection) as captured:
        found = all_words_at(large.firm, {**wanted, Thing.GROUP: []}, 3)
    # One more for the contents of the three blocks.
    assert len(captured) == 2
    assert found == {thing: words_at(large.firm, thing, numbers, 3) for thing, numbers in wanted.items()} | {
        Thing.GROUP: {}
    }
    assert [words["reference"] for words in found[Thing.CLIENT].values()] == ["R0", f"R{MANY - 1}"]
    assert found[Thing.ENGAGEMENT] == {2: {"reference": "T1"}}


def test_one_client_is_erased_out_of_a_block_and_the_others_stay(large: Cast) -> None:
    large.do(w.RemoveClient(client=7))
    access.erase_client(large.firm, 7, actor=OPERATOR)
    (entry, *_) = access.entries(large.firm, after=2)
    without = [(text.thing, text.number) for text in entry.texts if text.fields is None]
    assert without == [(Thing.CLIENT, 7), (Thing.ENGAGEMENT, 7)]
    (block,) = [
        block for block in texts.blocks_of(large.firm, 3) if block.thing == "client" and block.slot == 0
    ]
    assert block.salts[6] == b""
    assert b"" not in block.salts[:6] + block.salts[7:]
    report = access.verify(large.firm)
    assert (report.problems, report.erased) == ((), 2)


def test_a_changed_word_in_a_block_is_found(large: Cast) -> None:
    block = LedgerBlock.objects.get(firm=large.firm, entry=3, slot=0)
    numbers, salts, words = msgspec.msgpack.decode(block.content)
    words[2] = encode_fields({"name": "Other", "reference": "R2"})
    content = msgspec.msgpack.encode((numbers, salts, words))
    LedgerBlock.objects.filter(firm=large.firm, entry=3, slot=0).update(content=content)
    assert "Text 2 beside entry 3 was changed" in problems(large)[0]


@pytest.mark.parametrize("content", [b"", b"\x93", b"\x93\x90\x90"])
def test_a_block_that_cannot_be_understood_is_found(large: Cast, content: bytes) -> None:
    LedgerBlock.objects.filter(firm=large.firm, entry=3, slot=0).update(content=content)
    assert any("texts" in problem for problem in problems(large))


def test_many_digests_are_those_of_each_text() -> None:
    numbers, fields = [1, 22, 300], [b'{"name":"A"}', b'{"name":"\xc3\x85"}', b"{}"]
    salts = new_salts(3)
    alone = [
        text_digest(salt, Thing.CLIENT, number, 0, words)
        for number, salt, words in zip(numbers, salts, fields, strict=True)
    ]
    assert digests_of(Thing.CLIENT, numbers, salts, fields) == alone
    assert alone[0] == hashlib.sha256(salts[0] + b'["client",1,0]{"name":"A"}').digest()
