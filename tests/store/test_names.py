"""Clients by name: pages in order, and the search for a part of a name or reference."""

from typing import Any

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.core.directory import sort_key, tax_key, unique_key
from ringfence.store import names as names_module
from ringfence.store.names import NameRow, Names, names_of
from tests.support.seed import SEED

NAMES = ("Zoë Ångström", "apple & sons", "Apple", "Ŵyn Rhŷs", "Jones", "jones (Cardiff)", "Δέλτα", "李 Li")


def row(client: int, name: str, reference: str = "", *tax: tuple[int, str]) -> NameRow:
    return NameRow(client, sort_key(name), unique_key(reference), tuple((n, tax_key(t)) for n, t in tax))


ROWS = (
    row(1, "Zoë Ångström", "ZA-1", (1, "GB 123")),
    row(2, "apple & sons", "", (2, ""), (3, "GB 777")),
    row(3, "Apple", "A-9", (4, "")),
    row(4, "Ŵyn Rhŷs", "Ŵ/1", (5, "ŵ-5")),
    row(5, "Jones", "zoe", (6, "")),
    row(6, "Jones", "J-6", (7, "1231")),
)
EVERY_CLIENT = BitMap(range(1, 7))
EVERY_ENGAGEMENT = BitMap(range(1, 8))


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that every test crosses several chunks."""
    monkeypatch.setattr(names_module, "SIZE", 2)


@pytest.fixture
def names() -> Names:
    return names_of(ROWS)


def test_clients_come_by_name_ignoring_case_and_accents_and_then_by_number(names: Names) -> None:
    assert names.page(EVERY_CLIENT, 0, 50) == [3, 2, 5, 6, 4, 1]


def test_a_page_starts_at_its_offset_and_ends_at_its_limit(names: Names) -> None:
    assert names.page(EVERY_CLIENT, 1, 3) == [2, 5, 6]


def test_only_clients_of_the_set_come_and_count(names: Names) -> None:
    assert names.page(BitMap([1, 2, 4]), 1, 2) == [4, 1]


def test_a_page_behind_the_last_is_empty(names: Names) -> None:
    assert names.page(EVERY_CLIENT, 6, 50) == []


def test_engagements_come_in_the_order_of_their_clients(names: Names) -> None:
    assert names.page_of_engagements(BitMap([1, 3, 4, 7]), 1, 2) == [3, 7]


@pytest.mark.parametrize(
    ("text", "clients", "engagements"),
    [
        ("apple", {2, 3}, set()),
        ("APPLE ", {2, 3}, set()),
        ("& s", {2}, set()),
        ("angstrom", {1}, set()),
        ("wyn", {4}, set()),
        ("w/1", {4}, set()),
        ("w-5", set(), {5}),
        ("W 5", set(), {5}),
        ("GB 12", set(), {1, 7}),
        ("123", set(), {1, 7}),
        ("zoe", {1, 5}, set()),
        ("j", {5, 6}, set()),
        ("7", set(), set()),
        ("gb777", set(), {3}),
        ("g b 77 7", set(), {3}),
        ("sons apple", {2}, set()),
        ("zoe zoe", {1, 5}, set()),
        ("jones zo", {5}, set()),
        ("jones apple", set(), set()),
        ("nobody", set(), set()),
        ("sa", set(), set()),
        (".", set(), set()),
        ("jones\x1f", {5, 6}, set()),
        ("jones\n", {5, 6}, set()),
        ("\x1f", {1, 2, 3, 4, 5, 6}, set()),
        ("", {1, 2, 3, 4, 5, 6}, set()),
    ],
)
def test_a_text_is_found_in_names_and_references(
    names: Names, text: str, clients: set[int], engagements: set[int]
) -> None:
    found = names.matching(text)
    assert (set(found.clients), set(found.engagements)) == (clients, engagements)


@pytest.mark.parametrize(
    ("text", "clients"),
    [
        ("zoe", {1}),
        ("z", {1}),
        ("j", {5, 6}),
        ("9", set()),
        ("a-9", set()),
        ("yn", {4}),
        ("", set(range(1, 7))),
    ],
)
def test_a_text_is_found_in_names_alone_where_only_names_may_be_known(
    names: Names, text: str, clients: set[int]
) -> None:
    assert set(names.matching_names(text)) == clients


def test_a_single_letter_has_to_begin_a_word_or_a_reference() -> None:
    rows = [
        row(1, "Anna Bell", "", (1, "")),
        row(2, "Hannah", "B-1", (2, "")),
        row(3, "Cabot", "", (3, "B7")),
        row(4, "Abbe", "AB", (4, "AB")),
    ]
    found = names_of(rows).matching("b")
    assert (set(found.clients), set(found.engagements)) == ({1, 2}, {3})


def test_a_single_character_that_is_a_word_of_its_own_script_is_found_anywhere() -> None:
    assert set(names_of([row(1, "東京会社", "")]).matching("会").clients) == {1}


def test_no_search_goes_over_the_end_of_a_name_into_its_reference() -> None:
    assert not names_of([row(1, "ab", "cd")]).matching("bc").clients


def test_a_renamed_client_moves_and_is_found_by_the_new_name_alone(names: Names) -> None:
    after = names.updated([row(1, "Aardvark", "ZA-1", (1, "GB 123"))])
    assert after.page(EVERY_CLIENT, 0, 50) == [1, 3, 2, 5, 6, 4]
    assert set(after.matching("angstrom").clients) == set()
    assert set(after.matching("aardvark").clients) == {1}


def test_a_new_client_takes_its_place(names: Names) -> None:
    after = names.updated([row(7, "Kay", "", (8, "GB 8"))])
    assert after.page(EVERY_CLIENT | BitMap([7]), 0, 50) == [3, 2, 5, 6, 7, 4, 1]
    assert set(after.matching("gb 8").engagements) == {8}


def test_a_new_engagement_of_a_known_client_is_found(names: Names) -> None:
    after = names.updated([row(5, "Jones", "zoe", (6, ""), (8, "GB 8"))])
    assert set(after.matching("gb").engagements) == {1, 3, 8}
    assert after.page_of_engagements(EVERY_ENGAGEMENT | BitMap([8]), 4, 2) == [8, 7]


def test_the_engagements_that_clients_ever_had_are_told(names: Names) -> None:
    assert names.engagements_of(BitMap([2, 5, 6, 99])) == BitMap([2, 3, 6, 7])


def test_the_index_before_an_update_stays_as_it_was(names: Names) -> None:
    names.updated([row(1, "Aardvark")])
    assert names.page(EVERY_CLIENT, 0, 1) == [3]


def test_the_same_search_again_is_not_made_again(names: Names) -> None:
    assert names.matching("apple") is names.matching(" APPLE")


def test_a_word_that_is_given_twice_is_looked_for_once(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    search = names_module._search

    def watched(lines: Any, word: str, **more: Any) -> BitMap:
        asked.append(word)
        return search(lines, word, **more)

    monkeypatch.setattr(names_module, "_search", watched)
    names.matching_names("lt lt a lt a")
    assert asked == ["lt", "a"]


def test_very_many_searches_are_answered_rightly(names: Names) -> None:
    for number in range(2 * names_module.KEPT):
        names.matching(f"text {number}")
    assert set(names.matching("apple").clients) == {2, 3}


def test_a_search_kept_before_an_update_does_not_outlive_it(names: Names) -> None:
    names.matching("apple")
    assert set(names.updated([row(7, "Apple Seven")]).matching("apple").clients) == {2, 3, 7}


def test_an_update_of_nothing_is_the_very_same_index(names: Names) -> None:
    assert names.updated([]) is names


def test_the_first_clients_make_an_index() -> None:
    assert Names().updated(ROWS).page(EVERY_CLIENT, 0, 50) == [3, 2, 5, 6, 4, 1]


def test_an_empty_index_has_no_pages_and_no_matches() -> None:
    assert Names().page(EVERY_CLIENT, 0, 50) == []
    assert Names().matching("") == Names().matching("a") == (BitMap(), BitMap())


def test_control_characters_in_a_key_do_no_harm() -> None:
    broken = names_of([row(1, "a\nb\x1fc", "d\ne", (1, "f\ng")), row(2, "h", "i", (2, "j"))])
    assert broken.page(EVERY_CLIENT, 0, 5) == [1, 2]
    assert set(broken.matching("j").engagements) == {2}


texts = st.text(alphabet="abÄ ŵ1'ø", max_size=4)
rows_of_client = st.builds(
    lambda client, name, reference, tax: row(client, name, reference, *((client * 2 + i, t) for i, t in tax)),
    st.integers(1, 30),
    texts,
    texts,
    st.dictionaries(st.integers(0, 1), texts, min_size=1).map(lambda found: sorted(found.items())),
)


def holds(word: str, text: str) -> bool:
    """Whether a search for the word finds the text."""
    if len(word) == 1 and word.isascii():
        return f" {word}" in f" {text}"
    return word in text


def spaceless(reference: str) -> str:
    return sort_key(reference).replace(" ", "")


def by_client(rows: list[NameRow]) -> dict[int, NameRow]:
    return {row.client: row for row in rows}


@seed(SEED)
@settings(max_examples=200, deadline=None, database=None)
@given(st.lists(rows_of_client), st.lists(st.lists(rows_of_client)), texts)
def test_after_any_updates_pages_and_matches_are_those_of_plain_lists(
    first: list[NameRow], later: list[list[NameRow]], text: str
) -> None:
    known = by_client(first)
    names = names_of(known.values())
    for rows in later:
        # A client never loses an engagement number.
        fresh = {
            client: found._replace(
                engagements=tuple(
                    sorted(
                        {
                            **dict(known[client].engagements if client in known else ()),
                            **dict(found.engagements),
                        }.items()
                    )
                )
            )
            for client, found in by_client(rows).items()
        }
        known |= fresh
        names = names.updated(fresh.values())
    order = sorted(known.values(), key=lambda found: (found.name.encode(), found.client))
    clients = [found.client for found in order]
    engagements = [number for found in order for number, _ in found.engagements]
    words = sort_key(text).split()
    matches = names.matching(text)
    assert names.page(BitMap(clients), 0, 100) == clients
    assert names.page_of_engagements(BitMap(engagements), 0, 100) == engagements
    assert set(matches.clients) == {
        found.client
        for found in order
        if all(holds(word, found.name) or holds(word, spaceless(found.reference)) for word in words)
    }
    assert set(names.matching_names(text)) == {
        found.client for found in order if all(holds(word, found.name) for word in words)
    }
    if words:
        assert set(matches.engagements) == {
            number
            for found in order
            for number, tax in found.engagements
            if holds("".join(words), spaceless(tax))
        }


@pytest.mark.parametrize(
    ("text", "found"),
    [("GB 123", {1}), ("12", set()), ("123", set()), ("1231", {7}), ("w5", {5}), ("", set()), ("-", set())],
)
def test_a_whole_tax_reference_is_found_by_the_whole_of_it_alone(
    text: str, found: set[int], names: Names
) -> None:
    assert set(names.with_tax_reference(text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("JONES", {5, 6}),
        ("apple", {3}),
        ("Apple  &  Sons", {2}),
        ("zoe angstrom", {1}),
        ("Jone", set()),
        ("ones", set()),
        ("A-9", set()),
        ("", set()),
        ("zz", set()),
        (".*", set()),
    ],
)
def test_clients_of_a_name_are_found_by_the_whole_of_it_alone(
    names: Names, text: str, found: set[int]
) -> None:
    assert set(names.called(text)) == found


@seed(SEED)
@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(("a", "ab", "b", "a b", "é")), max_size=9),
    st.sampled_from(("a", "ab", "c", "e")),
)
def test_clients_of_one_name_are_found_in_whichever_chunks_they_lie(called: list[str], wanted: str) -> None:
    names = names_of([row(number, name) for number, name in enumerate(called, start=1)])
    alike = {n for n, name in enumerate(called, start=1) if sort_key(name) == sort_key(wanted)}
    assert set(names.called(wanted)) == alike
