"""The past in the browser: who had access on another day, what a member could open, who had it when."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from ringfence.access import Working, entries_numbered
from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeMember,
    LowerWall,
    On,
    RaiseWall,
    RemoveClient,
    RemoveFromGroup,
    RenameGroup,
    SetGrant,
)
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Firm, LedgerEntry
from ringfence.wording.times import second_text
from tests.web.cast import CAI, DILYS, FORTUNE, OWEN, VAT_GROUP, Cast, do, grouped
from tests.web.reading import errors, link, names, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

DAY = 86_400_000_000
NOON = 1_772_539_200_000_000
"""3 March 2026, 12:00 in London."""


@pytest.fixture
def week(cast: Cast) -> Cast:
    """One change a day at noon: Cai's group is made on 2 March, control is turned on on the 3rd.

    On the 4th Dilys joins the group, on the 5th Cai leaves it, on the 6th it is renamed, on the 7th Dilys is
    given all of Fortune 500.
    """
    grouped(cast.firm)
    last = int(LedgerEntry.objects.filter(firm=cast.firm).count())
    do(cast.firm, AddToGroup(group=VAT_GROUP, members=frozenset({DILYS})), OWEN)
    do(cast.firm, RemoveFromGroup(group=VAT_GROUP, members=frozenset({CAI})), OWEN)
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="Milk"))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.OWNER))
    for entry in LedgerEntry.objects.filter(firm=cast.firm).order_by("number"):
        at = NOON + (entry.number - last) * DAY
        LedgerEntry.objects.filter(firm=cast.firm, number=entry.number).update(at=at)
    Firm.objects.filter(pk=cast.firm).update(changed_at=at)
    return cast


def then(who: PageClient, cast: Cast, **query: str) -> Any:
    return who.get(reverse("client-then", args=[cast.firm, FORTUNE]), query)


def reached(who: PageClient, cast: Cast, member: int, **query: str) -> Any:
    return who.get(reverse("member-then", args=[cast.firm, member]), query)


def between(who: PageClient, cast: Cast, first: str = "", last: str = "") -> Any:
    address = reverse("client-between", args=[cast.firm, FORTUNE])
    return who.get(address, {"from": first, "to": last})


def access_of(response: Any) -> dict[str, str]:
    """Each person's access."""
    return {row[0]: row[1] for row in rows(response)}


def test_a_day_is_seen_at_its_close(week: Cast, owen: PageClient) -> None:
    # Until noon of the 3rd control was off.
    assert names(then(owen, week, day="2 3 2026")) == ["Cai", "Dilys", "Owen"]
    assert access_of(then(owen, week, day="2 3 2026"))["Dilys"] == "Can view and manage"
    told = access_of(then(owen, week, day="3 March 2026"))
    assert told["Cai"] == "Can view and manage"
    assert told["Dilys"] == "1 of its 2 services"


def test_a_time_of_day_is_seen_at_that_moment(week: Cast, owen: PageClient) -> None:
    before = then(owen, week, day="4 3 2026", time="11:59")
    after = then(owen, week, day="4 3 2026", time="12:00")
    assert access_of(before)["Dilys"] == "1 of its 2 services"
    assert access_of(after)["Dilys"] == "Can view and manage"


def test_groups_have_the_names_of_that_time(week: Cast, owen: PageClient) -> None:
    assert "Access group VAT team" in text(then(owen, week, day="5 3 2026"))
    later = text(then(owen, week, day="6 3 2026"))
    assert "Access group Milk" in later
    assert "VAT team" not in later


def test_people_have_the_names_of_that_time(week: Cast, owen: PageClient) -> None:
    do(week.firm, ChangeMember(member=CAI, name="Caio"))
    assert "Cai" in names(then(owen, week, day="5 3 2026"))


def test_two_days_are_compared(week: Cast, owen: PageClient) -> None:
    response = then(owen, week, **{"day": "4 3 2026", "other-day": "7 3 2026"})
    # What Dilys was given on all of it is closed to those who had a part.
    assert {row[0]: row[1:3] for row in rows(response)} == {
        "Cai": ["Lost access", "Can view and manage, then: No access"],
        "Dilys": ["Access changed", "Can view and manage, then: Can view, manage and remove"],
        "Owen": ["Lost access", "1 of its 2 services, then: No access"],
    }


def test_before_the_firm_was_there_nothing_can_be_said(week: Cast, owen: PageClient) -> None:
    told = "Your firm was not there yet: its ledger begins on %s."
    begins = second_text(entries_numbered(week.firm, [1])[0].at, ZoneInfo("Europe/London"))
    assert told % begins in text(then(owen, week, day="1 1 2020"))


