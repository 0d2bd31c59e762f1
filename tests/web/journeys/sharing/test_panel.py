"""The one page that says who has access to a client and through what, for each who reads it (rules.md 4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.core.commands.definitions import (
    ChangeSettings,
    CreateGroup,
    On,
    OpenRequest,
    RaiseWall,
    RemoveGrant,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Level, group_subject, member_subject
from ringfence.core.values import Side
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, Cast, do, make_cast
from tests.web.reading import heading, link, rows, text

if TYPE_CHECKING:
    from ringfence.core.settings import Profile
    from tests.web.checks import PageClient

SignIn = Callable[[Cast, str], "PageClient"]
WHY = "To renew"


def panel(cast: Cast, client: int = BAKER) -> str:
    return reverse("share-client", args=[cast.firm, client])


def narrowed(profile: Profile = "kyc") -> Cast:
    """Control on; Baker & Sons is Cai's, its owner's, and a group's of which Dilys is not."""
    cast = make_cast(profile)
    firm = cast.firm
    if profile in ("agency", "kyc"):
        do(firm, TurnOn())
    do(firm, CreateGroup(name="Onboarding", members=frozenset({OWEN, CAI}), on=On.client(BAKER)))
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.OWNER))
    if profile == "kyc":
        do(firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(BAKER)))
    return cast


@pytest.fixture
def kyc(db: None) -> Cast:
    return narrowed()


def told(page: Any) -> list[str]:
    """Names and access of the table, row by row."""
    return [f"{row[0]}: {row[1]}" for row in rows(page)]


def test_who_shares_it_sees_every_grant_and_may_change_each(kyc: Cast, signed_in: SignIn) -> None:
    cai = signed_in(kyc, "Cai")
    page = cai.get(panel(kyc))
    assert heading(page) == "Sharing options"
    assert told(page) == [
        "Onboarding (group): Can view and manage",
        "Cai Case owner: Can view, manage and remove",
    ]
    assert link(page, "Change the access of Onboarding")
    assert link(page, "Remove the access of Cai")
    assert link(page, "Share with a group or user")
    assert link(page, "Share with the whole company")


def test_ones_own_level_and_where_it_comes_from_stand_first(kyc: Cast, signed_in: SignIn) -> None:
    page = text(signed_in(kyc, "Cai").get(panel(kyc)))
    assert "Your access Can view, manage and remove" in page
    assert "You yourself have been given access to this client" in page


def test_who_cannot_open_it_sees_groups_and_single_users_by_name_alone(kyc: Cast, signed_in: SignIn) -> None:
    page = signed_in(kyc, "Dilys").get(panel(kyc))
    assert "You cannot open this client relationship." in text(page)
    assert "Given access Onboarding (group) Cai (case owner)" in text(page)
    assert "Owen" not in text(page).split("Administrators of your firm")[0]
    assert rows(page) == []
    assert "Share with" not in text(page)


def test_the_button_to_ask_is_there_while_requests_are_on(kyc: Cast, signed_in: SignIn) -> None:
    dilys = signed_in(kyc, "Dilys")
    without = dilys.get(panel(kyc))
    assert "Request access" not in text(without)
    do(kyc.firm, ChangeSettings(values={"requests": True}))
    page = dilys.get(panel(kyc))
    assert link(page, "Request access") == reverse("request-access", args=[kyc.firm, BAKER])
    assert text(page).replace("Request access ", "") == text(without)


def test_who_shares_it_is_led_to_its_requests(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, ChangeSettings(values={"requests": True}))
    do(kyc.firm, OpenRequest(client=BAKER, reason=WHY), DILYS)
    page = signed_in(kyc, "Cai").get(panel(kyc))
    assert link(page, "Dilys asks for access") == reverse("decide-request", args=[kyc.firm, BAKER, DILYS])
    assert "asks for access" not in text(signed_in(kyc, "Dilys").get(panel(kyc)))


