"""A list that is said to be all that the firm has, through pages: what is gone is shown, and goes if told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.access import entries
from ringfence.core.commands.definitions import AddClient, AddMember, ClientRow, ImportClients
from ringfence.core.terms import Role
from ringfence.firms.models import Client, Group, ListUpload, Member
from ringfence.lists.uploads import steps
from tests.support.jobs import do_waiting
from tests.web.cast import Cast, do
from tests.web.journeys.lists.test_lists import press, sent
from tests.web.reading import document, errors, heading, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

EXAMPLES = Path(__file__).parents[4] / "examples"
HEADER = "Client reference,Client name\n"


@pytest.fixture
def rows(cast: Cast) -> list[str]:
    """Rows of the twenty clients that the firm has with a reference."""
    wanted = tuple(ClientRow(name=f"Client {n}", reference=f"C{n:02}") for n in range(20))
    do(cast.firm, ImportClients(rows=wanted))
    return [f"{row.reference},{row.name}\n" for row in wanted]


CAST = "F500,\nB-01,\nLl-7,\nQ'1,\n"
"""Rows of the clients that the cast has with a reference."""


def whole(client: PageClient, cast: Cast, rows: list[str], **fields: str) -> str:
    """The address of a list, with the cast's clients in it, that was said to be whole and was compared."""
    address = sent(client, cast, (HEADER + CAST + "".join(rows)).encode())
    press(client, address, "columns", whole="yes", **fields)
    return address


def there(cast: Cast) -> set[str]:
    found = Client.objects.filter(firm=cast.firm, removed_at=None).exclude(reference_key=None)
    return set(found.values_list("reference", flat=True))


def test_what_is_gone_is_shown_and_stays_unless_it_is_ticked(
    owen: PageClient, cast: Cast, rows: list[str]
) -> None:
    page = owen.get(whole(owen, cast, [*rows[1:], "N1,New\n"]))
    assert heading(page) == "Check what the list does"
    assert "The list stands for all clients that have a client reference: 24. 1 is not in it." in text(page)
    assert "C00 Client 0" in text(page)
    assert "Clients that are removed can be restored for 30 days" in text(page)
    assert "It is left as it is, unless you remove it." in text(page)
    press(owen, page.request["PATH_INFO"], "save")
    assert {"C00", "N1"} <= there(cast)


def test_what_is_ticked_is_shown_with_what_it_does_and_removed_with_the_list(
    owen: PageClient, cast: Cast, rows: list[str]
) -> None:
    address = whole(owen, cast, [*rows[1:], "N1,New\n"])
    page = press(owen, address, "remove", remove="yes")
    assert "It is removed when you save the list." in text(page)
    page = press(owen, address, "save")
    assert heading(page) == "The list is saved"
    assert "C00" not in there(cast)
    assert [entry.command for entry in entries(cast.firm, texts=False)][-2:] == [
        "client.import",
        "client.remove",
    ]


