"""Decisions about a firm that has moved to another database, asked at the old one."""

import pytest

from ringfence.cli.placing.moving import remove
from ringfence.firms.models import FirmMove
from tests.decide.asking import Caller, question
from tests.decide.firm_asked import Firm

pytestmark = pytest.mark.database


@pytest.mark.parametrize("asked_before", [False, True])
def test_who_asks_where_the_firm_was_is_told_where_it_is(
    software: Caller, firm: Firm, monkeypatch: pytest.MonkeyPatch, asked_before: bool
) -> None:
    monkeypatch.setenv("RINGFENCE_DATABASES", "north=sqlite:///north south=sqlite:///south")
    monkeypatch.setenv("RINGFENCE_ADDRESSES", "south=https://south.example")
    asked = question("dilys", "view", "1")
    if asked_before:
        assert software.post("/access/v1/evaluation", asked).status == 200
    FirmMove.objects.create(number=firm.cast.firm, state="leaving", place="south", at=1)
    # While it is on its way, what is read here cannot change.
    assert software.post("/access/v1/evaluation", asked).status == 200 or not asked_before
    remove(firm.cast.firm, "south")
    told = software.post("/access/v1/evaluation", asked)
    assert told.status == 421
    assert "https://south.example" in told.text
