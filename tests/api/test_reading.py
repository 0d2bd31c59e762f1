"""What is read of a firm: as much as its pages show the same member, and no more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeClient,
    ChangeSettings,
    GrantTo,
    LowerWall,
    On,
    OpenRequest,
    RaiseWall,
    RemoveClient,
    SetDefaults,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import Level, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import LedgerEntry
from tests.api.caller import Caller, caller_as
from tests.web.cast import (
    ADA,
    BAKER,
    CAI,
    DILYS,
    ENID,
    FORTUNE,
    INCOME_TAX,
    OWEN,
    PLAIN,
    VAT,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
)

CONTROL_SIDE = (
    "/control /settings /members /groups /groups/1 /groups/1/members /groups/1/clients /groups/1/grants "
    "/walls /clients/1/access /members/1/grants /clients?which=all"
).split()


def names(found: dict[str, list[dict[str, str]]]) -> list[str]:
    return [each["name"] for each in found["items"]]


@pytest.mark.parametrize("path", CONTROL_SIDE)
def test_the_control_side_is_for_those_who_read_it(
    cast: Cast, owen: Caller, ada: Caller, cai: Caller, path: str
) -> None:
    assert owen.get(path).status == 200
    assert ada.get(path).status == 200
    assert cai.get(path).code == "not_permitted"


def test_a_member_lists_the_clients_that_they_can_open(
    cast: Cast, cai: Caller, caller: Callable[[int], Caller]
) -> None:
    grouped(cast.firm)
    dilys = caller(DILYS).get("/clients").body
    assert dilys["total"] == 6
    fortune = dilys["items"][0]
    assert [each["service"]["name"] for each in fortune["engagements"]] == ["Income Tax"]
    assert [each["service"]["name"] for each in cai.get("/clients").body["items"][0]["engagements"]] == [
        "VAT",
        "Income Tax",
    ]


def test_a_hidden_client_is_as_none(cast: Cast, cai: Caller) -> None:
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    grouped(cast.firm)
    hidden, none = cai.get(f"/clients/{BAKER}"), cai.get("/clients/77")
    assert hidden.status == none.status == 404
    assert hidden.body == none.body
    assert "Baker & Sons" not in names(cai.get("/clients").body)
    assert cai.get("/clients?reference=B-01").body["total"] == 0
    assert cai.get(f"/clients/{BAKER}/grants").body == cai.get("/clients/77/grants").body


def test_of_a_named_client_only_the_name_is_known(cast: Cast, cai: Caller) -> None:
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    do(cast.firm, ChangeSettings(values={"inaccessible": "named"}))
    grouped(cast.firm)
    found = cai.get(f"/clients/{BAKER}").body
    assert found["name"] == "Baker & Sons"
    assert found["name_only"] is True
    assert found["reference"] is found["kind"] is found["confidential"] is None
    assert found["engagements"] == []
    assert cai.get("/clients?reference=B-01").body["total"] == 0
    assert names(cai.get("/clients?text=baker").body) == ["Baker & Sons"]


def test_tax_references_are_masked_for_who_may_not_open_them(
    cast: Cast, owen: Caller, ada: Caller, cai: Caller
) -> None:
    grouped(cast.firm)
    for control in (owen, ada):
        found = control.get("/clients?which=all").body["items"][0]
        vat = next(each for each in found["engagements"] if each["service"]["id"] == VAT)
        assert vat["reference"] == "ending in 6789"
        assert vat["level"] == "none"
    assert cai.get(f"/clients/{FORTUNE}").body["engagements"][0]["reference"] == "GB 123 4567 89"


def test_clients_are_found_by_service_group_text_and_reference(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    every = "/clients?which=all"
    assert names(owen.get(f"{every}&group={VAT_GROUP}").body) == ["Fortune 500"]
    assert owen.get(f"{every}&service={INCOME_TAX}").body["total"] == 3
    assert names(owen.get(f"{every}&text=llyr").body) == ["Llŷr Ŵyn Cyfyngedig"]
    assert names(owen.get(f"{every}&reference=b-01").body) == ["Baker & Sons"]


def test_pages_of_a_list_hold_everything_once_and_the_exact_total(cast: Cast, owen: Caller) -> None:
    add_clients(cast.firm, 25)
    found: list[int] = []
    path = "/clients?limit=7"
    while path:
        page = owen.get(path).body
        assert page["total"] == 31
        found += [each["id"] for each in page["items"]]
        path = page["next"] and f"/clients?limit=7&cursor={page['next']}"
    assert found == list(range(1, 32))


def test_what_is_removed_between_two_pages_hides_nothing_else(cast: Cast, owen: Caller) -> None:
    first = owen.get("/clients?limit=3").body
    do(cast.firm, RemoveClient(client=FORTUNE))
    second = owen.get(f"/clients?limit=3&cursor={first['next']}").body
    assert [each["id"] for each in second["items"]] == [4, 5, 6]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "cursor=abc", "which=some", "service=-1"]
)
def test_a_parameter_that_cannot_be_is_said(owen: Caller, query: str) -> None:
    found = owen.get(f"/clients?{query}")
    assert (found.status, found.code) == (400, "unreadable")
    name = query.partition("=")[0]
    assert found.body["field"] == name
    assert found.body["detail"].startswith(f"{name}: ")


def test_what_is_wrong_is_said_in_the_readers_language(owen: Caller) -> None:
    found = owen.get("/clients?limit=501", accept_language="cy")
    assert found.body["detail"] == "limit: Rhowch 500 neu lai."


def test_a_page_may_be_asked_for_with_no_cursor_in_it(cast: Cast, owen: Caller) -> None:
    assert owen.get("/clients?cursor=").body == owen.get("/clients").body


def test_another_firms_things_are_as_none(cast: Cast, owen: Caller) -> None:
    lena = caller_as(cast.other, 1)
    for path in (f"/clients/{FORTUNE}", f"/groups/{VAT_GROUP}", f"/members/{DILYS}", "/walls/1"):
        assert lena.get(path).body == lena.get(path.rpartition("/")[0] + "/999999999").body
    assert lena.get("/clients").body["total"] == 0
    assert names(lena.get("/members").body) == ["Lena"]


def test_members_have_their_roles_permissions_and_groups(cast: Cast, owen: Caller, cai: Caller) -> None:
    grouped(cast.firm)
    found = {each["name"]: each for each in owen.get("/members").body["items"]}
    assert found["Ada"]["role"] == "auditor"
    assert found["Enid"]["access"] is False
    assert found["Cai"]["groups"] == [{"id": VAT_GROUP, "name": "VAT team"}]
    assert owen.get(f"/members/{CAI}").body == found["Cai"] == cai.get(f"/members/{CAI}").body
    assert cai.get(f"/members/{DILYS}").code == "not_permitted"
    assert names(owen.get("/members?text=dilys@").body) == ["Dilys"]


def test_what_a_member_can_open_is_what_they_see(cast: Cast, owen: Caller, cai: Caller) -> None:
    grouped(cast.firm)
    assert owen.get(f"/members/{ENID}/clients").body["total"] == 0
    dilys = owen.get(f"/members/{DILYS}/clients").body["items"][0]
    assert {each["service"]["name"]: each["level"] for each in dilys["engagements"]} == {
        "VAT": "none",
        "Income Tax": "editor",
    }
    assert cai.get(f"/members/{CAI}/clients").body["total"] == 6
    assert owen.get(f"/members/{CAI}/clients?limit=1").body["items"][0]["name"] == "Fortune 500"


def test_clients_that_nobody_can_open_and_confidential_ones_are_reported(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    do(cast.firm, ChangeClient(client=BAKER, confidential=True))
    for report in ("closed", "confidential"):
        assert names(owen.get(f"/reports/{report}").body) == ["Baker & Sons"]


def test_who_can_open_a_client_and_by_what(cast: Cast, owen: Caller, cai: Caller) -> None:
    grouped(cast.firm)
    found = {each["member"]["name"]: each for each in owen.get(f"/clients/{FORTUNE}/access").body["items"]}
    assert found["Cai"]["services"] == [VAT, INCOME_TAX]
    assert found["Dilys"]["services"] == [INCOME_TAX]
    assert "Ada" not in found
    (grant,) = owen.get(f"/clients/{FORTUNE}/grants").body["items"]
    assert grant["to"]["group"] == {"id": VAT_GROUP, "name": "VAT team"}
    assert grant["on"]["service"]["name"] == "VAT"
    assert grant["level"] == "editor"
    assert cai.get(f"/clients/{FORTUNE}/grants").code == "not_permitted"


def test_groups_have_exact_numbers(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    do(cast.firm, AddToGroup(group=VAT_GROUP, members=frozenset({ADA})))
    found = owen.get(f"/groups/{VAT_GROUP}").body
    assert found == {
        "id": VAT_GROUP,
        "name": "VAT team",
        "built_in": False,
        "members": 2,
        "clients": 1,
        "gives_nothing": [],
    }
    assert [each["member"]["name"] for each in owen.get(f"/groups/{VAT_GROUP}/members").body["items"]] == [
        "Ada",
        "Cai",
    ]
    assert names(owen.get(f"/groups/{VAT_GROUP}/clients").body) == ["Fortune 500"]
    assert owen.get(f"/groups/{VAT_GROUP}/grants").body["total"] == 1
    assert owen.get("/groups/99").status == 404


def test_services_are_those_that_are_offered(cast: Cast, owen: Caller, cai: Caller) -> None:
    assert [(each["name"], each["clients"]) for each in owen.get("/services").body["items"]] == [
        ("General", 1),
        ("VAT", 3),
        ("Income Tax", 3),
    ]
    assert {each["clients"] for each in cai.get("/services").body["items"]} == {None}


def test_delegations_of_others_are_for_who_manages(cast: Cast, owen: Caller, cai: Caller) -> None:
    do(cast.firm, ChangeSettings(values={"delegation": True}))
    do(cast.firm, SetDelegation(delegator=DILYS, delegate=CAI, cap=Level.READER))
    do(cast.firm, SetDelegation(delegator=DILYS, delegate=OWEN))
    assert owen.get("/delegations").body["total"] == 2
    (own,) = cai.get("/delegations").body["items"]
    assert own["from"]["name"] == "Dilys"
    assert (own["cap"], own["counts"]) == ("reader", True)


def test_walls_show_both_sides_to_the_control_side_alone(cast: Cast, owen: Caller, cai: Caller) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({BAKER})))
    do(cast.firm, RaiseWall(name="Merger", sides=sides))
    times = {"starts": None, "ends": None, "stands": True}
    (listed,) = owen.get("/walls").body["items"]
    assert listed == {"id": 1, "name": "Merger", "members": 1, "clients": 1, **times}
    found = owen.get("/walls/1").body["sides"]
    assert found[0]["members"] == [{"id": CAI, "name": "Cai"}]
    assert found[1]["clients"] == [{"id": BAKER, "name": "Baker & Sons"}]
    assert cai.get("/walls/1").body == cai.get("/walls/2").body


def test_what_walls_kept_is_told_by_date_to_the_control_side_alone(
    cast: Cast, owen: Caller, cai: Caller
) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.READER))
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({BAKER})))
    do(cast.firm, RaiseWall(name="Merger", sides=sides))
    do(cast.firm, LowerWall(wall=1))
    times = LedgerEntry.objects.filter(firm=cast.firm).order_by("-number").values_list("at", flat=True)
    lowered, raised = times[:2]
    found = owen.get(f"/walls/kept?since=0&until={2**60}").body
    assert found["total"] == 1
    assert found["items"] == [
        {
            "wall": {"id": 1, "name": "Merger"},
            "member": {"id": CAI, "name": "Cai"},
            "client": {"id": BAKER, "name": "Baker & Sons"},
            "since": raised,
            "until": lowered,
        }
    ]
    assert owen.get(f"/walls/kept?since={lowered}&until={2**60}").body["items"] == []
    assert cai.get("/walls/kept?since=0&until=9").status == 403


def test_what_walls_kept_between_days_the_wrong_way_round_is_refused(owen: Caller) -> None:
    refused = owen.get("/walls/kept?since=9&until=8")
    assert (refused.status, refused.code, refused.body["field"]) == (400, "unreadable", "until")
    assert "before since" in refused.body["detail"]
    assert owen.get("/walls/kept?since=9&until=9").status == 200


def test_requests_are_ones_own_and_those_that_one_decides(
    cast: Cast, owen: Caller, cai: Caller, caller: Callable[[int], Caller]
) -> None:
    do(cast.firm, ChangeSettings(values={"requests": True, "inaccessible": "named"}))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    grouped(cast.firm)
    do(cast.firm, OpenRequest(client=BAKER, reason="I prepare it"), CAI)
    (own,) = cai.get("/requests").body["items"]
    (theirs,) = owen.get("/requests").body["items"]
    assert (own["decidable"], theirs["decidable"]) == (False, True)
    assert theirs["reason"] == "I prepare it"
    assert caller(DILYS).get("/requests").body["total"] == 0


def test_defaults_of_others_are_for_the_control_side(cast: Cast, owen: Caller, cai: Caller) -> None:
    do(cast.firm, ChangeSettings(values={"personal_defaults": True}))
    grouped(cast.firm)
    owner = GrantTo(to=member_subject(DILYS), level=Level.OWNER)
    do(cast.firm, SetDefaults(grants=(owner,)), CAI)
    found = cai.get("/defaults").body
    assert found["member"]["name"] == "Cai"
    assert [(each["to"]["member"]["name"], each["level"]) for each in found["grants"]] == [("Dilys", "owner")]
    assert owen.get(f"/defaults?member={CAI}").body["count"] is True
    assert cai.get(f"/defaults?member={DILYS}").code == "not_permitted"


def test_removed_clients_are_listed_for_who_may_restore_them(cast: Cast, owen: Caller, cai: Caller) -> None:
    do(cast.firm, RemoveClient(client=PLAIN))
    (found,) = owen.get("/clients/removed").body["items"]
    assert (found["id"], found["name"]) == (PLAIN, "Plain Person")
    assert cai.get("/clients/removed").body["total"] == 0
    assert owen.get(f"/clients/{PLAIN}").status == 404


def test_settings_and_control_are_as_the_firm_has_them(cast: Cast, owen: Caller) -> None:
    grouped(cast.firm)
    assert owen.get("/control").body == {"control": True, "was_on": True, "open_to_all": 6, "clients": 6}
    found = owen.get("/settings").body
    assert found["profile"] == "agency"
    assert "control" not in found
    do(cast.firm, SetGrant(to=(group_subject(1),), on=On(all=True), level=Level.BLOCKED))
    assert owen.get("/control").body["open_to_all"] == 0
