"""The words of texts as they are stored and proved: canonical JSON."""

from hypothesis import given
from hypothesis import strategies as st

from ringfence.proof.chain import encode_columns, encode_fields

_WORDS = st.text(st.sampled_from('aZ0 é"\\\n\x7f\u2028😀/'), max_size=6)


@given(st.lists(st.tuples(_WORDS.filter(bool), _WORDS, _WORDS), min_size=1, max_size=8))
def test_texts_in_columns_are_encoded_as_each_by_itself(rows: list[tuple[str, str, str]]) -> None:
    names = ("kind", "name", "reference")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    each = [{name: text for name, text in zip(names, row, strict=True) if text} for row in rows]
    assert encode_columns(columns) == [encode_fields(fields) for fields in each]
