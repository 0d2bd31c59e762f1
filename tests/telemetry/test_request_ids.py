"""The id of a request: the caller's where it can be written down, else one of ours."""

import pytest

from ringfence.telemetry.request_ids import LONGEST, request_id


@pytest.mark.parametrize(
    "given", ["7", "order-7", "0af7651916cd43dd8448eb211c80319c", "a.b_c:d/e+f=", "a" * LONGEST]
)
def test_an_id_that_is_fit_stays(given: str) -> None:
    assert request_id(given) == given


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        " ",
        "a b",
        "a\nb",
        "a\r\nSet-Cookie: x",
        "dilys@pike.example",
        "é",
        "-a",
        "a" * (LONGEST + 1),
    ],
)
def test_an_id_that_is_missing_or_unfit_becomes_one_of_ours(given: str | None) -> None:
    found = request_id(given)
    assert found != given
    assert len(found) == 32
    assert found != request_id(given)
