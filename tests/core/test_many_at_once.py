"""What is worked out for many texts at once is what each of them comes to by itself."""

from collections.abc import Callable
from random import Random

from ringfence.core.commands.adding import _all_cleaned, _cleaned
from ringfence.core.commands.definitions import ClientRow
from ringfence.core.directory import (
    sort_key,
    sort_keys,
    tax_key,
    tax_keys,
    unique_key,
    unique_keys,
)
from ringfence.core.refusals import Refused
from ringfence.core.texts import clean_optional, odd_ones
from tests.support.seed import SEED

LETTERS = "aBkKgGxX019 .'-_\n\t\u00a0éŁ\u200b"
ROUNDS = 400


def word(chance: Random) -> str:
    """A text of a few letters, or a tax reference however it is spelled."""
    if chance.random() < 0.6:
        return "".join(chance.choices(LETTERS, k=chance.randint(0, 8)))
    digits = "".join(chance.choices("0123456789", k=chance.choice((8, 9, 10, 12))))
    return chance.choice(("GB", "xi", "K", "")) + digits + chance.choice(("K", ""))


def words(chance: Random) -> list[str]:
    plain_ones = chance.random() < 0.5
    found = [word(chance) for _ in range(chance.randint(1, 12))]
    return [text for text in found if not plain_ones or text.isalnum()] or ["one"]


def test_keys_of_many_are_the_keys_of_each() -> None:
    chance = Random(SEED)
    for _ in range(ROUNDS):
        texts = words(chance)
        assert unique_keys(texts) == [unique_key(text) for text in texts]
        assert sort_keys(texts) == [sort_key(text) for text in texts]
        assert tax_keys(texts) == [tax_key(text) for text in texts]


def test_a_tax_reference_without_signs_has_the_key_of_the_same_with_them() -> None:
    chance = Random(SEED)
    for _ in range(ROUNDS):
        text = word(chance)
        if text.isascii() and text.isalnum():
            assert tax_key(text) == tax_key(" ".join(text))


def test_what_is_not_odd_is_left_as_it_is() -> None:
    chance, told = Random(SEED), 0
    for _ in range(ROUNDS):
        texts, most = words(chance), chance.randint(1, 12)
        odd = odd_ones(texts, most=most)
        others = [text for place, text in enumerate(texts) if place not in odd]
        assert [clean_optional(text, "name", most=most) for text in others] == others
        told += len(others)
    assert told


def test_rows_cleaned_together_are_each_cleaned() -> None:
    chance = Random(SEED)
    for _ in range(ROUNDS):
        rows = tuple(
            ClientRow(name=text, reference=word(chance), kind=word(chance), services={1: word(chance)})
            for text in words(chance)
        )
        assert cleaned(lambda rows=rows: _all_cleaned(rows)) == cleaned(  # type: ignore[misc]
            lambda rows=rows: [_cleaned(row, None) for row in rows]  # type: ignore[misc]
        )


def cleaned(clean: Callable[[], list[ClientRow]]) -> list[ClientRow] | None:
    """The rows; None where one of them is refused."""
    try:
        return clean()
    except Refused:
        return None
