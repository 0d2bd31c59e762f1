"""Two changes of one text are put together line by line, and no line of either is lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.access.merging import KeptSide, line_changes, merge
from tests.core.random_examples import name_the_seed, random_examples

BASE = "Aims\nSave for a house\n\nSteps\nOpen an account\nPay in each month"

TEXTS = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=1, max_size=8).map("\n".join)


def added(new: str, old: str) -> Counter[str]:
    return Counter(new.split("\n")) - Counter(old.split("\n"))


def test_changes_of_different_lines_are_both_there() -> None:
    mine = BASE.replace("Aims", "Our aims")
    theirs = BASE + "\nLook again in May"
    merged = merge(BASE, mine, theirs)
    assert merged.disputes == ()
    assert merged.text() == BASE.replace("Aims", "Our aims") + "\nLook again in May"


def test_a_line_that_one_took_away_and_nobody_changed_is_gone() -> None:
    mine = BASE.replace("Open an account\n", "")
    theirs = BASE.replace("Aims", "Our aims")
    assert merge(BASE, mine, theirs).text() == mine.replace("Aims", "Our aims")


def test_the_same_change_by_both_is_made_once() -> None:
    both = BASE.replace("house", "flat")
    assert merge(BASE, both, both).text() == both


def test_different_changes_of_one_line_are_for_whoever_asks() -> None:
    merged = merge(BASE, BASE.replace("house", "boat"), BASE.replace("house", "flat"))
    (dispute,) = merged.disputes
    assert (dispute.theirs, dispute.mine) == (("Save for a flat",), ("Save for a boat",))


@pytest.mark.parametrize(
    ("side", "line"),
    [
        (KeptSide.THEIRS, "Save for a flat"),
        (KeptSide.MINE, "Save for a boat"),
        (KeptSide.BOTH, "Save for a flat\nSave for a boat"),
    ],
)
def test_what_was_decided_is_in_the_text(side: KeptSide, line: str) -> None:
    merged = merge(BASE, BASE.replace("house", "boat"), BASE.replace("house", "flat"))
    assert merged.text([side]) == BASE.replace("Save for a house", line)


def test_a_line_that_one_took_away_and_the_other_changed_is_for_whoever_asks() -> None:
    merged = merge(BASE, BASE.replace("Open an account\n", ""), BASE.replace("account", "account in May"))
    (dispute,) = merged.disputes
    assert (dispute.theirs, dispute.mine) == (("Open an account in May",), ())


def test_lines_that_stand_together_are_not_put_together_unseen() -> None:
    merged = merge("one\ntwo", "one\ntwo, mine", "one, theirs\ntwo")
    assert len(merged.disputes) == 1


def test_a_text_with_something_undecided_is_no_text() -> None:
    merged = merge("a", "b", "c")
    with pytest.raises(ValueError, match="0 choices for 1 disputes"):
        merged.text()


@random_examples(100)
@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_no_line_that_either_added_is_lost(base: str, mine: str, theirs: str) -> None:
    name_the_seed()
    merged = merge(base, mine, theirs)
    whole = merged.text([KeptSide.BOTH] * len(merged.disputes))
    assert not added(mine, base) - Counter(whole.split("\n"))
    assert not added(theirs, base) - Counter(whole.split("\n"))


@random_examples(100)
@given(base=TEXTS, other=TEXTS)
def test_who_changed_nothing_changes_nothing(base: str, other: str) -> None:
    name_the_seed()
    assert merge(base, base, other).text() == other
    assert merge(base, other, base).text() == other


@random_examples(100)
@given(base=TEXTS, mine=TEXTS, theirs=TEXTS)
def test_one_side_taken_throughout_keeps_all_of_its_lines(base: str, mine: str, theirs: str) -> None:
    name_the_seed()
    merged = merge(base, mine, theirs)
    taken = merged.text([KeptSide.MINE] * len(merged.disputes))
    assert not added(mine, base) - Counter(taken.split("\n"))


@random_examples(100)
@given(old=TEXTS, new=TEXTS)
def test_what_changed_between_two_versions_is_all_of_both(old: str, new: str) -> None:
    name_the_seed()
    changes = line_changes(old, new)
    assert "\n".join(line for change in changes for line in change.old) == old
    assert "\n".join(line for change in changes for line in change.new) == new
