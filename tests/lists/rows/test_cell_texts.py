"""What may be a name here is what may be one in the core, so that a list that passes is not refused later."""

import sys

import pytest

from ringfence.core import texts
from ringfence.core.refusals import Refused
from ringfence.lists.rows import cell_texts


@pytest.mark.parametrize(
    ("here", "there"),
    [
        (cell_texts.GROUP_NAME_LIMIT, texts.GROUP_NAME),
        (cell_texts.SERVICE_NAME_LIMIT, texts.SERVICE_NAME),
        (cell_texts.CLIENT_KIND_LIMIT, texts.CLIENT_KIND),
        (cell_texts.CLIENT_NAME_LIMIT, texts.CLIENT_NAME),
        (cell_texts.MEMBER_NAME_LIMIT, texts.MEMBER_NAME),
        (cell_texts.REFERENCE_LIMIT, texts.REFERENCE),
        (cell_texts.EMAIL_LIMIT, texts.EMAIL),
    ],
)
def test_every_limit_is_the_cores(here: int, there: int) -> None:
    assert here == there


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
        if bool(cell_texts.text_problem(f"a{letter}b", cell_texts.CLIENT_NAME_LIMIT))
        != _refused(f"a{letter}b")
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
