"""`ringfence import members --sync`: a firm's members and groups made equal to its directory's list."""

from pathlib import Path

import pytest
from click.testing import Result

from ringfence.access import OPERATOR, execute
from ringfence.core.commands.definitions import On, RaiseWall, SetGrant, TurnOn
from ringfence.core.terms import Level, group_subject
from ringfence.core.values import Side
from ringfence.firms.models import Group, Member
from tests.access.cast import found
from tests.cli.listing import Office, open_office, run

HEADER = "Name,Email,Staff ID,Groups\n"
ANN = "Ann,ann@agency.example.com,,\n"


def person(number: int, groups: str = "") -> str:
    return f"Person {number},p{number}@example.com,S{number},{groups}\n"


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    """Twenty people besides Ann; the first ten are in Audit, the others in Tax."""
    opened = open_office(found(), tmp_path)
    synced(opened, twenty(), "--add-groups")
    return opened


def twenty() -> list[str]:
    return [ANN, *(person(number, "Audit" if number < 10 else "Tax") for number in range(20))]


def synced(office: Office, rows: list[str], *options: str) -> Result:
    return run("import", "members", office.path(HEADER + "".join(rows)), "--sync", *options)


def held(office: Office, address: str) -> Member:
    return Member.objects.get(firm=office.cast.firm, email=address)


def inside(office: Office, group: str) -> set[str]:
    number = Group.objects.get(firm=office.cast.firm, name=group).number
    numbers = office.cast.view.moment.state.groups[number]
    rows = Member.objects.filter(firm=office.cast.firm, number__in=numbers)
    return set(rows.values_list("name", flat=True))


def test_the_list_again_is_nothing_to_do(office: Office) -> None:
    before = office.version
    done = synced(office, twenty(), "--remove")
    assert (done.exit_code, office.version) == (3, before)


def test_who_has_another_address_is_found_by_the_external_id(office: Office) -> None:
    rows = [*twenty()[:-1], "Person 19,married@example.com,S19,Tax\n"]
    before = held(office, "p19@example.com").number
    assert synced(office, rows, "--remove").exit_code == 0
    assert held(office, "married@example.com").number == before


def test_an_address_may_pass_to_somebody_new(office: Office) -> None:
    rows = [*twenty()[:-1], "Person 19,other@example.com,S19,Tax\n", "Nia,p19@example.com,S20,\n"]
    before = held(office, "p19@example.com").number
    assert synced(office, rows).exit_code == 0
    assert held(office, "p19@example.com").name == "Nia"
    assert held(office, "other@example.com").number == before


def test_people_may_exchange_their_addresses(office: Office) -> None:
    moved = ["Person 17,p18@example.com,S17,Tax\n", "Person 18,p19@example.com,S18,Tax\n"]
    before = {each: held(office, f"p{each}@example.com").number for each in (17, 18, 19)}
    assert synced(office, [*twenty()[:-3], *moved, "Person 19,p17@example.com,S19,Tax\n"]).exit_code == 0
    after = {each: held(office, f"p{each}@example.com").number for each in (17, 18, 19)}
    assert after == {17: before[19], 18: before[17], 19: before[18]}


def test_an_address_of_another_external_id_is_a_fault(office: Office) -> None:
    before = office.version
    done = run("import", "members", office.path(HEADER + "Nia,p19@example.com,S77,\n"))
    assert (done.exit_code, office.version) == (2, before)
    assert "has the external id “S19”" in done.output


def test_two_rows_about_one_person_are_a_fault(office: Office) -> None:
    rows = [*twenty(), "Nia,new@example.com,S19,\n"]
    assert "is already in row" in synced(office, rows).output
    by_address = ["Nia,new@example.com,S19,\n", "Person 19,p19@example.com,,\n"]
    assert "is whom this row and row 2 are about" in synced(office, by_address).output


