"""What may be a name here is what may be one in the core, so that a list that passes is not refused later."""

import sys

import pytest

from ringfence.core import texts
from ringfence.core.refusals import Refused
from ringfence.lists.rows import cell_texts


def _refused(text: str) -> bool:
    try:
        texts.clean(text, "name", most=texts.CLIENT_NAME)
    except Refused:
        return True
    return False


def test_every_letter_is_accepted_as_the_core_accepts_it() -> None:
    letters = map(chr, range(sys.maxunicode + 1))
    differing = [
        hex(ord(letter))
        for letter in letters
        if bool(cell_texts.text_problem(f"a{letter}b", texts.CLIENT_NAME)) != _refused(f"a{letter}b")
    ]
    assert differing == []


@pytest.mark.parametrize(
    "address",
    ["jo@example.com", "jo@example", "jo", "a b@example.com", "a@b@c.de", "jo@x.y", "é@ü.de", '"x"@y.z'],
)
def test_an_address_is_accepted_as_the_core_accepts_it(address: str) -> None:
    try:
        texts.clean_email(address)
        refused = False
    except Refused:
        refused = True
    assert bool(cell_texts.email_problem(address)) == refused