def test_a_user_with_all_clients_has_access_to_each(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, SetGrant(to=(member_subject(DILYS),), on=On.target(ALL_CLIENTS), level=Level.EDITOR))
    page = signed_in(kyc, "Cai").get(panel(kyc))
    assert "Dilys: Can view and manage All client relationships" in told(page)
    assert "Remove the access of Dilys" not in page.content.decode()
    do(
        kyc.firm,
        RaiseWall(name="W", sides=(Side(members=frozenset({OWEN})), Side(clients=frozenset({FORTUNE})))),
    )
    seen = signed_in(kyc, "Dilys").get(panel(kyc))
    assert "Given access Onboarding (group) Cai (case owner) Dilys" in text(seen)


def test_with_access_alone_one_reads_and_changes_nothing(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    dilys = signed_in(kyc, "Dilys")
    page = dilys.get(panel(kyc))
    assert "Your access Can view and manage" in text(page)
    assert "Given access Onboarding (group) Cai (case owner) Dilys" in text(page)
    assert rows(page) == []
    assert dilys.get(reverse("share-client-with", args=[kyc.firm, BAKER])).status_code == 403
    do(kyc.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    assert link(dilys.get(panel(kyc)), "Share with a group or user")


def test_where_administrators_alone_share_the_owner_reads(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, ChangeSettings(values={"sharing": "administrators"}))
    page = signed_in(kyc, "Cai").get(panel(kyc))
    assert rows(page) == []
    assert "They may share this client relationship" not in text(page)
    assert link(signed_in(kyc, "Owen").get(panel(kyc)), "Add a case owner or hand over")


def test_an_auditor_reads_everything_and_changes_nothing(kyc: Cast, signed_in: SignIn) -> None:
    page = signed_in(kyc, "Ada").get(panel(kyc))
    assert len(told(page)) == 2
    assert "Change" not in {cell for row in rows(page) for cell in row}
    assert "Share with" not in text(page)


def test_a_reader_of_a_firm_that_hides_clients_is_told_of_themselves_alone(
    db: None, signed_in: SignIn
) -> None:
    cast = narrowed("planning")
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.READER))
    page = signed_in(cast, "Dilys").get(panel(cast))
    assert heading(page) == "Permissions"
    assert "Your access Reader (can view)" in text(page)
    assert "You yourself have been given access to this client" in text(page)
    assert "Onboarding" not in text(page)
    assert "Cai" not in text(page)


def test_a_hidden_client_has_no_page(db: None, signed_in: SignIn) -> None:
    cast = narrowed("planning")
    dilys = signed_in(cast, "Dilys")
    assert dilys.get(panel(cast)).status_code == dilys.get(panel(cast, 4711)).status_code == 404


def test_that_control_is_off_is_said(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, TurnOff())
    assert "Everybody who uses client records can open every client relationship." in text(
        signed_in(kyc, "Owen").get(panel(kyc))
    )


def test_a_client_that_nobody_was_given_is_said_to_be_open(db: None, signed_in: SignIn) -> None:
    cast = narrowed("practice")
    page = text(signed_in(cast, "Owen").get(panel(cast, FORTUNE)))
    assert "Nobody in particular was given it, so everybody who uses client records can open it." in page
    assert "has been given to nobody" not in page


def test_whoever_manages_access_is_not_offered_to_ask_themselves_for_it(kyc: Cast, signed_in: SignIn) -> None:
    do(kyc.firm, ChangeSettings(values={"requests": True, "levels": "four"}))
    assert "Request" not in text(signed_in(kyc, "Owen").get(panel(kyc)))


def test_the_whole_firm_is_not_offered_where_it_may_not_be_given(db: None, signed_in: SignIn) -> None:
    cast = narrowed("planning")
    assert "Share with the whole company" not in text(signed_in(cast, "Owen").get(panel(cast)))


def test_what_the_cap_refuses_is_not_offered_beside_a_grant(db: None, signed_in: SignIn) -> None:
    cast = narrowed("agency")
    do(cast.firm, ChangeSettings(values={"sharing": "anyone_with_access"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.EDITOR))
    page = signed_in(cast, "Dilys").get(panel(cast))
    actions = {row[0].split()[0]: row[-1] for row in rows(page)}
    assert actions["Cai"] == ""
    assert "Remove" in actions["Dilys"]
    assert "Change" in actions["Onboarding"]
