"""A firm on its way to another database, and one that has left, as people and their software see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, OperationalError

from ringfence.access import FirmClosed
from ringfence.access.closing import keep_closed
from ringfence.access.connection import answering
from ringfence.cli.placing.moving import remove
from ringfence.cli.processes.changes_answers import moved as feed_moved
from ringfence.core.commands.definitions import AddMember
from ringfence.firms.models import FirmMove, Service, SignIn, SignInProvider
from ringfence.store.moved import CLOSED, FirmMoved
from tests.api.caller import Caller, caller_as
from tests.scim.directory import bulk_of, directory_of
from tests.web.cast import OWEN, do
from tests.web.checks import PageClient

if TYPE_CHECKING:
    from tests.web.cast import Cast

pytestmark = pytest.mark.database

SOUTH = "https://south.example"


@pytest.fixture(autouse=True)
def two_databases(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.NAMED_DATABASES = {"north": "sqlite:///north", "south": "sqlite:///south"}
    settings.DATABASE_NAME, settings.OTHER_ADDRESSES = "north", {"south": SOUTH}
    monkeypatch.setenv("RINGFENCE_DATABASES", "north=sqlite:///north south=sqlite:///south")
    monkeypatch.setenv("RINGFENCE_DATABASE", "north")
    monkeypatch.setenv("RINGFENCE_ADDRESSES", f"south={SOUTH}")


def close(cast: Cast) -> None:
    """The firm is on its way."""
    FirmMove.objects.create(number=cast.firm, state="leaving", place="south", at=1)
    keep_closed()


def leave(cast: Cast, firm: int = 0) -> None:
    """The firm has left."""
    number = firm or cast.firm
    FirmMove.objects.create(number=number, state="leaving", place="south", at=1)
    remove(number, "south")


@pytest.mark.parametrize("kind", [IntegrityError, OperationalError])
def test_what_a_trigger_refuses_is_a_firm_that_is_closed(kind: type[Exception], db: None) -> None:
    with pytest.raises(FirmClosed), answering():
        raise kind(CLOSED)


def test_pages_of_a_closed_firm_are_read_and_its_forms_refused(cast: Cast, owen: PageClient) -> None:
    close(cast)
    assert owen.get(f"/firms/{cast.firm}/clients").status_code == 200
    owen.raise_request_exception = False
    answer = owen.post(f"/firms/{cast.firm}/manage/services/add", {"name": "Audit"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Your firm is being moved" in answer.content.decode()
    assert not Service.objects.filter(firm=cast.firm, name="Audit").exists()


def test_the_api_reads_a_closed_firm_and_says_that_it_moves(cast: Cast) -> None:
    owen = caller_as(cast.firm, OWEN)
    close(cast)
    assert owen.get("/clients").status == 200
    answer = owen.post("/services", {"service": "Audit"})
    assert (answer.status, answer.code, answer.headers["Retry-After"]) == (503, "moving", "30")


def test_provisioning_of_a_closed_firm_is_told_to_come_again(cast: Cast) -> None:
    directory = directory_of(cast.firm, OWEN)
    close(cast)
    answer = directory.user("new@pike.example")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")


@pytest.mark.parametrize("seconds", [60, -1])
def test_a_bulk_request_to_a_closed_firm_is_told_to_come_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    # Also where it would commit on the way, before its second step.
    monkeypatch.setattr("ringfence.access.series.MOST_SECONDS", seconds)
    directory = directory_of(cast.firm, OWEN)
    close(cast)
    answer = directory.ask("POST", "/Bulk", bulk_of("new@pike.example", "newer@pike.example"))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "30")


def test_software_of_a_firm_that_left_is_told_where_it_is(cast: Cast) -> None:
    owen, directory = caller_as(cast.firm, OWEN), directory_of(cast.firm, OWEN)
    leave(cast)
    answer = owen.get("/clients")
    assert (answer.status, answer.code) == (421, "moved")
    assert SOUTH in answer.body["detail"]
    told = directory.get("/Users")
    assert told.status == 421
    assert SOUTH in told.body["detail"]
    assert SOUTH.encode() in feed_moved(FirmMoved("south")).answer.body


def test_who_has_no_token_of_the_firm_is_told_nothing(cast: Cast) -> None:
    leave(cast)
    assert Caller("ringfence_" + "a" * 40).get("/clients").status == 401


def leave_signed_in(cast: Cast, member: PageClient, name: str = "Owen") -> None:
    """The firm has left, while somebody was signed in in this browser."""
    SignIn.objects.create(
        session=str(member.session.session_key), user=cast.users[name], began_at="2026-11-30T09:00:00Z"
    )
    leave(cast)


def test_a_page_of_a_firm_that_left_leads_members_to_the_same_page_there(
    cast: Cast, owen: PageClient
) -> None:
    leave_signed_in(cast, owen)
    answer = owen.get(f"/firms/{cast.firm}/clients?q=oak")
    assert (answer.status_code, answer["Location"]) == (307, f"{SOUTH}/firms/{cast.firm}/clients?q=oak")
    assert "no-store" in answer["Cache-Control"]
    assert owen.get("/")["Location"] == f"{SOUTH}/"


def test_who_is_in_another_firm_here_is_led_on_however_late(cast: Cast, owen: PageClient) -> None:
    do(cast.other, AddMember(name="Owen", email=cast.users["Owen"].email))
    leave(cast)
    assert owen.get(f"/firms/{cast.firm}/clients")["Location"] == f"{SOUTH}/firms/{cast.firm}/clients"
    # The firms that they have here.
    assert owen.get("/").status_code != 307


def test_a_session_in_two_firms_that_have_both_left_leads_to_both(cast: Cast, owen: PageClient) -> None:
    do(cast.other, AddMember(name="Owen", email=cast.users["Owen"].email))
    leave_signed_in(cast, owen)
    leave(cast, cast.other)
    for firm in (cast.firm, cast.other):
        assert owen.get(f"/firms/{firm}/clients")["Location"] == f"{SOUTH}/firms/{firm}/clients"
    assert owen.get("/")["Location"] == f"{SOUTH}/"


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["nobody", "Lena"])
def test_a_stranger_learns_nothing_of_a_firm_that_left(cast: Cast, method: str, who: str) -> None:
    leave(cast)
    told = []
    for number in (cast.firm, 999):
        client = PageClient()
        if who != "nobody":
            client.force_login(cast.users[who])
        answer = getattr(client, method)(f"/firms/{number}/clients")
        told.append((answer.status_code, answer.headers.get("Location", "").replace(str(number), "N")))
    assert told[0] == told[1]
    assert told[0][0] in {302, 404, 405}


def test_a_form_that_comes_to_the_old_place_is_not_sent_on(cast: Cast, owen: PageClient) -> None:
    leave_signed_in(cast, owen)
    answer = owen.post(f"/firms/{cast.firm}/manage/services/add", {"name": "Audit"})
    assert answer.status_code == 421
    assert SOUTH in answer.content.decode()


def test_a_firm_is_found_by_its_provider_too(cast: Cast) -> None:
    SignInProvider.objects.create(firm_id=cast.firm, number=1, uid="uid-of-pike", state="on")
    leave(cast)
    assert PageClient().get("/sign-in/with/uid-of-pike")["Location"] == f"{SOUTH}/sign-in/with/uid-of-pike"


def test_the_sign_in_page_names_the_other_addresses(db: None) -> None:
    assert f'href="{SOUTH}/sign-in"' in PageClient().get("/sign-in").content.decode()


def test_they_lead_to_where_somebody_was_going(db: None) -> None:
    page = PageClient().get("/sign-in?next=/firms/7/clients%3Fq%3Doak").content.decode()
    assert f'href="{SOUTH}/sign-in?next=/firms/7/clients%3Fq%3Doak"' in page
