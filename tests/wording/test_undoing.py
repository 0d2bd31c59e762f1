"""Each reason why an entry cannot be undone has its sentence, and so has what undoing leaves."""

from ringfence.core.undoing.why import Left, Why
from ringfence.wording.undoing import REASONS, REMAINS, cannot_text, remains_text


def test_each_reason_has_its_sentence() -> None:
    assert set(REASONS) == set(Why)
    assert len({cannot_text(why) for why in Why}) == len(Why)


def test_what_is_left_has_its_sentence() -> None:
    assert set(REMAINS) == set(Left)
    assert all(remains_text(left).endswith(".") for left in Left)
