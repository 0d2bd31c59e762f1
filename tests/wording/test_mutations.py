"""Welsh words begin as the word or the number before them asks; the mutations themselves: `test_forms.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.wording.forms import mutated
from tools.messages import present

SOFT = "o i ar gan am at heb drwy trwy wrth dan hyd neu pa ba yn dau dwy"
SPIRANT = "â gyda tua a na tri chwe"
AFTER = dict.fromkeys(SOFT.split(), "meddal") | dict.fromkeys(SPIRANT.split(), "llaes") | {"fy": "trwynol"}
"""The mutation that a word asks for of the next."""
BEFORE_A_MARK = re.compile(r"(?<![\w’])(\w+) \[([^\]]+)\]")
NEVER = ("rheoli mynediad", "wedi’i", "opsiynau rhannu", "cwmni cyfan", "yn y ", "yr ", "ac ")
"""Marks of several words, whose beginning follows another rule or none."""
COUNTED = re.compile(r"%\((?:count|num|total|number|people|statements)\)s (\[?)([\w’]+)")
TWO, SIX = 2, 4
"""Which of the five forms is said of two, and of six; of three, feminine words keep their beginning."""


def counted() -> Iterator[tuple[str, ...]]:
    """The five forms of each message that counts."""
    for message in present():
        if message.id and isinstance(message.string, tuple | list):
            yield tuple(message.string)


def welsh() -> Iterator[str]:
    for message in present():
        if message.id and isinstance(message.string, str):
            yield message.string
    for forms in counted():
        yield from forms


def test_a_marked_word_says_how_the_word_before_changes_it() -> None:
    wrong = []
    for text in welsh():
        for before, mark in BEFORE_A_MARK.findall(text):
            wanted = AFTER.get(before.lower())
            if wanted and not mark.lower().startswith((f"{wanted} ", *NEVER)):
                wrong.append(f"{before} [{mark}]: {text}")
    assert wrong == []


def test_a_word_behind_a_number_begins_as_two_and_six_ask() -> None:
    wrong = []
    for forms in counted():
        plain = COUNTED.search(forms[1])
        if plain is None:
            continue
        marked, noun = plain.groups()
        for form, mutation in ((TWO, "meddal"), (SIX, "llaes")):
            changes = bool(marked) or mutated(noun, mutation) != noun
            found = COUNTED.search(forms[form])
            if changes and found and found.groups() == (marked, noun):
                wrong.append(forms[form])
    assert wrong == []
