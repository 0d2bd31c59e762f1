"""How names and references are compared and sorted, on every database alike (rules.md 5, "Names")."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.directory import (
    shows,
    sort_key,
    sort_keys,
    tax_key,
    tax_keys,
    tax_search_keys,
    unique_key,
    unique_keys,
)


@pytest.mark.parametrize(
    "other",
    ["  Fortune 500  ", "FORTUNE 500", "fortune\u00a0500", "Ｆortune 500"],
    ids=["spaces around", "capitals", "a fixed space", "a wide letter"],
)
def test_names_that_look_alike_are_one_name(other: str) -> None:
    assert unique_key(other) == unique_key("Fortune 500")


@pytest.mark.parametrize("other", ["Fortune 501", "Fortune500", "Fortüne 500"])
def test_names_that_differ_are_two_names(other: str) -> None:
    assert unique_key(other) != unique_key("Fortune 500")


def test_capitals_that_become_two_letters_are_folded_too() -> None:
    assert unique_key("STRASSE") == unique_key("Straße")


def test_accents_make_no_difference_to_the_order() -> None:
    assert sorted(["Zoe", "Émile", "Eve", "ángel"], key=sort_key) == ["ángel", "Émile", "Eve", "Zoe"]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łukasz", "lukasz"),
        ("Sørensen", "sorensen"),
        ("Æthelred", "aethelred"),
        ("Œuvre", "oeuvre"),
        ("Đorđe", "dorde"),
        ("Þórr Guðmundsson", "thorr gudmundsson"),
        ("Ħal Għaxaq", "hal ghaxaq"),
        ("Diyarbakır", "diyarbakir"),
        ("Sápmi Vuoŋa", "sapmi vuona"),
        ("O'Connell", "oconnell"),
        ("O’Connell", "oconnell"),
        ("O`Connell", "oconnell"),
        ("O´Connell", "oconnell"),
        ("D＇Arcy", "darcy"),
        ("Oʻahu ‘Ōpio", "oahu opio"),
    ],
)
def test_a_name_is_sorted_and_found_as_a_plain_keyboard_types_it(name: str, typed: str) -> None:
    assert sort_key(name) == typed


@pytest.mark.parametrize("text", ["'", "``", "’", "'’"])
def test_a_name_of_apostrophes_alone_keeps_them(text: str) -> None:
    assert sort_key(text) == unique_key(text)


def test_a_letter_of_another_script_stays() -> None:
    assert sort_key("Београд 名前") == "београд 名前"


@pytest.mark.parametrize("name", ["Łukasz", "O'Connell", "Straße 5`"])
def test_the_key_of_a_key_is_the_same(name: str) -> None:
    assert sort_key(sort_key(name)) == sort_key(name)


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200b", "\u200b \u2060", "\u3164", "\u2800", "\ufe0f", "\u00ad"]
)
def test_a_text_of_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert not shows(text)


@pytest.mark.parametrize("text", ["a", "0", "ŷ", "\u200ba", "\U0001f950", "株", "-"])
def test_a_text_with_anything_to_see_is_not_empty(text: str) -> None:
    assert shows(text)


# What shows nothing, and spaces in a row


@pytest.mark.parametrize(
    "other",
    [
        "Deal\u200b team",
        "Deal team\u2060",
        "\u200eDeal team",
        "Deal\u00ad team",
        "Deal\ufe0f team",
        "\ufeffDeal team",
        "Deal  team",
        "Deal \u00a0 team",
        "De\u2066al team",
        "Deal\U000e0041 team",
    ],
)
def test_what_shows_nothing_and_spaces_in_a_row_make_no_other_name(other: str) -> None:
    assert unique_key(other) == unique_key("Deal team")


@pytest.mark.parametrize("other", ["Dealteam", "Deal-team", "Deal \u2800team"])
def test_one_space_or_sign_makes_another_name(other: str) -> None:
    assert unique_key(other) != unique_key("Deal team")


@pytest.mark.parametrize("text", ["Deal\u200b  team", "ﬁ \u2060 x", "\u00ad"])
def test_the_unique_key_of_a_unique_key_is_the_same(text: str) -> None:
    assert unique_key(unique_key(text)) == unique_key(text)


# Tax references


@pytest.mark.parametrize(
    "other",
    [
        "19558 39661",
        "1955839661K",
        "K1955839661",
        "1955-839661 k",
        "\u200b1955.839.661",
        "１９５５８３９６６１",
    ],
)
def test_a_utr_is_one_however_it_is_spelled(other: str) -> None:
    assert tax_key(other) == tax_key("1955839661") == "1955839661"


@pytest.mark.parametrize(
    "other", ["GB 123 4567 89", "gb123456789", "XI123456789", "123-4567-89", "GB\u00a0123.4567.89"]
)
def test_a_vat_number_is_one_however_it_is_spelled(other: str) -> None:
    assert tax_key(other) == tax_key("123456789") == "123456789"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GB123456789", "GB123456789001"),
        ("1955839661", "1955839662"),
        ("K195583966", "195583966"),
        ("GB1", "1"),
        ("123/AB456", "123/AB457"),
        ("GBGD001", "GBHA001"),
        ("FR123456789", "123456789"),
    ],
)
def test_tax_references_that_differ_are_two(one: str, other: str) -> None:
    assert tax_key(one) != tax_key(other)


def test_a_branch_and_a_government_department_have_vat_numbers_too() -> None:
    assert tax_key("GB 123 4567 89 001") == "123456789001"
    assert tax_key("GB GD 001") == "gd001"


@pytest.mark.parametrize("text", ["--", "…", "-"])
def test_a_tax_reference_without_letter_or_digit_is_compared_as_it_stands(text: str) -> None:
    assert tax_key(text) == unique_key(text)


@pytest.mark.parametrize("text", ["GB 12", "gb12", "12", "K12", "12k"])
def test_a_tax_reference_is_found_by_its_beginning_with_or_without_its_letters(text: str) -> None:
    assert "12" in tax_search_keys(text)


def test_nothing_is_looked_for_where_nothing_can_be_typed() -> None:
    assert tax_search_keys(" - ") == {"-"}
    assert tax_search_keys("") == frozenset()


ODD_TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "'",
            "a  b",
            " a",
            "b ",
            "O'Brien",
            "` x",
            "GB 123456789",
            "k1234567890",
            "1234567890K",
            "GD001",
        ]
    ),
    st.text(alphabet="ab AB'`-./09Kkgx\nöß\u200b\t", max_size=8),
    st.text(max_size=6),
)


@given(texts=st.lists(ODD_TEXTS, max_size=40))
def test_keys_of_many_texts_are_the_keys_of_each(texts: list[str]) -> None:
    assert unique_keys(texts) == [unique_key(text) for text in texts]
    assert sort_keys(texts) == [sort_key(text) for text in texts]
    assert tax_keys(texts) == [tax_key(text) for text in texts]


@given(texts=st.lists(st.text(alphabet="abc AB-9Kkgx", min_size=3, max_size=8), min_size=30, max_size=60))
def test_keys_of_many_plain_texts_are_the_keys_of_each(texts: list[str]) -> None:
    plain = [" ".join(text.split()) or "x" for text in texts]
    assert unique_keys(plain) == [unique_key(text) for text in plain]
    assert sort_keys(plain) == [sort_key(text) for text in plain]
    assert tax_keys(plain) == [tax_key(text) for text in plain]


TAX_REFERENCES = st.from_regex(
    r"\A(k|K|gb |GB|xi|XI-|gk|)([0-9]{8,13}|GD[0-9]{3}|ha[0-9]{2,4}|-)(k|K|)\Z", fullmatch=True
)


@given(texts=st.lists(TAX_REFERENCES, min_size=9, max_size=60))
def test_keys_of_many_tax_references_are_the_keys_of_each(texts: list[str]) -> None:
    assert tax_keys(texts) == [tax_key(text) for text in texts]
