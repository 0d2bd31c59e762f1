"""What was said of the columns of a list is known of the next file with the same headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.cast import Cast
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import errors, heading, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def test_what_was_said_of_columns_is_known_of_the_file_that_is_put_right(
    owen: PageClient, cast: Cast
) -> None:
    said = {"column-0": "reference", "column-1": "name"}
    address = sent(owen, cast, b"Our number,Who\nN-01,Northern Pots\nN-01,Southern Pots\n")
    page = press(owen, address, "columns", **said)
    assert heading(page) == "Something in the list has to be put right"
    assert "What you said of its columns is known then" in text(page)
    again = sent(owen, cast, b"Our number,Who\nN-01,Northern Pots\n")
    assert heading(press(owen, again, "columns")) == "Check what the list does"
    other = sent(owen, cast, b"Our number,Whom\nN-01,Northern Pots\n")
    page = owen.get(other)
    answer = owen.post(other, {"go": "columns", "turn": value(page, "turn")})
    assert errors(answer)[0][1] == "#column-0"
