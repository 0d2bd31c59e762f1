"""A ledger's file proves itself; whatever is altered, both programs refuse it at the same entry."""

import importlib.util
import json
from collections.abc import Sequence
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.proof.ledger_file import FileReport, prove_file
from ringfence.proof.signed_checkpoints import LedgerHead, sign_head
from tests.proof.ledgers import FIRM, KEY, LEDGER, LINES, SAYING, Entry, chained, erased, head_after, lines_of
from tests.support.repository import ROOT


def _alone() -> ModuleType:
    """The program of one file, as an outsider has it: by its path."""
    spec = importlib.util.spec_from_file_location("verify_ledger", ROOT / "tools" / "verify_ledger.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALONE = _alone()
LAST = head_after(LEDGER, 6)


def by_itself(lines: Sequence[bytes], heads: Sequence[LedgerHead]) -> tuple[bool, int]:
    """Whether the program of one file finds it whole, else the first entry that differs."""
    proof = ALONE.FileProof([(head.origin, head.entry, head.hash) for head in heads])
    try:
        proof.walk(lines)
    except ALONE.NotWhole as refused:
        return False, refused.entry
    return True, 0


def proved(lines: Sequence[bytes], *heads: LedgerHead) -> FileReport:
    """What ours finds; the other program must find the same."""
    report = prove_file(lines, heads)
    assert by_itself(lines, heads) == (not report.problem, report.entry), report.problem
    return report


def test_a_whole_ledger_with_erased_words_proves_itself() -> None:
    report = proved(LINES, LAST)
    assert (report.entries, report.texts, report.erased, report.covered) == (6, 6, 2, 6)
    assert report.firm == str(FIRM)


def test_entries_after_the_checkpoint_are_said_not_to_be_covered() -> None:
    assert proved(LINES, head_after(LEDGER, 4)).covered == 4
    assert proved(LINES).covered == 0


def test_a_rewritten_ledger_with_hashes_that_fit_is_refused_by_the_checkpoint() -> None:
    forged = list(LEDGER)
    line, texts = forged[2]
    forged[2] = (msgspec.structs.replace(line, actor=2), texts)
    forged = chained(forged)
    assert proved(lines_of(forged)).problem == ""
    assert proved(lines_of(forged), LAST).entry == 6
    narrowed = proved(lines_of(forged), head_after(LEDGER, 2), head_after(LEDGER, 3), LAST)
    assert (narrowed.entry, narrowed.covered) == (3, 2)


def test_a_checkpoint_of_another_firm_is_refused() -> None:
    other = LedgerHead(origin="example.com/0c4a7e1d-9f3d-4f43-8a8e-6f0c1a522b11", entry=6, hash=LAST.hash)
    report = proved(LINES, other)
    assert "another firm" in report.problem


def test_a_ledger_that_was_cut_short_before_the_checkpoint_is_refused_at_the_first_that_lacks() -> None:
    report = proved(lines_of(LEDGER[:4]), LAST)
    assert report.entry == 5


def test_words_that_were_blanked_without_an_erasure_are_refused_where_they_lack() -> None:
    blanked = list(LEDGER)
    line, texts = blanked[2]
    blanked[2] = (line, [erased(each) for each in texts])
    report = proved(lines_of(blanked), LAST)
    assert (report.entry, "erased" in report.problem) == (3, True)


def test_words_that_are_withheld_are_counted_and_nothing_is_said_to_be_proved_of_them() -> None:
    withheld = list(LEDGER)
    line, texts = withheld[2]
    withheld[2] = (line, [msgspec.structs.replace(erased(each), withheld=True) for each in texts])
    report = proved(lines_of(withheld), LAST)
    assert (report.problem, report.withheld, report.erased) == ("", 2, 2)


def test_words_that_come_after_the_erasure_cannot_be_blanked_by_it() -> None:
    blanked = list(LEDGER)
    line, texts = blanked[5]
    blanked[5] = (line, [erased(each) for each in texts])
    assert proved(lines_of(blanked), LAST).entry == 6


def test_an_erasure_that_says_what_it_took_proves_itself() -> None:
    report = proved(lines_of(SAYING), head_after(SAYING, 6))
    assert (report.problem, report.erased) == ("", 2)


@pytest.mark.parametrize(("entry", "slot"), [(1, 0), (3, 0), (3, 1)])
def test_words_that_an_erasure_did_not_take_are_refused_whatever_they_are_said_to_have_been(
    entry: int, slot: int
) -> None:
    """The altered export says that they were those of the member who was erased."""
    hidden = altered(SAYING, entry, slot)
    report = proved(lines_of(hidden), head_after(SAYING, 6))
    assert (report.entry, "erased" in report.problem) == (entry, True)


def test_an_erasure_of_old_that_does_not_say_what_it_took_may_have_taken_what_is_said_to_be_theirs() -> None:
    """What docs/ledger-file.md says cannot be proved of those."""
    assert proved(lines_of(altered(LEDGER, 3, 0)), LAST).problem == ""


def altered(ledger: Sequence[Entry], entry: int, slot: int) -> list[Entry]:
    """With this text blanked, as though it had been about the member who was erased."""
    found = list(ledger)
    line, texts = found[entry - 1]
    theirs = msgspec.structs.replace(erased(texts[slot]), thing="member", number=1)
    found[entry - 1] = (line, [*texts[:slot], theirs, *texts[slot + 1 :]])
    return found


@pytest.mark.parametrize(
    "events",
    [
        b"{}",
        b'[{"event":"described","thing":"member","number":1,"erased":[1]}]',
        b'[{"event":"described","thing":"member","number":1,"erased":[[2,0,1]]}]',
        b'[{"event":"described","thing":"member","number":1,"erased":[[2,true]]}]',
        b'[{"event":"described","thing":"member","number":1,"erased":{}}]',
        b"[1]",
        b'[{"thing":"member","number":1}]',
        b'[{"event":"described","thing":"member","number":[]}]',
        b'[{"event":"described","thing":{},"number":1}]',
    ],
)
def test_an_erasure_that_cannot_be_understood_is_refused_at_its_entry(events: bytes) -> None:
    forged = list(LEDGER)
    line, texts = forged[4]
    body = f'{{"digests":"","events":{events.decode()}}}'
    forged[4] = (msgspec.structs.replace(line, body=body), texts)
    assert proved(lines_of(chained(forged))).entry == 5


def test_other_words_are_refused_at_their_entry() -> None:
    other = [line.replace(b"Acme Ltd", b"Acne Ltd") for line in LINES]
    assert proved(other, LAST).entry == 6


def test_a_key_that_stands_twice_in_a_line_is_refused() -> None:
    twice = [line.replace(b'{"entry":2,', b'{"entry":1,"entry":2,') for line in LINES]
    assert proved(twice, LAST).entry == 2


@given(st.data())
def test_with_one_other_byte_both_refuse_it_at_the_same_entry(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(LINES) - 1))
    line = bytearray(LINES[place])
    at = data.draw(st.integers(0, len(line) - 1))
    line[at] ^= data.draw(st.integers(1, 255))
    altered = [*LINES[:place], *bytes(line).splitlines(keepends=True), *LINES[place + 1 :]]
    # Whom erased words were about cannot be proved any more, and gives nobody's name away.
    assert proved(altered, LAST).problem or b'"salt":""' in LINES[place]