NO_TIME = "Enter a time, such as 14:30, or leave it empty for the end of the day"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"day": "soon"}, ("Enter a day, such as 27 3 2026", "#day")),
        ({"day": "1 1 2999"}, ("Enter a moment that is over", "#day")),
        ({"day": "5 3 2026", "time": "25:00"}, (NO_TIME, "#time")),
        ({"other-day": "5 3 2026"}, ("Enter the day that you want to see", "#day")),
        (
            {"day": "5 3 2026", "other-time": "9:00"},
            ("Enter the day that this time belongs to", "#other-day"),
        ),
    ],
)
def test_what_is_no_past_moment_is_said_and_kept(
    query: dict[str, str], error: tuple[str, str], week: Cast, owen: PageClient
) -> None:
    response = then(owen, week, **query)
    assert errors(response) == [error]
    assert all(f'value="{typed}"' in response.content.decode() for typed in query.values())


def test_a_removed_client_is_still_seen_as_it_was(week: Cast, owen: PageClient) -> None:
    do(week.firm, RemoveClient(client=FORTUNE))
    assert names(then(owen, week, day="4 3 2026")) == ["Cai", "Dilys", "Owen"]
    assert owen.get(reverse("client-then", args=[week.firm, 9999])).status_code == 404


def test_what_a_member_could_open_is_listed_with_its_ways(week: Cast, owen: PageClient) -> None:
    found = {row[0]: row[1:] for row in rows(reached(owen, week, CAI, day="4 3 2026"))}
    assert found["Fortune 500"][0].endswith("Can view and manage")
    assert "VAT: Access group VAT team" in found["Fortune 500"][1]
    assert "Income Tax: Open to everybody" in found["Fortune 500"][1]
    assert len(found) == 6
    assert names(reached(owen, week, CAI, day="4 3 2026", search="baker")) == ["Baker & Sons"]


def test_what_a_member_gained_and_lost_between_two_days(week: Cast, owen: PageClient) -> None:
    response = reached(owen, week, CAI, day="4 3 2026", **{"other-day": "5 3 2026"})
    assert "Gained: 0" in text(response)
    changed = owen.get(link(response, "Access changed: 1"))
    assert access_of(changed) == {"Fortune 500": "Can view and manage, then: 1 of its 2 services"}


def test_two_moments_open_on_the_first_change_that_there_is(week: Cast, owen: PageClient) -> None:
    response = reached(owen, week, CAI, day="4 3 2026", **{"other-day": "5 3 2026"})
    assert access_of(response) == {"Fortune 500": "Can view and manage, then: 1 of its 2 services"}
    assert names(owen.get(link(response, "Gained: 0"))) == []


def test_a_member_who_was_not_there_yet(week: Cast, owen: PageClient) -> None:
    first = LedgerEntry.objects.filter(firm=week.firm).order_by("number").values_list("at", flat=True)[0]
    day = 3 - (NOON - first) // DAY
    assert day < 0
    response = reached(owen, week, DILYS, day=f"{28 + day} 2 2026")
    assert "This team member was not there yet then." in text(response)


def test_who_could_open_it_between_two_days_even_for_a_day(week: Cast, owen: PageClient) -> None:
    response = between(owen, week, "4/3/2026", "7/3/2026")
    mine = [row for row in rows(response) if row[0] == "Cai"]
    assert [row[1:4] for row in mine] == [
        ["4 March 2026, 00:00:00 or earlier", "5 March 2026, 12:00:00", "Can view and manage"],
        ["5 March 2026, 12:00:00", "7 March 2026, 12:00:00", "1 of its 2 services"],
    ]
    assert "VAT: Access group Milk" in mine[0][4]


def test_the_list_of_it_has_the_same_rows(week: Cast, owen: PageClient) -> None:
    page = between(owen, week, "4/3/2026", "7/3/2026")
    taken = owen.get(link(page, "Take this as CSV"))
    head, *lines = csv.reader(io.StringIO(taken.content.decode("utf-8-sig")))
    assert head == ["Name", "From", "Until", "Access", "By what"]
    assert [line[0] for line in lines] == names(page)
    assert owen.get(link(page, "Take this as XLSX")).content.startswith(b"PK")


def test_days_that_are_none_are_said(week: Cast, owen: PageClient) -> None:
    assert errors(between(owen, week, "8/3/2026", "5/3/2026")) == [
        ("The last day must not be before the first", "#to")
    ]
    assert errors(between(owen, week, "8/3/2026")) == [("Enter a day, such as 27 3 2026", "#to")]
    assert errors(between(owen, week, "1/1/2999", "2/1/2999")) == [("Enter a day that has begun", "#from")]


