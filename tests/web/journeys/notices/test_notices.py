"""Notices on a page: the member's own, with what they may be told of now, read once they were opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.notices import NewNotice, NoticeKind, hand_down
from ringfence.core.commands.definitions import On, RaiseWall, SetGrant, TurnOn
from ringfence.core.terms import Level, member_subject
from ringfence.core.values import Side
from ringfence.jobs.tell_changes import Ledgers
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do
from tests.web.reading import checked, heading, link, names, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Dilys was given Fortune 500, and was told so."""
    give(cast.firm, CAI, FORTUNE)
    give(cast.firm, OWEN, BAKER)
    do(cast.firm, TurnOn())
    nothing_to_tell()
    give(cast.firm, DILYS, FORTUNE, by=OWEN)
    Ledgers().tell()
    return cast


def give(firm: int, member: int, client: int, *, by: int | None = None) -> None:
    command = SetGrant(to=(member_subject(member),), on=On.client(client), level=Level.EDITOR)
    do(firm, command, by)


def test_a_notice_stands_in_the_list_without_a_clients_name_and_says_it_when_it_is_opened(
    told: Cast, dilys: PageClient
) -> None:
    listed = dilys.get(reverse("notices", args=[told.firm]))
    assert "1 notice, 1 unread" in text(listed)
    assert names(listed) == ["Your access in Pike & Marlow has changed New"]
    assert "Fortune" not in text(listed)
    opened = dilys.get(link(listed, "Your access in Pike & Marlow has changed"))
    assert heading(opened) == "Your access in Pike & Marlow has changed"
    assert "You can now open 1 client, or more of it than before: Fortune 500" in text(opened)
    assert link(opened, "Open the client") == reverse("client", args=[told.firm, FORTUNE])


def test_many_notices_of_an_entry_that_tells_nothing_ask_no_more_than_a_few(
    told: Cast, dilys: PageClient, django_assert_max_num_queries: Any
) -> None:
    many = [NewNotice(member=DILYS, kind=NoticeKind.CONTROL_TURNED)] * 20
    hand_down(told.firm, 0, many, entry=1)
    with django_assert_max_num_queries(12):
        listed = dilys.get(reverse("notices", args=[told.firm]))
    assert "21 notices" in text(listed)


def test_what_was_opened_is_read(told: Cast, dilys: PageClient) -> None:
    dilys.get(reverse("notice", args=[told.firm, 1]))
    listed = dilys.get(reverse("notices", args=[told.firm]))
    assert "unread" not in text(listed)
    assert "New" not in names(listed)[0]


def test_all_are_marked_as_read_at_once(told: Cast, dilys: PageClient) -> None:
    done = dilys.post(reverse("notices", args=[told.firm]), follow=True)
    assert "All notices are marked as read." in text(done)
    assert "unread" not in text(done)


def test_a_notice_whose_client_one_may_not_be_told_of_now_says_nothing_of_it(
    told: Cast, dilys: PageClient
) -> None:
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    do(told.firm, RaiseWall(name="Quiet", sides=sides))
    listed = dilys.get(reverse("notices", args=[told.firm]))
    assert names(listed) == ["What this was about no longer concerns you New"]
    opened = dilys.get(reverse("notice", args=[told.firm, 1]))
    assert heading(opened) == "What this was about no longer concerns you"
    assert "Fortune" not in text(opened)


def test_anothers_notice_is_not_there(told: Cast, cai: PageClient) -> None:
    assert cai.get(reverse("notice", args=[told.firm, 1])).status_code == 404
    assert "You have no notices" in text(cai.get(reverse("notices", args=[told.firm])))


def test_home_counts_what_is_new_for_who_begins_there(told: Cast, owen: PageClient) -> None:
    give(told.firm, OWEN, FORTUNE, by=OWEN)
    home = owen.get(reverse("firm-home", args=[told.firm]))
    assert "new notice" not in text(home)
    do(told.firm, SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.OWNER))
    Ledgers().tell()
    home = owen.get(reverse("firm-home", args=[told.firm]))
    assert link(home, "You have 1 new notice.") == reverse("notices", args=[told.firm])


def test_every_page_leads_there_and_counts_what_is_new(
    told: Cast, dilys: PageClient, cai: PageClient
) -> None:
    address = reverse("your-account", args=[told.firm])
    assert link(dilys.get(address), "Notices (1)") == reverse("notices", args=[told.firm])
    assert link(cai.get(address), "Notices") == reverse("notices", args=[told.firm])


def test_what_comes_by_mail_is_found_from_your_account(cast: Cast, dilys: PageClient) -> None:
    account = dilys.get(reverse("your-account", args=[cast.firm]))
    assert link(account, "Notices by e-mail") == reverse("choose-notices", args=[cast.firm])


def test_one_chooses_what_comes_by_mail(cast: Cast, dilys: PageClient) -> None:
    address = reverse("choose-notices", args=[cast.firm])
    assert checked(dilys.get(address)) == ["changes", "endings", "reviews"]
    saved = dilys.post(address, {"by-mail": ["endings"]}, follow=True)
    assert "Your choice is saved." in text(saved)
    assert checked(saved) == ["endings"]


def test_without_a_mail_server_the_choice_says_so(cast: Cast, dilys: PageClient) -> None:
    with override_settings(SENDS_MAIL=False):
        said = text(dilys.get(reverse("choose-notices", args=[cast.firm])))
    assert "No e-mail is sent here yet: no mail server is named." in said
