"""Mails that ask to acknowledge that work is kept apart: who gets one, how often, without any name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import F
from django.test import override_settings

from ringfence.access.notices import NoticeKind
from ringfence.core.commands.definitions import AcknowledgeWall, LowerWall, RaiseWall
from ringfence.core.values import Side
from ringfence.firms.models import Notice
from ringfence.jobs.remind_of_walls import remind_of_walls
from tests.notices.people import all_kept, everybody_came_in, give, sent, told
from tests.web.cast import CAI, DILYS, FORTUNE, OWEN, make_cast

DAY = 86_400_000_000


@pytest.fixture
def firm(db: None) -> Iterator[int]:
    """Cai stands behind a wall from Fortune 500."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        found = make_cast().firm
        everybody_came_in()
        sides = Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE}))
        give(found, RaiseWall(name="Merger Q", sides=sides, reason="A bid"), OWEN)
        sent()
        yield found


def asked(firm: int, member: int = CAI) -> int:
    remind_of_walls.func()
    return sum(each.kind is NoticeKind.WALL_ASKED for each in all_kept(firm, member))


def test_who_is_on_a_side_is_asked_and_nobody_else(firm: int) -> None:
    asked(firm)
    assert list(sent()) == told("cai")
    assert asked(firm, DILYS) == 0


def test_the_mail_names_neither_the_wall_nor_its_reason_nor_a_client(firm: int) -> None:
    asked(firm)
    mail = sent()["cai@pike.example"]
    assert f"/firms/{firm}/your-account/kept-apart" in mail
    assert not any(word in mail for word in ("Merger", "bid", "Fortune"))


def test_who_has_not_acknowledged_is_asked_once_a_week(firm: int) -> None:
    assert (asked(firm), asked(firm)) == (1, 1)
    Notice.objects.update(at=F("at") - 6 * DAY)
    assert asked(firm) == 1
    Notice.objects.update(at=F("at") - DAY)
    assert (asked(firm), asked(firm)) == (2, 2)


def test_who_has_acknowledged_is_not_asked(firm: int) -> None:
    give(firm, AcknowledgeWall(wall=1), CAI)
    assert asked(firm) == 0


def test_nobody_is_asked_about_a_wall_that_is_lowered(firm: int) -> None:
    give(firm, LowerWall(wall=1), OWEN)
    assert asked(firm) == 0
