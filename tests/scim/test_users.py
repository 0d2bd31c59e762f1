"""Users over SCIM: brought, found, changed, let go; each change one entry that names the token."""

from __future__ import annotations

from ringfence.access import OPERATOR, Actor, entries, execute, firm_state, verify
from ringfence.core.commands import definitions as w
from ringfence.core.events import ByToken
from ringfence.core.terms import Role, Scope
from ringfence.firms.models import Member, Token
from tests.scim.directory import USER, Directory, directory_of
from tests.web.cast import ADA, CAI, OWEN, Cast


def test_a_user_who_is_brought_is_a_member_who_waits_to_come_in(cast: Cast, entra: Directory) -> None:
    made = entra.user(
        "jane@pike.example",
        displayName="Jane Hale",
        externalId="e-7",
        emails=[{"type": "work", "primary": True, "value": "jane.hale@pike.example"}],
    )
    assert made.status == 201
    assert made.headers["Location"].endswith(f"/scim/v2/Users/{made.id}")
    assert made.headers["ETag"] == made.body["meta"]["version"]
    row = Member.objects.get(firm=cast.firm, number=made.id)
    assert (row.name, row.email, row.external) == ("Jane Hale", "jane.hale@pike.example", "e-7")
    who = firm_state(cast.firm).members[int(made.id)]
    assert (who.role, who.access, who.manage_access, who.active) == (Role.STANDARD, True, False, True)
    assert entra.get(f"/Users/{made.id}").body == made.body


def test_every_change_is_one_entry_that_names_the_token(cast: Cast, entra: Directory) -> None:
    (token,) = Token.objects.filter(firm=cast.firm).values_list("number", flat=True)
    before = firm_state(cast.firm).version
    made = entra.user("jane@pike.example", active=False)
    entra.patch(f"/Users/{made.id}", {"op": "replace", "path": "active", "value": True})
    body = {"schemas": [USER], "userName": "j.hale@pike.example", "displayName": "J Hale", "active": False}
    entra.ask("PUT", f"/Users/{made.id}", body)
    entra.ask("DELETE", f"/Users/{made.id}")
    found = [entry for entry in entries(cast.firm) if entry.number > before]
    assert [entry.command for entry in found] == [
        "member.deactivate",
        "member.reactivate",
        "member.deactivate",
        "member.change",
    ]
    assert all(ByToken(token=token) in entry.events for entry in found)
    assert {entry.actor.member for entry in found} == {OWEN}
    assert verify(cast.firm).whole


def test_a_user_who_is_said_to_be_as_they_are_changes_nothing(cast: Cast, entra: Directory) -> None:
    made = entra.user("jane@pike.example", displayName="Jane")
    before = firm_state(cast.firm).version
    assert entra.patch(f"/Users/{made.id}", {"op": "replace", "path": "active", "value": True}).status == 204
    entra.ask("PUT", f"/Users/{made.id}", made.body)
    assert firm_state(cast.firm).version == before


def test_a_user_name_that_is_taken_is_refused_with_what_to_do(cast: Cast, entra: Directory) -> None:
    entra.user("jane@pike.example")
    again = entra.user("JANE@pike.example")
    assert (again.status, again.body["scimType"]) == (409, "uniqueness")
    email = Member.objects.get(firm=cast.firm, number=CAI).email
    taken = entra.user(email)
    assert (taken.status, taken.body["scimType"]) == (409, "uniqueness")
    assert "userName" in taken.body["detail"]


def test_a_member_whom_the_firm_added_is_found_by_their_address_and_then_named(
    cast: Cast, entra: Directory
) -> None:
    email = Member.objects.get(firm=cast.firm, number=CAI).email
    (found,) = entra.get(f'/Users?filter=userName eq "{email}"').body["Resources"]
    assert found["id"] == str(CAI)
    entra.patch(f"/Users/{CAI}", {"op": "Replace", "path": "active", "value": "False"})
    gone = entra.get(f"/Users/{CAI}")
    assert gone.body["active"] is False
    assert Member.objects.get(firm=cast.firm, number=CAI).user_name == email


def test_who_is_let_go_is_inactive_and_nobody_to_the_directory(cast: Cast, entra: Directory) -> None:
    made = entra.user("jane@pike.example", externalId="e-7")
    assert entra.ask("DELETE", f"/Users/{made.id}").status == 204
    assert not firm_state(cast.firm).members[int(made.id)].active
    assert entra.get(f"/Users/{made.id}").status == 404
    assert entra.ask("DELETE", f"/Users/{made.id}").status == 404
    assert made.id not in {each["id"] for each in entra.get("/Users").body["Resources"]}