_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 9), st.floats(allow_nan=False), st.text(max_size=8), st.just([])
)


@given(st.data())
def test_with_another_value_both_refuse_it_at_the_same_entry(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(LINES) - 1))
    found = json.loads(LINES[place])
    key = data.draw(st.sampled_from([*found, "more"]))
    value = data.draw(_VALUES)
    if key in found and type(found[key]) is type(value) and found[key] == value:
        return
    found[key] = value
    line = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    altered = [*LINES[:place], line, *LINES[place + 1 :]]
    whom = json.loads(LINES[place]).get("salt") == "" and key in {"thing", "number", "member", "withheld"}
    assert proved(altered, LAST).problem or whom


@given(st.data())
def test_with_lines_left_out_doubled_or_moved_both_refuse_it_at_the_same_entry(data: st.DataObject) -> None:
    lines = list(LINES)
    place = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["out", "double", "move", "cut"]))
    line = lines[place]
    if how == "double":
        lines.insert(place, line)
    elif how == "cut":
        lines = lines[:place]
    else:
        lines.pop(place)
    if how == "move":
        lines.insert(data.draw(st.integers(0, len(lines))), line)
        if lines == LINES:
            return
    assert proved(lines, LAST).problem


@given(st.text(), st.text(), st.integers(0, 3))
def test_both_write_the_same_words_alike(name: str, reason: str, number: int) -> None:
    assert ALONE.canonical([name, {reason: number}]) == msgspec.json.encode([name, {reason: number}])


@pytest.mark.parametrize("note", [sign_head(LAST, KEY), sign_head(head_after(LEDGER, 2), KEY)])
def test_the_program_of_one_file_reads_our_checkpoints(note: str) -> None:
    origin, _entry, _hash = ALONE.open_checkpoint(note, [ALONE.read_key(str(KEY.verifier))])
    assert origin == KEY.verifier.name
    for place in range(0, len(note), 5):
        changed = note[:place] + chr((ord(note[place]) ^ 1) % 0xD000) + note[place + 1 :]
        with pytest.raises(ALONE.NotWhole):
            ALONE.open_checkpoint(changed, [ALONE.read_key(str(KEY.verifier))])
