"""Texts in columns are the same texts, whoever walks through them."""

import pytest

from ringfence.core.events import Text
from ringfence.core.many_texts import MANY, ManyTexts, joined, runs
from ringfence.core.terms import Thing

COUNT = MANY + 3
NAMES = [f"Client {number}" for number in range(COUNT)]
REFERENCES = ["" if number % 3 else f"R{number}" for number in range(COUNT)]
CLIENTS = ManyTexts(
    Thing.CLIENT, range(7, 7 + COUNT), {"name": NAMES, "reference": REFERENCES, "kind": [""] * COUNT}
)
REASON = Text(thing=Thing.ENTRY, number=0, fields={"reason": "A list"})


def written_out() -> list[Text]:
    return [
        Text(
            thing=Thing.CLIENT,
            number=number,
            fields={"name": name, "reference": reference} if reference else {"name": name},
        )
        for number, name, reference in zip(range(7, 7 + COUNT), NAMES, REFERENCES, strict=True)
    ]


def test_each_text_states_what_its_columns_hold_for_it() -> None:
    assert list(CLIENTS) == written_out()
    assert tuple(written_out()) == CLIENTS


@pytest.mark.parametrize("size", [1, 7, COUNT, COUNT + 1])
def test_parts_are_the_same_texts_in_their_order(size: int) -> None:
    parts = list(CLIENTS.parts(size))
    assert [text for part in parts for text in part] == written_out()
    assert max(map(len, parts)) <= size


def test_what_is_joined_keeps_its_order_and_its_columns() -> None:
    found = joined([[REASON], joined([CLIENTS, [REASON]]), [REASON]])
    assert list(found) == [REASON, *written_out(), REASON, REASON]
    assert len(found) == COUNT + 3
    assert [(thing, len(run)) for thing, run in runs(found)] == [
        (Thing.ENTRY, 1),
        (Thing.CLIENT, COUNT),
        (Thing.ENTRY, 2),
    ]


def test_few_texts_are_told_one_by_one() -> None:
    few = next(CLIENTS.parts(MANY - 1))
    assert joined([few]) == tuple(few)
    assert isinstance(joined([few]), tuple)


def test_what_is_stated_of_one_is_found_by_its_number() -> None:
    many = ManyTexts(Thing.CLIENT, [3, 7, 9], {"name": ["Ann", "Bob", ""], "reference": ["", "", ""]})
    assert [many.field(number, "name") for number in (2, 3, 7, 9, 10)] == ["", "Ann", "Bob", "", ""]
    assert many.field(3, "reference") == ""
