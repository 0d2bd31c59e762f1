"""What is changed of a member from their page: details, ways taken away, copied access, leaving, adding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core.commands.definitions import (
    AddMember,
    ChangeMember,
    ChangeSettings,
    CreateGroup,
    On,
    SetDelegation,
    SetGrant,
)
from ringfence.core.terms import Level, Role, Target, member_subject
from ringfence.firms.models import Draft, LedgerEntry, Member
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    OWEN,
    PLAIN,
    VAT,
    VAT_GROUP,
    Cast,
    do,
    grouped,
)
from tests.web.reading import errors, heading, link, names, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def at(cast: Cast, route: str, *args: object, member: int = CAI) -> str:
    return reverse(route, args=[cast.firm, member, *args])


def answer(client: PageClient, address: str, said: str = "yes", **more: str) -> Any:
    """Answer the question at the address as somebody who has read it."""
    version = value(client.get(address), "version")
    return client.post(address, {"answer": said, "version": version, **more}, follow=True)


def give(cast: Cast, on: On, *, member: int = CAI, level: Level = Level.EDITOR) -> None:
    do(cast.firm, SetGrant(to=(member_subject(member),), on=on, level=level))


def held(cast: Cast, member: int = CAI) -> Any:
    return firm_state(cast.firm).grants_of(member_subject(member))


def who(cast: Cast, member: int = CAI) -> Any:
    return firm_state(cast.firm).members[member]


@pytest.fixture
def firm(cast: Cast) -> Cast:
    grouped(cast.firm)
    return cast


# --- Ways taken away


def test_a_grant_of_ones_own_is_removed_after_yes(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    address = at(firm, "remove-access", "client", BAKER)
    shown = owen.get(address)
    assert heading(shown) == "Remove the access of Cai to Baker & Sons"
    assert "client becomes open to everybody 1" in text(shown)
    done = answer(owen, address)
    assert "The access of Cai to Baker & Sons is removed." in text(done)
    assert held(firm).empty


def test_no_changes_nothing(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    answer(owen, at(firm, "remove-access", "client", BAKER), "no")
    assert held(firm).grant_on(Target("client", BAKER)) is not None


@pytest.mark.parametrize(
    ("kind", "number", "on"),
    [("service", VAT, On.service(VAT)), ("all", 0, On(all=True)), ("engagement", 1, On.engagement(1))],
)
def test_every_kind_of_own_grant_is_removed(
    kind: str, number: int, on: On, firm: Cast, owen: PageClient
) -> None:
    give(firm, on)
    answer(owen, at(firm, "remove-access", kind, number))
    assert held(firm).empty


@pytest.mark.parametrize(("kind", "number"), [("wall", 1), ("client", 4711), ("service", 99), ("all", 1)])
def test_what_is_no_target_has_no_page(kind: str, number: int, firm: Cast, owen: PageClient) -> None:
    assert owen.get(at(firm, "remove-access", kind, number)).status_code == 404


def test_a_member_is_taken_out_of_a_group_after_yes(firm: Cast, owen: PageClient) -> None:
    address = at(firm, "leave-group", VAT_GROUP)
    assert "client that nobody could open any more" not in text(owen.get(address))
    assert "Clients that nobody could open any more" not in text(owen.get(address))
    done = answer(owen, address)
    assert "Cai is no longer in VAT team." in text(done)
    assert CAI not in firm_state(firm.firm).groups[VAT_GROUP]


def test_a_client_that_nobody_could_open_any_more_is_named_first(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="Last", members=frozenset({CAI}), on=On.client(PLAIN)))
    shown = text(owen.get(at(firm, "leave-group", VAT_GROUP + 1)))
    assert "Clients that nobody could open any more Plain Person" in shown


def test_a_delegation_is_ended_from_the_page_of_either_end(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeSettings(values={"delegation": True}))
    do(firm.firm, SetDelegation(delegator=DILYS, delegate=CAI))
    address = reverse("end-delegation", args=[firm.firm, DILYS, CAI])
    for member in (DILYS, CAI):
        assert f'href="{address}"' in owen.get(at(firm, "member", member=member)).content.decode()
    assert "The delegation from Dilys to Cai is ended." in text(answer(owen, address))
    assert not firm_state(firm.firm).delegations


# --- Details, role, permissions


def form(client: PageClient, cast: Cast, member: int = CAI, **changed: str | None) -> dict[str, str]:
    """What the form sends when only this is changed; None leaves a box unticked."""
    page = client.get(at(cast, "change-member", member=member))
    sent = {each: value(page, each) for each in ("name", "email")}
    was = who(cast, member)
    sent |= {"role": was.role.value}
    sent |= {name: "yes" for name in ("access", "manage_access") if getattr(was, name)}
    sent |= {f"was-{name}": each for name, each in sent.items()}
    for name, each in changed.items():
        if each is None:
            sent.pop(name, None)
        else:
            sent[name] = each
    return sent


def change(client: PageClient, cast: Cast, member: int = CAI, **changed: str | None) -> Any:
    return client.post(
        at(cast, "change-member", member=member), form(client, cast, member, **changed), follow=True
    )


def test_a_name_and_an_address_are_changed_at_once(firm: Cast, owen: PageClient) -> None:
    done = change(owen, firm, name="Cai Rhys", email="cai.rhys@pike.example")
    assert "Cai Rhys is changed." in text(done)
    row = Member.objects.get(firm=firm.firm, number=CAI)
    assert (row.name, row.email) == ("Cai Rhys", "cai.rhys@pike.example")


def test_a_role_is_changed_after_what_it_does(firm: Cast, owen: PageClient) -> None:
    check = change(owen, firm, access=None)
    assert "team member loses access 1" in text(check)
    assert who(firm).access
    sent = {**form(owen, firm, access=None), "answer": "yes", "version": value(check, "version")}
    owen.post(at(firm, "change-member"), sent)
    assert not who(firm).access


def test_who_becomes_an_auditor_has_no_permissions(firm: Cast, owen: PageClient) -> None:
    check = change(owen, firm, role="auditor")
    assert "Auditor: Reads the ledger and the reports, and opens no client record." in text(check)
    sent = {**form(owen, firm, role="auditor"), "answer": "yes", "version": value(check, "version")}
    owen.post(at(firm, "change-member"), sent)
    assert (who(firm).role, who(firm).access) == (Role.AUDITOR, False)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"name": " "}, ("Enter a name", "#name")),
        ({"name": "x" * 101}, ("The name must be 100 characters or fewer", "#name")),
        (
            {"email": "nonsense"},
            ("This is not an e-mail address. Enter one like name@example.com.", "#email"),
        ),
        (
            {"email": "DILYS@pike.example"},
            ("Another team member has this e-mail address. Enter another one.", "#email"),
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept(
    changed: dict[str, Any], error: tuple[str, str], firm: Cast, owen: PageClient
) -> None:
    response = change(owen, firm, **changed)
    assert errors(response) == [error]
    (field, typed), *_rest = changed.items()
    assert value(response, field) == typed


def test_what_no_page_may_hold_is_not_sent_back(firm: Cast, owen: PageClient) -> None:
    sent = {**form(owen, firm, name=" "), "was-name": "Cai\x00"}
    response = owen.post(at(firm, "change-member"), sent)
    assert errors(response) == [("Enter a name", "#name")]
    assert value(response, "was-name") == "Cai"


def test_the_last_administrator_stays(firm: Cast, owen: PageClient) -> None:
    response = change(owen, firm, OWEN, role="standard")
    assert errors(response)[0][0].startswith("This is the last active administrator or principal.")
    assert who(firm, OWEN).role is Role.ADMINISTRATOR


def test_who_lays_down_their_own_role_is_led_home(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeMember(member=DILYS, role=Role.ADMINISTRATOR))
    check = change(owen, firm, OWEN, role="standard")
    sent = {**form(owen, firm, OWEN, role="standard"), "answer": "yes", "version": value(check, "version")}
    done = owen.post(at(firm, "change-member", member=OWEN), sent, follow=True)
    assert who(firm, OWEN).role is Role.STANDARD
    assert done.status_code == 200
    assert "Owen is changed." in text(done)


def test_only_a_principal_makes_another(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, ChangeMember(member=DILYS, role=Role.PRINCIPAL))
    response = change(owen, firm, role="principal")
    assert errors(response) == [
        ("Only a principal can make or unmake a principal. Ask a principal.", "#role")
    ]


def test_what_was_not_touched_is_not_sent_back(firm: Cast, owen: PageClient) -> None:
    sent = form(owen, firm, name="Cai Rhys")
    do(firm.firm, ChangeMember(member=CAI, email="new@pike.example", manage_access=True))
    owen.post(at(firm, "change-member"), sent)
    row = Member.objects.get(firm=firm.firm, number=CAI)
    assert (row.name, row.email, row.manage_access) == ("Cai Rhys", "new@pike.example", True)


def test_two_who_change_the_same_field_overwrite_nothing(firm: Cast, owen: PageClient) -> None:
    sent = form(owen, firm, name="Cai Rhys")
    do(firm.firm, ChangeMember(member=CAI, name="Cai Puw"))
    response = owen.post(at(firm, "change-member"), sent)
    assert errors(response) == [("Somebody else has changed this meanwhile: look again", "#name")]
    assert Member.objects.get(firm=firm.firm, number=CAI).name == "Cai Puw"


def test_a_form_that_changes_nothing_writes_nothing(firm: Cast, owen: PageClient) -> None:
    before = LedgerEntry.objects.filter(firm=firm.firm).count()
    change(owen, firm)
    assert LedgerEntry.objects.filter(firm=firm.firm).count() == before


# --- Copying, joining


def test_a_colleagues_access_is_copied_after_yes(firm: Cast, owen: PageClient) -> None:
    give(firm, On.client(BAKER))
    choice = owen.get(at(firm, "copy-access", member=DILYS))
    address = link(choice, "Cai")
    assert "team member gains access 1" in text(owen.get(address))
    done = answer(owen, address)
    assert "Dilys has the access of Cai as well." in text(done)
    assert DILYS in firm_state(firm.firm).groups[VAT_GROUP]
    assert held(firm, DILYS).grant_on(Target("client", BAKER)) is not None


def test_one_does_not_copy_from_oneself(firm: Cast, owen: PageClient) -> None:
    assert "Cai" not in names(owen.get(at(firm, "copy-access")))
    assert owen.get(at(firm, "copy-access-from", CAI)).status_code == 404


def test_a_member_joins_several_groups_at_once(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="All VAT", on=On.service(VAT)))
    do(firm.firm, CreateGroup(name="Third", on=On.client(FORTUNE)))
    address = at(firm, "join-groups")
    assert names(owen.get(address)) == ["All VAT", "Third"]
    both = {"shown": ["3", "4"], "tick": ["3", "4"], "go": "continue"}
    check = owen.post(address, both, follow=True)
    assert heading(check) == "Add Cai to access groups"
    done = answer(owen, at(firm, "join-groups-check"))
    assert "Cai is now in 2 more access groups." in text(done)
    state = firm_state(firm.firm)
    assert CAI in state.groups[3]
    assert CAI in state.groups[4]
    assert LedgerEntry.objects.filter(firm=firm.firm, command="group.add_members").count() == 1


def test_a_member_leaves_several_groups_at_once(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="All VAT", members=frozenset({CAI, DILYS}), on=On.service(VAT)))
    do(firm.firm, CreateGroup(name="Not theirs", on=On.client(FORTUNE)))
    address = link(owen.get(at(firm, "member")), "Remove from several access groups")
    assert names(owen.get(address)) == ["All VAT", "VAT team"]
    both = {"shown": ["2", "3"], "tick": ["2", "3"], "go": "continue"}
    check = owen.post(address, both, follow=True)
    assert "team member loses access 1" in text(check)
    done = answer(owen, at(firm, "leave-groups-check"))
    assert "Cai is no longer in 2 access groups." in text(done)
    assert list(firm_state(firm.firm).groups_of(CAI)) == [1]


def test_looking_at_the_groups_to_join_keeps_nothing(firm: Cast, owen: PageClient) -> None:
    owen.get(at(firm, "join-groups"))
    assert not Draft.objects.filter(firm=firm.firm).exists()


def test_joining_needs_a_group(firm: Cast, owen: PageClient) -> None:
    do(firm.firm, CreateGroup(name="All VAT", on=On.service(VAT)))
    response = owen.post(at(firm, "join-groups"), {"shown": ["3"], "go": "continue"})
    assert errors(response) == [("Select at least one access group to continue", "#choices")]


# --- Adding


PERSON = {"name": "Non", "email": "non@pike.example", "role": "standard", "access": "yes"}


def begin(client: PageClient, cast: Cast, **changed: str) -> Any:
    return client.post(reverse("add-member", args=[cast.firm]), {**PERSON, **changed}, follow=True)


def test_somebody_is_added_with_role_and_groups_in_one_change(firm: Cast, owen: PageClient) -> None:
    step = begin(owen, firm)
    assert heading(step) == "Which access groups does Non join?"
    groups = reverse("add-member-groups", args=[firm.firm])
    check = owen.post(
        groups, {"shown": [str(VAT_GROUP)], "tick": [str(VAT_GROUP)], "go": "continue"}, follow=True
    )
    assert "VAT team" in text(check)
    assert "non@pike.example" in text(check)
    assert "Who gains access Non: " in text(check)
    done = answer(owen, reverse("add-member-check", args=[firm.firm]))
    assert "Non is added." in text(done)
    # What comes next is their invitation.
    assert heading(done) == "Invite Non"
    row = Member.objects.get(firm=firm.firm, name="Non")
    assert row.number in firm_state(firm.firm).groups[VAT_GROUP]
    assert LedgerEntry.objects.filter(firm=firm.firm).latest("number").command == "member.add"


def test_somebody_is_added_without_groups(firm: Cast, owen: PageClient) -> None:
    begin(owen, firm)
    check = owen.post(reverse("add-member-groups", args=[firm.firm]), {"go": "instead"}, follow=True)
    assert heading(check) == "Check before you add Non"
    answer(owen, reverse("add-member-check", args=[firm.firm]))
    assert Member.objects.filter(firm=firm.firm, name="Non").exists()


def test_an_address_that_is_taken_is_told_at_once(firm: Cast, owen: PageClient) -> None:
    response = begin(owen, firm, email="cai@pike.example")
    assert errors(response) == [("Another team member has this e-mail address. Enter another one.", "#email")]
    assert value(response, "name") == "Non"


def test_no_adds_nobody(firm: Cast, owen: PageClient) -> None:
    begin(owen, firm)
    answer(owen, reverse("add-member-check", args=[firm.firm]), "no")
    assert not Member.objects.filter(firm=firm.firm, name="Non").exists()


def test_a_member_whom_another_adds_meanwhile_takes_nobodys_place(firm: Cast, owen: PageClient) -> None:
    begin(owen, firm)
    address = reverse("add-member-check", args=[firm.firm])
    version = value(owen.get(address), "version")
    do(firm.firm, AddMember(name="Quick"))
    response = owen.post(address, {"answer": "yes", "version": version})
    assert "Something was changed in the firm" in text(response)
    assert not Member.objects.filter(firm=firm.firm, name="Non").exists()


def test_the_steps_of_adding_need_the_one_before(firm: Cast, owen: PageClient) -> None:
    for route in ("add-member-groups", "add-member-check"):
        response = owen.get(reverse(route, args=[firm.firm]))
        assert response["Location"] == reverse("add-member", args=[firm.firm])


def test_what_other_software_calls_somebody_is_shown_changed_and_taken_away(
    cast: Cast, owen: PageClient
) -> None:
    was = {
        f"was-{name}": value(owen.get(at(cast, "change-member")), f"was-{name}") for name in ("name", "email")
    }
    form = {"name": was["was-name"], "email": was["was-email"], "role": "standard", "access": "yes"}
    sent = {**form, **was, "was-role": "standard", "was-access": "yes"}
    assert "In other software" not in text(owen.get(at(cast, "member")))
    page = owen.post(at(cast, "change-member"), {**sent, "external": " S-1042 "}, follow=True)
    assert "In other software S-1042" in text(page)
    assert Member.objects.get(firm=cast.firm, number=CAI).external == "S-1042"
    # Only what was touched is changed.
    assert LedgerEntry.objects.filter(firm=cast.firm).order_by("-number")[0].command == "member.change"
    owen.post(at(cast, "change-member"), {**sent, "external": "", "was-external": "S-1042"})
    assert Member.objects.get(firm=cast.firm, number=CAI).external == ""


def test_an_id_that_another_has_is_refused_at_its_field(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeMember(member=DILYS, external="S-1042"))
    page = owen.get(at(cast, "change-member"))
    was = {f"was-{name}": value(page, f"was-{name}") for name in ("name", "email")}
    sent = {"name": was["was-name"], "email": was["was-email"], "role": "standard", "access": "yes", **was}
    sent |= {"was-role": "standard", "was-access": "yes", "external": "s-1042"}
    assert [place for _text, place in errors(owen.post(at(cast, "change-member"), sent))] == ["#external"]


def test_somebody_is_added_with_what_other_software_calls_them(cast: Cast, owen: PageClient) -> None:
    sent = {"name": "Fay", "email": "", "external": "S-7", "role": "standard", "access": "yes"}
    owen.post(reverse("add-member", args=[cast.firm]), sent)
    owen.post(reverse("add-member-groups", args=[cast.firm]), {"instead": "yes"})
    address = reverse("add-member-check", args=[cast.firm])
    answer(owen, address)
    assert Member.objects.get(firm=cast.firm, name="Fay").external == "S-7"


def test_a_role_that_the_last_owner_cannot_take_names_their_clients(cast: Cast, owen: PageClient) -> None:
    do(cast.firm, ChangeSettings(values={"owner_required": True}))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER, PLAIN), level=Level.OWNER))
    form = owen.get(at(cast, "change-member"))
    sent = {f"was-{name}": value(form, f"was-{name}") for name in ("name", "email", "external", "role")}
    named = {"name": "Cai", "email": cast.users["Cai"].email, "external": "", "role": "auditor"}
    refused = owen.post(at(cast, "change-member"), {**sent, "was-access": "yes", **named})
    assert "Every client needs a person" in str(errors(refused))
    assert "Refused for these 2 Baker & Sons Plain Person" in text(refused)