def test_somebody_who_comes_under_the_address_of_who_was_let_go_is_somebody_else(
    cast: Cast, entra: Directory
) -> None:
    made = entra.user("jane@pike.example")
    entra.ask("DELETE", f"/Users/{made.id}")
    again = entra.user("jane@pike.example")
    assert again.status == 201
    assert again.id != made.id
    assert not firm_state(cast.firm).members[int(made.id)].active


def test_a_last_owner_is_not_let_go_before_there_is_another(planners: Cast) -> None:
    entra = directory_of(planners.firm, OWEN)
    execute(planners.firm, w.AddClient(client=w.ClientRow(name="Acme")), actor=Actor(CAI))
    refused = entra.patch(f"/Users/{CAI}", {"op": "replace", "path": "active", "value": False})
    assert (refused.status, refused.body["scimType"]) == (400, "mutability")
    assert "active: " in refused.body["detail"]
    assert "Acme" in refused.body["detail"]
    assert "successor" in refused.body["detail"]
    assert firm_state(planners.firm).members[CAI].active
    execute(planners.firm, w.SetSuccessor(member=OWEN), actor=OPERATOR)
    assert entra.ask("DELETE", f"/Users/{CAI}").status == 204
    assert not firm_state(planners.firm).members[CAI].active


def test_the_last_administrator_is_not_let_go_before_there_is_another(cast: Cast, entra: Directory) -> None:
    refused = entra.ask("DELETE", f"/Users/{OWEN}")
    assert (refused.status, refused.body["scimType"]) == (400, "mutability")
    assert "administrator first" in refused.body["detail"]


def test_another_firm_s_ids_are_answered_exactly_like_none(cast: Cast, entra: Directory) -> None:
    larks = directory_of(cast.other, 1)
    for _each in range(3):
        larks.user(f"lark{_each}@larks.example")
    theirs = larks.user("last@larks.example").id
    while firm_state(cast.firm).last_member >= int(theirs):
        theirs = larks.user(f"more{theirs}@larks.example").id
    other, none = entra.get(f"/Users/{theirs}"), entra.get("/Users/987654")
    assert (other.status, none.status) == (404, 404)
    assert other.body["detail"].replace(theirs, "987654") == none.body["detail"]


def test_only_a_token_that_provisions_lets_anybody_in(cast: Cast) -> None:
    assert Directory("").get("/Users").status == 401
    assert directory_of(cast.firm, OWEN, Scope.MANAGE).get("/Users").status == 403
    assert directory_of(cast.firm, ADA).get("/Users").status == 403
    assert Directory("").get("/ServiceProviderConfig").status == 401


def test_what_is_wrong_is_said_with_its_field(entra: Directory) -> None:
    bad = entra.user("jane", emails=[{"value": "no address"}])
    assert (bad.status, bad.body["scimType"]) == (400, "invalidValue")
    assert bad.body["detail"].startswith("emails: ")
    assert entra.ask("POST", "/Users", b"{").body["scimType"] == "invalidSyntax"
    assert entra.ask("POST", "/Users", {"schemas": [USER]}).status == 400


def test_what_nests_too_deeply_to_be_read_is_refused(entra: Directory) -> None:
    for method, path in (("POST", "/Users"), ("PATCH", f"/Users/{CAI}"), ("POST", "/Bulk")):
        assert entra.ask(method, path, b"[" * 3_000 + b"]" * 3_000).status == 400


def test_a_user_is_patched_only_where_they_are_as_they_were_read(cast: Cast, entra: Directory) -> None:
    made = entra.user("jane@pike.example")
    change = {"op": "replace", "path": "displayName", "value": "Jane"}
    done = entra.patch(f"/Users/{made.id}", change, if_match=made.headers["ETag"])
    assert (done.status, done.headers["ETag"]) == (204, entra.get(f"/Users/{made.id}").headers["ETag"])
    change["value"] = "Kim"
    assert entra.patch(f"/Users/{made.id}", change, if_match=made.headers["ETag"]).status == 412
    assert entra.get(f"/Users/{made.id}").body["displayName"] == "Jane"


def test_words_of_a_user_are_patched_each_by_itself(cast: Cast, entra: Directory) -> None:
    made = entra.user("jane@pike.example", externalId="e-1", displayName="Jane")
    for path, value in (("userName", "j@pike.example"), ("externalId", "e-2"), ("displayName", "J")):
        assert entra.patch(f"/Users/{made.id}", {"op": "replace", "path": path, "value": value}).status == 204
    emails = {"op": "add", "path": 'emails[type eq "work"].value', "value": "j.hale@pike.example"}
    assert entra.patch(f"/Users/{made.id}", emails).status == 204
    row = Member.objects.get(firm=cast.firm, number=made.id)
    assert (row.user_name, row.external, row.name, row.email) == (
        "j@pike.example",
        "e-2",
        "J",
        "j.hale@pike.example",
    )
