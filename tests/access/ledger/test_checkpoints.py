"""Checkpoints: the past is the same with and without them, and none is used or passes that does not fit."""

import zlib
from collections.abc import Callable
from random import Random

import pytest
from pyroaring import BitMap

from ringfence import access
from ringfence.access import ask_then, checkpoints, drop_checkpoints, make_checkpoints, replay, verify
from ringfence.access.ledger.checkpointing import _put_parts
from ringfence.access.ledger.checkpoints import (
    FORM_OF,
    CheckpointUnfit,
    Parts,
    PartsInTurn,
    digest,
    nearest,
    need_fitting,
    seal,
)
from ringfence.access.past import states
from ringfence.core.apply.apply import apply
from ringfence.core.commands import Refused
from ringfence.core.commands import definitions as w
from ringfence.core.events import GrantsSet
from ringfence.core.state.state import State
from ringfence.core.terms import Export, Instant, Level, Thing, member_subject
from ringfence.firms.models import Checkpoint, CheckpointPart, Firm, LedgerEntry
from ringfence.store import frozen
from ringfence.store.frozen import freeze, same_state
from tests.access.cast import ADMIN, Cast, found
from tests.access.possible_commands import PossibleCommands

pytestmark = pytest.mark.both_databases

AT_EACH = 0.0
"""Seconds between checkpoints that give each change its own."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Firms of tests are small, and so that theirs are large, much is."""
    monkeypatch.setattr(frozen, "LEAST", 24)


@pytest.fixture
def lived(firm: Cast) -> Cast:
    """A firm with a random history and a checkpoint after each change up to entry 20."""
    firm.clients(6)
    draw = PossibleCommands(Random(11))
    while firm.view.version < 20:
        _something(firm, draw)
    make_checkpoints(firm.firm, every=AT_EACH)
    while firm.view.version < 30:
        _something(firm, draw)
    return firm


def _something(firm: Cast, draw: PossibleCommands) -> None:
    try:
        # By the operator: a history may take every member's rights away, and must go on.
        firm.do(draw.command(firm.view.moment))
    except Refused:
        return


def from_the_beginning(firm: Cast, version: int) -> State:
    return replay(firm.firm, version=version, from_the_beginning=True).moment.state


def problems(firm: Cast) -> str:
    return " ".join(verify(firm.firm).problems)


def test_every_past_state_is_the_same_from_a_checkpoint_as_from_the_beginning(lived: Cast) -> None:
    assert checkpoints(lived.firm)[-1] == 20
    for version in range(1, 31):
        quick = replay(lived.firm, version=version)
        whole = replay(lived.firm, version=version, from_the_beginning=True)
        assert quick.version == whole.version == version
        assert same_state(quick.moment.state, whole.moment.state)


@pytest.mark.parametrize("seed", range(4))
def test_of_any_history_each_checkpoint_is_proved_and_serves_what_comes_later(firm: Cast, seed: int) -> None:
    draw = PossibleCommands(Random(seed))
    for _ in range(3):
        made = firm.view.version + 8
        while firm.view.version < made:
            _something(firm, draw)
        make_checkpoints(firm.firm, every=AT_EACH)
    report = verify(firm.firm)
    assert (report.problems, report.unused) == ((), 0)
    assert report.checkpoints == len(checkpoints(firm.firm)) >= 24
    whole = replay(firm.firm, from_the_beginning=True).moment.state
    assert same_state(replay(firm.firm).moment.state, whole)


def test_a_process_that_keeps_nothing_answers_from_the_nearest_checkpoint(lived: Cast) -> None:
    states._KEPT.__init__()  # type: ignore[misc]  # as new
    assert states.WayThere(lived.firm, 30).still_to_replay() == 10
    assert states.WayThere(lived.firm, 20).still_to_replay() == 0
    at = Instant(LedgerEntry.objects.get(firm=lived.firm, number=30).at)
    then = ask_then(lived.firm, at)
    assert isinstance(then, access.FirmNow)
    assert same_state(then.moment.state, from_the_beginning(lived, 30))


