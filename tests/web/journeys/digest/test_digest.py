"""One's own daily digest: on and off, single clients left out, and the link in a mail that stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access.clock import clock
from ringfence.access.digest.choices import choose, wanted_by
from ringfence.access.digest.stop_links import stop_key
from ringfence.core.commands.definitions import (
    ChangeClient,
    ChangeSettings,
    On,
    RaiseWall,
    RemoveGrant,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import DigestChoice, Firm
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do, make_cast
from tests.web.reading import checked, errors, heading, link, names, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


@pytest.fixture
def cast(db: None) -> Cast:
    """A company that keeps to the kyc document, with control on."""
    cast = make_cast("kyc")
    do(cast.firm, TurnOn())
    return cast


def yours(client: PageClient, cast: Cast, **sent: Any) -> Any:
    address = reverse("your-digest", args=[cast.firm])
    return client.post(address, sent, follow=True) if sent else client.get(address)


def of_client(client: PageClient, cast: Cast, number: int = FORTUNE, **sent: Any) -> Any:
    return client.post(reverse("client-digest", args=[cast.firm, number]), sent, follow=True)


def test_everybody_gets_it_until_they_say_otherwise(cast: Cast, cai: PageClient) -> None:
    assert wanted_by(cast.firm, CAI).whole
    assert not DigestChoice.objects.exists()
    assert "at 07:00 by your firm’s clocks" in text(yours(cai, cast))


def test_it_is_turned_off_and_on(cast: Cast, cai: PageClient, settings: Any) -> None:
    settings.SENDS_MAIL = True
    assert "You get no daily digest any more." in text(yours(cai, cast, wanted="no"))
    assert not wanted_by(cast.firm, CAI).whole
    assert wanted_by(cast.firm, DILYS).whole
    shown = text(yours(cai, cast, wanted="yes"))
    assert "You get a daily digest from now on." in shown
    assert "You chose yes on " in shown
    assert wanted_by(cast.firm, CAI).whole


def test_without_a_mail_server_no_digest_is_promised(cast: Cast, cai: PageClient) -> None:
    yours(cai, cast, wanted="no")
    assert "You get a daily digest once mail is sent here." in text(yours(cai, cast, wanted="yes"))


def test_every_choice_is_kept_and_none_that_changes_nothing(cast: Cast, cai: PageClient) -> None:
    for wanted in ("yes", "no", "no", "yes"):
        yours(cai, cast, wanted=wanted)
    kept = DigestChoice.objects.filter(firm=cast.firm, member=CAI).order_by("version")
    assert list(kept.values_list("version", "wanted")) == [(1, False), (2, True)]


def test_without_an_answer_nothing_is_changed(cast: Cast, cai: PageClient) -> None:
    response = yours(cai, cast, wanted="perhaps")
    assert errors(response) == [("Select yes if you want a daily digest", "#wanted")]
    assert not DigestChoice.objects.exists()


def test_a_client_is_left_out_and_taken_in_again(cast: Cast, cai: PageClient) -> None:
    assert "Fortune 500 is left out of your daily digest." in text(of_client(cai, cast))
    assert wanted_by(cast.firm, CAI).off == BitMap([FORTUNE])
    assert names(yours(cai, cast)) == ["Fortune 500"]
    assert "Fortune 500 is in your daily digest." in text(of_client(cai, cast, wanted="yes"))
    assert not wanted_by(cast.firm, CAI).off


def test_the_box_leads_back_to_where_it_stands(cast: Cast, cai: PageClient) -> None:
    response = of_client(cai, cast, page="client")
    assert response.redirect_chain[-1][0] == reverse("client", args=[cast.firm, FORTUNE])
    response = of_client(cai, cast, page="https://evil.example/")
    assert response.redirect_chain[-1][0] == reverse("your-digest", args=[cast.firm])


def test_a_client_that_one_cannot_open_is_not_there(cast: Cast, cai: PageClient) -> None:
    of_client(cai, cast)
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE, BAKER})))
    do(cast.firm, RaiseWall(name="Quiet", sides=sides))
    assert of_client(cai, cast, BAKER).status_code == 404
    assert names(yours(cai, cast)) == []
    assert "Fortune" not in text(yours(cai, cast))


def test_those_left_out_are_found_by_name(cast: Cast, cai: PageClient) -> None:
    for client in (FORTUNE, BAKER):
        of_client(cai, cast, client)
    found = cai.get(reverse("your-digest", args=[cast.firm]), {"search": "bak"})
    assert names(found) == ["Baker & Sons"]


@pytest.mark.parametrize("command", [TurnOff(), ChangeSettings(values={"digest": False})])
def test_where_none_is_sent_it_is_said_so(command: Any, cast: Cast, cai: PageClient) -> None:
    do(cast.firm, command)
    shown = yours(cai, cast)
    assert "Your firm sends no daily digest at present." in text(shown)
    assert "Do you want" not in text(shown)
    assert "Your daily digest" not in text(cai.get(reverse("your-account", args=[cast.firm])))


def test_your_account_leads_to_it(cast: Cast, cai: PageClient) -> None:
    account = cai.get(reverse("your-account", args=[cast.firm]))
    assert link(account, "Your daily digest") == reverse("your-digest", args=[cast.firm])


def test_the_box_stands_on_the_page_on_which_the_client_is_shared(cast: Cast, cai: PageClient) -> None:
    panel = reverse("share-client", args=[cast.firm, FORTUNE])
    assert checked(cai.get(panel)) == ["yes"]
    assert of_client(cai, cast, page="share-client").redirect_chain[-1][0] == panel
    assert checked(cai.get(panel)) == []
    yours(cai, cast, wanted="no")
    shown = cai.get(panel)
    assert "You have turned off your daily digest" in text(shown)
    assert checked(shown) == []


def test_who_cannot_open_the_client_has_no_box(cast: Cast, cai: PageClient) -> None:
    do(cast.firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(FORTUNE)))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.EDITOR))
    shown = cai.get(reverse("share-client", args=[cast.firm, FORTUNE]))
    assert shown.status_code == 200
    assert "daily digest" not in text(shown)


def so_far(client: PageClient, cast: Cast) -> Any:
    return client.get(reverse("digest-so-far", args=[cast.firm]))


def test_what_the_next_one_would_say_is_shown(cast: Cast, cai: PageClient, dilys: PageClient) -> None:
    Firm.objects.update(digested=clock())
    assert "Nothing has happened yet" in text(so_far(cai, cast))
    do(cast.firm, ChangeClient(client=FORTUNE, name="Renamed"), OWEN)
    do(cast.firm, ChangeClient(client=BAKER, name="Bakers"), OWEN)
    of_client(dilys, cast, BAKER)
    shown = so_far(cai, cast)
    assert link(shown, "Renamed") == reverse("client", args=[cast.firm, FORTUNE])
    assert "Name, reference or kind changed by Owen" in text(shown)
    assert "Bakers" not in text(so_far(dilys, cast))
    assert link(yours(cai, cast), "See your next daily digest, as it is now") == shown.request["PATH_INFO"]


def test_what_one_cannot_open_is_not_shown(cast: Cast, cai: PageClient) -> None:
    Firm.objects.update(digested=clock())
    do(cast.firm, ChangeClient(client=FORTUNE, name="Renamed"), OWEN)
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))
    do(cast.firm, RaiseWall(name="Quiet", sides=sides))
    assert "Renamed" not in text(so_far(cai, cast))


def test_the_page_of_notices_leads_to_the_digest(cast: Cast, cai: PageClient) -> None:
    chosen = cai.get(reverse("choose-notices", args=[cast.firm]))
    assert link(chosen, "Your daily digest") == reverse("your-digest", args=[cast.firm])


# --- The link in a mail


def stop(cast: Cast, member: int = CAI) -> str:
    return reverse("stop-digest", args=[stop_key(cast.firm, member)])


def test_looking_at_the_link_asks_and_changes_nothing(cast: Cast, visitor: PageClient) -> None:
    assert heading(visitor.get(stop(cast))) == "Do you want to stop your daily digest?"
    visitor.head(stop(cast))
    assert wanted_by(cast.firm, CAI).whole


def test_one_click_of_a_program_for_mail_stops_it(cast: Cast) -> None:
    """RFC 8058: a POST without cookies or any sign of where it comes from, answered without leading on."""
    response = Client(enforce_csrf_checks=True).post(
        stop(cast), "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert not wanted_by(cast.firm, CAI).whole
    assert DigestChoice.objects.get().by_link


def test_a_person_who_follows_the_link_stops_it_without_signing_in(cast: Cast, visitor: PageClient) -> None:
    response = visitor.post(stop(cast))
    assert heading(response) == "Your daily digest is stopped"
    assert link(response, "Turn it on again") == reverse("your-digest", args=[cast.firm])


def test_who_stopped_it_by_the_link_is_told_when_they_look(cast: Cast, cai: PageClient) -> None:
    choose(cast.firm, CAI, wanted=False, by_link=True)
    assert "You stopped it on " in text(yours(cai, cast))
    assert "by the link in an e-mail." in text(yours(cai, cast))


def test_the_link_stops_nobody_elses(cast: Cast, visitor: PageClient) -> None:
    visitor.post(stop(cast))
    assert [wanted_by(cast.firm, each).whole for each in (CAI, DILYS)] == [False, True]


@pytest.mark.parametrize("key", ["none", "1:3", "1:3:forged", "::", "a" * 500])
def test_what_we_did_not_sign_stops_nothing(key: str, cast: Cast, visitor: PageClient) -> None:
    for ask in (visitor.get, visitor.post):
        assert ask(reverse("stop-digest", args=[key])).status_code == 404
    assert not DigestChoice.objects.exists()


def test_a_link_with_another_member_in_it_is_not_ours(cast: Cast, visitor: PageClient) -> None:
    forged = stop(cast).replace(f":{CAI}:", f":{DILYS}:")
    assert forged != stop(cast)
    assert visitor.post(forged).status_code == 404