def test_an_external_id_is_given_to_who_is_found_by_the_address(office: Office) -> None:
    done = synced(office, [ANN.replace(",,", ",S-ann,"), *twenty()[1:]])
    assert done.exit_code == 0
    assert held(office, "ann@agency.example.com").external == "S-ann"


def test_who_changes_groups_is_in_the_new_one_alone(office: Office) -> None:
    rows = [*twenty()[:-1], person(19, "Audit")]
    assert synced(office, rows, "--remove").exit_code == 0
    assert "Person 19" in inside(office, "Audit") - inside(office, "Tax")


def test_groups_that_the_list_does_not_name_keep_their_members(office: Office) -> None:
    office.cast.group("Partners", held(office, "p1@example.com").number)
    before = inside(office, "Partners")
    assert synced(office, twenty(), "--remove").exit_code == 3
    assert inside(office, "Partners") == before == {"Person 1"}


def test_a_leaver_keeps_the_places_that_count_for_nothing(office: Office) -> None:
    assert synced(office, twenty()[:-1], "--remove").exit_code == 0
    assert not held(office, "p19@example.com").active
    assert "Person 19" in inside(office, "Tax")


def test_a_group_that_is_emptied_by_more_than_a_tenth_holds_the_brake(office: Office) -> None:
    before = office.version
    rows = [ANN, *(person(number, "Audit" if number < 13 else "") for number in range(20)), person(20, "Tax")]
    done = synced(office, rows, "--remove")
    assert (done.exit_code, office.version) == (2, before)
    assert "10 of 20 would be removed of the access groups that it names" in done.stderr


def test_more_than_a_tenth_is_deactivated_where_the_number_is_said(office: Office) -> None:
    rows = twenty()[:-3]
    done = synced(office, rows, "--remove")
    assert done.exit_code == 2
    assert "--yes-deactivate 3" in done.stderr
    assert synced(office, rows, "--yes-deactivate", "2").exit_code == 2
    assert synced(office, rows, "--yes-deactivate", "3").exit_code == 0
    assert Member.objects.filter(firm=office.cast.firm, active=False).count() == 3


def test_rows_that_say_inactive_count_for_the_brake(office: Office) -> None:
    rows = [f"p{number}@example.com,left\n" for number in range(3)]
    text = "Email,Status\nann@agency.example.com,\n" + "".join(rows)
    text += "".join(f"p{number}@example.com,active\n" for number in range(3, 20))
    done = run("import", "members", office.path(text), "--sync", "--yes")
    assert done.exit_code == 2
    assert "3 of 21 would be deactivated" in done.stderr
    assert run("import", "members", office.path(text), "--sync", "--yes-deactivate", "3").exit_code == 0


def test_an_export_brings_external_ids_back(office: Office) -> None:
    path = office.path("", "out.csv")
    assert run("export", "members", path).exit_code == 0
    assert "S19" in Path(path).read_text(encoding="utf-8-sig")
    assert run("import", "members", path, "--sync").exit_code == 3


def test_the_preview_says_who_comes_to_stand_on_both_sides_of_a_wall(office: Office) -> None:
    firm = office.cast.firm
    one, other = office.cast.clients(2)
    for name, client in (("Audit", one), ("Tax", other)):
        group = Group.objects.get(firm=firm, name=name).number
        given = SetGrant(to=(group_subject(group),), on=On.client(client), level=Level.READER)
        execute(firm, given, actor=OPERATOR)
    named = frozenset({held(office, "p5@example.com").number})
    sides = (Side(members=named, clients=frozenset({one})), Side(clients=frozenset({other})))
    execute(firm, RaiseWall(name="Merger Q", sides=sides), actor=OPERATOR)
    execute(firm, TurnOn(), actor=OPERATOR)
    both = [*twenty()[:1], person(0, "Audit; Tax"), *twenty()[2:]]
    shown = synced(office, both, "--dry-run")
    assert "This puts Person 0 on both sides of Merger Q" in shown.output
    assert "Person 1 on both sides" not in shown.output