def test_each_byte_of_a_checkpoint_that_is_changed_makes_it_unfit(lived: Cast) -> None:
    row = Checkpoint.objects.get(firm=lived.firm, number=20)
    uid, entry = Firm.objects.get(pk=lived.firm).uid, bytes(row.entry)
    need_fitting(row, uid, entry)
    for name in ("form", "digest", "entry"):
        whole = bytes(getattr(row, name))
        for place in range(len(whole)):
            setattr(row, name, _changed(whole, place))
            with pytest.raises(CheckpointUnfit):
                need_fitting(row, uid, entry)
        setattr(row, name, whole)
    with pytest.raises(CheckpointUnfit):
        need_fitting(row, uid, _changed(entry, 0))
    row.number = 19
    with pytest.raises(CheckpointUnfit):
        need_fitting(row, uid, entry)


def _changed(whole: bytes, place: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def change(firm: Cast, **columns: object) -> None:
    assert Checkpoint.objects.filter(firm=firm.firm, number=20).update(**columns) == 1


def damage_form(firm: Cast) -> None:
    form = bytes(Checkpoint.objects.get(firm=firm.firm, number=20).form)
    change(firm, form=_changed(form, len(form) // 2))


def damage_part(firm: Cast) -> None:
    for part in CheckpointPart.objects.filter(firm=firm.firm):
        where = CheckpointPart.objects.filter(firm=firm.firm, name=part.name)
        where.update(content=_changed(bytes(part.content), 0))


def lose_parts(firm: Cast) -> None:
    CheckpointPart.objects.filter(firm=firm.firm).delete()


def of_another_entry(firm: Cast) -> None:
    earlier = Checkpoint.objects.get(firm=firm.firm, number=19)
    change(firm, entry=earlier.entry, form=earlier.form, digest=earlier.digest, seal=earlier.seal)


@pytest.mark.parametrize("harm", [damage_form, damage_part, lose_parts, of_another_entry])
def test_a_checkpoint_that_was_changed_is_not_used_and_is_found(
    lived: Cast, harm: Callable[[Cast], None]
) -> None:
    harm(lived)
    assert nearest(lived.firm, 30).number < 20
    again = replay(lived.firm, version=30)
    assert same_state(again.moment.state, from_the_beginning(lived, 30))
    assert "The checkpoint after entry 20 was changed, or is not of this ledger." in problems(lived)


def forge(firm: Cast, *, sealed: bool) -> None:
    """What somebody who writes in the database might put there: a grant that the ledger does not give."""
    row, ledger = Checkpoint.objects.get(firm=firm.firm, number=20), Firm.objects.get(pk=firm.firm)
    state = replay(firm.firm, version=20).moment.state
    lie = GrantsSet(subject=member_subject(ADMIN), kind="all", targets=BitMap([0]), level=Level.OWNER)
    forged = freeze(apply(state, lie))
    _put_parts(firm.firm, forged)
    form = zlib.compress(forged.form)
    proof = digest(ledger.uid, 20, bytes(row.entry), form)
    change(firm, form=form, digest=proof, **({"seal": seal(proof)} if sealed else {}))


def test_a_forged_checkpoint_without_the_seal_is_not_used_and_is_found(lived: Cast) -> None:
    forge(lived, sealed=False)
    assert nearest(lived.firm, 30).number == 19
    assert "The checkpoint after entry 20 does not hold what the ledger gives." in problems(lived)


def test_a_checkpoint_forged_with_the_secret_key_is_found_by_the_proof(lived: Cast) -> None:
    forge(lived, sealed=True)
    assert nearest(lived.firm, 30).number == 20
    assert "The checkpoint after entry 20 does not hold what the ledger gives." in problems(lived)


def test_parts_read_in_turn_are_those_that_are_read_together(lived: Cast) -> None:
    in_turn, named = PartsInTurn(lived.firm), []
    for row in Checkpoint.objects.filter(firm=lived.firm).order_by("number"):
        names = frozen.parts_named(zlib.decompress(bytes(row.form)))
        found = in_turn.of(names)
        assert dict(found) == Parts(lived.firm).of(names)
        assert len(found) == len(names)
        named += names
    assert len(set(named)) < len(named)


def test_a_part_that_went_is_missed_in_turn_too(lived: Cast) -> None:
    name = bytes(CheckpointPart.objects.filter(firm=lived.firm).values_list("name", flat=True)[0])
    in_turn = PartsInTurn(lived.firm)
    known = in_turn.of([name])
    CheckpointPart.objects.filter(firm=lived.firm).delete()
    with pytest.raises(KeyError):
        known[name]
    with pytest.raises(CheckpointUnfit):
        PartsInTurn(lived.firm).of([name])


def test_one_after_an_entry_that_the_ledger_does_not_have_is_found(lived: Cast) -> None:
    Checkpoint.objects.filter(firm=lived.firm, number=20).update(number=99)
    assert "There are checkpoints after entries that the ledger does not have." in problems(lived)


def test_under_another_secret_key_none_is_used_and_the_ledger_is_whole(lived: Cast, settings: object) -> None:
    settings.SECRET_KEY = "another one, as after a move to another machine"  # type: ignore[attr-defined]
    assert nearest(lived.firm, 30).number == 0
    report = verify(lived.firm)
    assert report.whole
    assert (report.checkpoints, report.unused) == (0, 20)
    make_checkpoints(lived.firm, every=AT_EACH)
    assert nearest(lived.firm, 30).number == 30
    assert verify(lived.firm).unused == 0


def test_what_another_version_made_is_not_used_and_is_made_anew(lived: Cast) -> None:
    Checkpoint.objects.filter(firm=lived.firm).update(form_of="1 of 0.0.9")
    assert nearest(lived.firm, 30).number == 0
    report = verify(lived.firm)
    assert (report.whole, report.unused) == (True, 20)
    make_checkpoints(lived.firm, every=AT_EACH)
    assert set(Checkpoint.objects.filter(firm=lived.firm).values_list("form_of", flat=True)) == {FORM_OF}


def test_where_nothing_changed_none_is_made(lived: Cast) -> None:
    assert make_checkpoints(lived.firm, every=AT_EACH) == 10
    access.note_export(lived.firm, Export.LEDGER, 1)
    assert make_checkpoints(lived.firm, every=AT_EACH) == 0


def test_one_is_made_only_after_as_much_work_as_is_asked_for(lived: Cast) -> None:
    assert make_checkpoints(lived.firm, every=3600) == 0


def test_of_too_many_every_other_one_goes_and_the_latest_stays(lived: Cast) -> None:
    make_checkpoints(lived.firm, every=AT_EACH, most=10)
    assert checkpoints(lived.firm) == list(range(2, 31, 2))
    assert verify(lived.firm).checkpoints == 15


def test_parts_that_no_checkpoint_names_go_as_after_a_process_was_killed(lived: Cast) -> None:
    orphan = CheckpointPart.objects.create(firm_id=lived.firm, name=b"n" * 32, content=b"left behind")
    before = CheckpointPart.objects.filter(firm=lived.firm).count()
    make_checkpoints(lived.firm, every=AT_EACH, most=10)
    parts = CheckpointPart.objects.filter(firm=lived.firm)
    assert not parts.filter(name=orphan.name).exists()
    assert parts.count() < before + 10
    drop_checkpoints(lived.firm)
    assert not CheckpointPart.objects.filter(firm=lived.firm).exists()


def test_checkpoints_of_one_firm_are_no_others(lived: Cast) -> None:
    other = found("Other", "kyc")
    make_checkpoints(other.firm, every=AT_EACH)
    drop_checkpoints(other.firm)
    assert nearest(lived.firm, 30).number == 20
    assert verify(lived.firm).checkpoints == 20


def test_no_word_about_anybody_is_in_a_checkpoint(firm: Cast) -> None:
    firm.member("Bob")
    firm.client("Acme", reference="A-1")
    make_checkpoints(firm.firm, every=AT_EACH)
    row = Checkpoint.objects.get(firm=firm.firm, number=firm.view.version)
    held = zlib.decompress(bytes(row.form))
    held += b"".join(bytes(part.content) for part in CheckpointPart.objects.filter(firm=firm.firm))
    for word in (b"Acme", b"A-1", b"Bob", b"bob", b"Ann", b"Ward", b"example"):
        assert word not in held


def test_a_person_who_is_erased_is_in_no_past_that_a_checkpoint_gives_back(firm: Cast) -> None:
    bob = firm.member("Bob")
    make_checkpoints(firm.firm, every=AT_EACH)
    firm.do(w.DeactivateMember(member=bob))
    access.erase_member(firm.firm, bob, actor=access.OPERATOR)
    assert verify(firm.firm).whole
    assert access.words_at(firm.firm, Thing.MEMBER, [bob], 2) == {}
    assert bob in replay(firm.firm, version=2).moment.state.members
