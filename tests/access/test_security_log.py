"""The security log: in which firms a line stands, and that nobody floods it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.access import OPERATOR, create_firm, execute
from ringfence.access import security_log as log
from ringfence.access.security_log import SecurityKind, SeenFrom, note
from ringfence.core.commands.definitions import AddMember, DeactivateMember
from ringfence.firms.models import Member, SecurityEvent
from ringfence.store.sources import StateUnavailable
from ringfence.wording.security_log import KINDS

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.both_databases

BETH = "beth@both.example"
HOME, CAFE = SeenFrom(address="192.0.2.1", browser="Firefox"), SeenFrom(address="198.51.100.7")


@pytest.fixture
def firms(db: None) -> tuple[int, int]:
    """Two firms in which Beth has a place, the second one's number 2."""
    first = create_firm("First", "agency", admin_email="ann@first.example", admin_name="Ann").firm
    second = create_firm("Second", "agency", admin_email="carl@second.example", admin_name="Carl").firm
    for firm in (first, second):
        execute(firm, AddMember(name="Beth", email=BETH), actor=OPERATOR)
    return first, second


def beth() -> int:
    return Member.objects.filter(name="Beth").values_list("user", flat=True)[0] or 0


def lines(firm: int) -> list[tuple[int, str, int, str]]:
    rows = SecurityEvent.objects.filter(firm=firm).order_by("last_at", "address")
    return list(rows.values_list("member", "kind", "count", "address"))


def test_what_happened_to_a_user_stands_in_each_firm_of_theirs(firms: tuple[int, int]) -> None:
    note(SecurityKind.SIGN_IN, user=beth(), source=HOME)
    for firm in firms:
        assert lines(firm) == [(2, "sign_in", 1, "192.0.2.1")]


def test_a_firm_that_somebody_has_left_is_not_told_of_their_sign_ins_elsewhere(
    firms: tuple[int, int],
) -> None:
    execute(firms[0], DeactivateMember(member=2), actor=OPERATOR)
    note(SecurityKind.SIGN_IN, user=beth())
    assert lines(firms[0]) == []
    assert lines(firms[1]) == [(2, "sign_in", 1, "")]


def test_who_has_no_active_place_any_more_is_noted_where_they_had_one(firms: tuple[int, int]) -> None:
    user = beth()
    for firm in firms:
        execute(firm, DeactivateMember(member=2), actor=OPERATOR)
    note(SecurityKind.SIGN_IN_FAILED, user=user)
    assert lines(firms[0]) == lines(firms[1]) == [(2, "sign_in_failed", 1, "")]


def test_one_place_is_noted_by_itself_and_nobody_by_zero(firms: tuple[int, int]) -> None:
    note(SecurityKind.SIGN_IN_REFUSED, firm=firms[0], member=2, details={"why": "not_invited"})
    note(SecurityKind.SIGN_IN_REFUSED, firm=firms[0], source=CAFE)
    assert sorted(lines(firms[0])) == [
        (0, "sign_in_refused", 1, "198.51.100.7"),
        (2, "sign_in_refused", 1, ""),
    ]
    assert lines(firms[1]) == []


def test_what_is_tried_with_an_address_of_nobody_is_counted_by_the_day_and_stands_in_no_firm(
    firms: tuple[int, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for source in (HOME, CAFE):
        with django_assert_num_queries(4):
            note(SecurityKind.SIGN_IN_FAILED, user=0, source=source)
    assert [lines(firm) for firm in firms] == [[], []]
    assert lines(0) == [(0, "sign_in_failed", 2, "")]


def test_each_sign_in_is_a_line_and_failures_of_an_hour_from_one_place_are_counted(
    firms: tuple[int, int],
) -> None:
    for source in (HOME, HOME, CAFE):
        note(SecurityKind.SIGN_IN_FAILED, user=beth(), source=source)
        note(SecurityKind.SIGN_IN, user=beth(), source=source)
    found = sorted(lines(firms[0]))
    assert found == [
        (2, "sign_in", 1, "192.0.2.1"),
        (2, "sign_in", 1, "192.0.2.1"),
        (2, "sign_in", 1, "198.51.100.7"),
        (2, "sign_in_failed", 1, "198.51.100.7"),
        (2, "sign_in_failed", 2, "192.0.2.1"),
    ]


@pytest.mark.parametrize("kind", [SecurityKind.SIGN_IN, SecurityKind.SIGN_IN_FAILED])
def test_a_flood_is_one_line_a_day_beyond_the_most(
    kind: SecurityKind, firms: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_OF_A_DAY", 5)
    for number in range(30):
        note(kind, user=beth(), source=SeenFrom(address=f"192.0.2.{number}"))
    found = lines(firms[0])
    assert len(found) == 6
    assert sum(count for _member, _kind, count, _address in found) == 30
    assert ("", 25) in {(address, count) for _member, _kind, count, address in found}
    note(SecurityKind.SIGN_OUT, user=beth())
    assert len(lines(firms[0])) == 7, "another kind has room of its own"


def test_noting_takes_two_statements_however_many_firms(
    firms: tuple[int, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = beth()
    with django_assert_num_queries(4) as asked:
        note(SecurityKind.SIGN_IN, user=user, source=HOME)
    said = [each["sql"].split()[0] for each in asked.captured_queries]
    assert said == ["SAVEPOINT", "SELECT", "INSERT", "RELEASE"]


def test_a_database_that_does_not_answer_makes_nobody_fail(
    firms: tuple[int, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> AbstractContextManager[None]:
        raise StateUnavailable("away")

    monkeypatch.setattr(log, "answering", away)
    note(SecurityKind.SIGN_IN, user=beth())
    assert "could not be noted" in caplog.text


def test_every_kind_has_its_sentence() -> None:
    assert set(KINDS) == {kind.value for kind in SecurityKind}


def test_what_fails_without_end_writes_seldom_and_is_counted_all_the_same(
    firms: tuple[int, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = beth()
    for _attempt in range(20):
        note(SecurityKind.SIGN_IN_LIMITED, user=user, source=HOME)
    with django_assert_num_queries(0):
        for _attempt in range(49):
            note(SecurityKind.SIGN_IN_LIMITED, user=user, source=HOME)
    note(SecurityKind.SIGN_IN_LIMITED, user=user, source=HOME)
    assert lines(firms[0]) == [(2, "sign_in_limited", 70, "192.0.2.1")]


def test_members_whom_nobody_signs_in_as_are_not_nobody(firms: tuple[int, int]) -> None:
    execute(firms[0], AddMember(name="Dai"), actor=OPERATOR)
    note(SecurityKind.SIGN_IN_FAILED, user=None)
    assert lines(firms[0]) == []
