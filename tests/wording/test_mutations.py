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


def welsh() -> Iterator[str]:
    for message in present():
        if message.id:
            yield from [message.string] if isinstance(message.string, str) else message.string


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
    for message in present():
        if not message.id or isinstance(message.string, str):
            continue
        plain = COUNTED.search(message.string[1])
        if plain is None:
            continue
        marked, noun = plain.groups()
        for form, mutation in ((TWO, "meddal"), (SIX, "llaes")):
            changes = bool(marked) or mutated(noun, mutation) != noun
            found = COUNTED.search(message.string[form])
            if changes and found and found.groups() == (marked, noun):
                wrong.append(message.string[form])
    assert wrong == []
