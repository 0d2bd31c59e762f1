"""What is worked out for many texts at once is what each of them comes to by itself."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.commands.adding import _all_cleaned, _cleaned
from ringfence.core.commands.definitions import ClientRow
from ringfence.core.directory import (
    letters_and_digits,
    sort_key,
    sort_keys,
    tax_key,
    tax_keys,
    unique_key,
    unique_keys,
)
from ringfence.core.refusals import Refused
from ringfence.core.texts import clean_optional, plain

WORDS = st.text(st.sampled_from("aBkKgGxX0123456789 .,'`-_/&()?=+#\n\t\x1f\u00a0éŁ\ufffd\u200b"), max_size=12)
LISTS = st.lists(st.one_of(WORDS, st.from_regex("(GB|XI|K)?[0-9]{9,12}K?", fullmatch=True)), max_size=30)


@given(LISTS)
def test_keys_of_many_are_the_keys_of_each(texts: list[str]) -> None:
    assert unique_keys(texts) == [unique_key(text) for text in texts]
    assert sort_keys(texts) == [sort_key(text) for text in texts]
    assert tax_keys(texts) == [tax_key(text) for text in texts]


@given(st.one_of(WORDS, st.from_regex("(gb|XI|k)?[0-9]{9,12}[kK]?", fullmatch=True)))
def test_a_tax_reference_of_letters_and_digits_alone_has_the_key_of_any_other(text: str) -> None:
    spelled = " ".join(text) if text.isascii() and text.isalnum() else text
    assert tax_key(spelled) == tax_key(text)
    assert tax_key(text) in {letters_and_digits(text), unique_key(text)} or tax_key(text).isalnum()


@given(LISTS.filter(bool), st.integers(1, 12))
def test_what_is_plain_is_left_as_it_is(texts: list[str], most: int) -> None:
    if plain(texts, most=most):
        assert [clean_optional(text, "name", most=most) for text in texts] == texts


@given(st.lists(st.tuples(WORDS, WORDS, WORDS, WORDS), min_size=1, max_size=8))
def test_rows_cleaned_together_are_each_cleaned(given_rows: list[tuple[str, str, str, str]]) -> None:
    rows = tuple(
        ClientRow(name=name, reference=reference, kind=kind, services={1: tax})
        for name, reference, kind, tax in given_rows
    )
    try:
        alone = [_cleaned(row, None) for row in rows]
    except Refused:
        alone = []
    try:
        together = _all_cleaned(rows)
    except Refused:
        together = []
    assert together == alone