def test_removing_without_the_tick_is_asked_again(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    address = whole(owen, cast, rows[1:])
    upload = ListUpload.objects.get()
    answer = owen.post(address, {"turn": str(upload.turn), "go": "remove"})
    assert errors(answer) == [("Tick the box to remove what is gone", "#remove")]


def test_a_list_that_only_lacks_something_shows_that_and_saves_nothing(
    owen: PageClient, cast: Cast, rows: list[str]
) -> None:
    page = owen.get(whole(owen, cast, rows[2:]))
    assert "There is nothing to save" in text(page)
    assert "2 are not in it." in text(page)
    assert "Save the list" not in text(page)
    page = press(owen, page.request["PATH_INFO"], "remove", remove="yes")
    assert "Save the list" in text(page)
    press(owen, page.request["PATH_INFO"], "save")
    assert len(there(cast)) == 22


def test_the_same_list_again_is_nothing_to_do(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    assert heading(owen.get(whole(owen, cast, rows[::-1]))) == "There is nothing to save"


def test_what_was_to_go_can_be_left_again(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    address = whole(owen, cast, [*rows[1:], "N1,New\n"])
    press(owen, address, "remove", remove="yes")
    page = press(owen, address, "leave")
    assert "It is left as it is, unless you remove it." in text(page)
    press(owen, address, "save")
    assert "C00" in there(cast)


def test_more_than_a_tenth_goes_only_with_its_number(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    address = whole(owen, cast, rows[3:])
    assert "More than a tenth is gone" in text(owen.get(address))
    turn = str(ListUpload.objects.get().turn)
    for wrong in ("", "2", "4", "yes"):
        answer = owen.post(address, {"turn": turn, "go": "remove", "remove": "yes", "at-most": wrong})
        assert errors(answer) == [("Write 3 to remove that many", "#at-most")]
    press(owen, address, "remove", **{"at-most": "3"})
    press(owen, address, "save")
    assert len(there(cast)) == 21


def test_what_would_be_too_much_by_now_is_not_removed_by_an_old_preview(
    owen: PageClient, cast: Cast, rows: list[str]
) -> None:
    address = whole(owen, cast, rows[2:])
    press(owen, address, "remove", remove="yes")
    do(cast.firm, AddClient(client=ClientRow(name="Late", reference="L1")))
    page = press(owen, address, "save")
    assert "The firm was changed after you looked at this list" in text(page)
    assert "More than a tenth is gone" in text(page)
    assert len(there(cast)) == 25


def test_what_the_rules_do_not_let_go_stays_and_says_why(owen: PageClient, cast: Cast) -> None:
    """Only a principal deactivates a principal (rules.md 5)."""
    for name in ("Petra", "Pete"):
        do(cast.firm, AddMember(name=name, email=f"{name}@example.com", role=Role.PRINCIPAL))
    people = Member.objects.filter(firm=cast.firm, active=True).exclude(email="Petra@example.com")
    listed = "".join(f"{who.email},{who.name}\n" for who in people.exclude(email=""))
    address = sent(owen, cast, f"Email,Name\n{listed}".encode(), kind="members")
    press(owen, address, "columns", whole="yes")
    page = press(owen, address, "remove", **{"at-most": "1"})
    assert "It cannot be removed:" in text(page)
    assert "It is removed when" not in text(page)
    assert Member.objects.get(firm=cast.firm, email="Petra@example.com").active


def test_an_empty_list_removes_nothing(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    address = sent(owen, cast, HEADER.encode())
    page = press(owen, address, "columns", whole="yes")
    assert heading(page) == "The list cannot be read"
    assert "an empty list is never taken for all that the firm has" in text(page)


def test_a_list_can_be_about_one_service(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    page = owen.get(whole(owen, cast, rows, **{"whole-service": "VAT"}))
    assert "No row of the list gives a client the service VAT" in text(page)


def test_nothing_is_gone_from_a_list_that_nobody_calls_whole(
    owen: PageClient, cast: Cast, rows: list[str]
) -> None:
    address = sent(owen, cast, (HEADER + "".join([*rows[1:], "N1,New\n"])).encode())
    assert "What is gone from the list" not in text(press(owen, address, "columns"))


def test_who_does_not_manage_is_not_asked_and_not_believed(
    cai: PageClient, cast: Cast, rows: list[str]
) -> None:
    address = sent(cai, cast, (HEADER + "N1,New\n").encode())
    assert "Is this list all that your firm has?" not in text(cai.get(address))
    page = press(cai, address, "columns", whole="yes")
    assert heading(page) == "Something in the list has to be put right"
    assert "C00" not in text(page)


def test_a_save_that_was_begun_twice_removes_once(owen: PageClient, cast: Cast, rows: list[str]) -> None:
    address = whole(owen, cast, rows[1:])
    press(owen, address, "remove", remove="yes")
    upload = ListUpload.objects.get()
    owen.post(address, {"turn": str(upload.turn), "go": "save"})
    upload.refresh_from_db()
    do_waiting()
    steps.write(cast.firm, upload.pk, upload.turn)
    assert [entry.command for entry in entries(cast.firm, texts=False)].count("client.remove") == 1


# --- Groups that come with a list


def test_groups_that_the_firm_lacks_are_offered_and_created_with_the_list(
    owen: PageClient, cast: Cast
) -> None:
    content = b"Group name,User,Email\nAudit,Cai,cai@example.com\n"
    member = Member.objects.get(firm=cast.firm, name="Cai")
    content = content.replace(b"cai@example.com", member.email.encode())
    address = sent(owen, cast, content, kind="access")
    page = press(owen, address, "columns")
    assert "Audit (1 row)" in text(page)
    page = press(owen, address, "groups")
    assert "Access groups that are created in your firm: Audit." in text(page)
    press(owen, address, "save")
    found = Group.objects.get(firm=cast.firm, name="Audit")
    assert list(entries(cast.firm, texts=False))[-1].command == "group.add_members"
    assert found.number > 1


# --- Lists of known software


def test_a_list_of_known_software_is_said_to_be_and_can_be_said_not_to_be(
    owen: PageClient, cast: Cast
) -> None:
    address = sent(owen, cast, (EXAMPLES / "penneo-users.csv").read_bytes(), kind="members")
    page = owen.get(address)
    assert "Read as Penneo’s list of users." in text(page)
    assert _chosen(page, "column-5") == ""
    page = press(owen, address, "again", shape="none")
    assert "Read as Penneo" not in text(page)
    assert _chosen(page, "column-5") == "active"


def test_the_preview_says_as_whose_list_it_was_read(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, (EXAMPLES / "penneo-users.csv").read_bytes(), kind="members")
    assert "Read as Penneo’s list of users." in text(press(owen, address, "columns"))


def test_a_list_of_nobody_known_asks_nothing_of_the_kind(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, HEADER.encode() + b"N1,New\n")
    assert "What the list is" not in text(owen.get(address))


def _chosen(page: object, name: str) -> str:
    (select,) = (each for each in document(page).iter("select") if each.get("name") == name)
    return next((each.get("value", "") for each in select.iter("option") if "selected" in each.attrib), "")