def test_long_work_shows_what_is_being_worked_out(
    week: Cast, owen: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Working(120, 4_000)
    monkeypatch.setattr("ringfence.access.past.asking.asked", lambda key, total, answer: told)
    response = then(owen, week, day="5 3 2026")
    assert "120 of 4,000 entries of the ledger have been gone through." in text(response)
    assert link(response, "Look again").endswith("day=5+3+2026")


def test_the_past_is_for_who_reads_everybodys_access(week: Cast, ada: PageClient, cai: PageClient) -> None:
    for reader, status in ((ada, 200), (cai, 403)):
        assert then(reader, week).status_code == status
        assert reached(reader, week, CAI).status_code == status
        assert between(reader, week).status_code == status


@pytest.fixture
def walled(cast: Cast) -> Cast:
    """Cai is given Fortune 500 for good, and stands behind a wall from it from 2 to 5 March at noon."""
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.READER))
    sides = Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE}))
    do(cast.firm, RaiseWall(name="Merger", sides=sides))
    do(cast.firm, LowerWall(wall=1))
    *earlier, raised, lowered = LedgerEntry.objects.filter(firm=cast.firm).order_by("number")
    for entry in earlier:
        LedgerEntry.objects.filter(pk=entry.pk).update(at=NOON - 10 * DAY)
    for entry, at in ((raised, NOON - DAY), (lowered, NOON + 2 * DAY)):
        LedgerEntry.objects.filter(pk=entry.pk).update(at=at)
    Firm.objects.filter(pk=cast.firm).update(changed_at=NOON + 2 * DAY)
    return cast


def kept(who: PageClient, cast: Cast, **query: str) -> Any:
    return who.get(reverse("walls-kept", args=[cast.firm]), query)


def test_what_a_lowered_wall_kept_from_whom_is_told_by_date(walled: Cast, owen: PageClient) -> None:
    (row,) = rows(kept(owen, walled, **{"from": "1 3 2026", "to": "10 3 2026"}))
    assert (row[0], row[1]) == ("Merger", "Cai")
    assert row[2:4] == ["2 March 2026, 12:00:00", "5 March 2026, 12:00:00"]
    assert "Fortune 500" in row[4]


def test_what_walls_kept_takes_few_statements_once_the_state_before_is_known(
    walled: Cast, owen: PageClient, django_assert_max_num_queries: Any
) -> None:
    days = {"from": "1 3 2026", "to": "10 3 2026"}
    kept(owen, walled, **days)
    with django_assert_max_num_queries(12):
        kept(owen, walled, **days)


def test_a_stretch_that_goes_beyond_the_days_says_so(walled: Cast, owen: PageClient) -> None:
    (row,) = rows(kept(owen, walled, **{"from": "3 3 2026", "to": "3 3 2026"}))
    assert "or earlier" in row[2]
    assert "or later" in row[3]


def test_a_day_without_a_wall_has_nothing_kept(walled: Cast, owen: PageClient) -> None:
    page = kept(owen, walled, **{"from": "8 3 2026", "to": "9 3 2026"})
    assert "No wall kept anybody from anything" in text(page)
    assert "csv" not in page.content.decode()


def test_what_walls_kept_is_searched_by_wall_and_member(walled: Cast, owen: PageClient) -> None:
    days = {"from": "1 3 2026", "to": "10 3 2026"}
    assert len(rows(kept(owen, walled, **days, search="merg"))) == 1
    assert len(rows(kept(owen, walled, **days, search="cai"))) == 1
    assert rows(kept(owen, walled, **days, search="dilys")) == []


def test_what_walls_kept_is_taken_as_a_file_and_noted(walled: Cast, owen: PageClient) -> None:
    before = LedgerEntry.objects.filter(firm=walled.firm).count()
    address = reverse("walls-kept-csv", args=[walled.firm])
    answer = owen.get(address, {"from": "1 3 2026", "to": "10 3 2026"})
    _headers, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[:3] == ["Merger", "Cai", "Fortune 500"]
    assert LedgerEntry.objects.filter(firm=walled.firm).count() == before + 1


def test_a_member_is_not_shown_what_walls_kept(walled: Cast, cai: PageClient) -> None:
    page = kept(cai, walled, **{"from": "1 3 2026", "to": "10 3 2026"})
    assert page.status_code == 403
    assert "Merger" not in page.content.decode()
