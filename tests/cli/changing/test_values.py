"""How NAME=VALUE becomes arguments: words, lists and structures."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ringfence.cli.changing.values import read_command
from ringfence.cli.faults import Fault
from ringfence.core.terms import Thing


class Firm:
    """One with a client whose name has a comma."""

    zone = ZoneInfo("Europe/London")

    def has(self, thing: Thing, name: str) -> bool:
        return (thing, name) == (Thing.CLIENT, "Smith, Jones & Co")


def read(command: str, *pairs: str) -> dict[str, Any]:
    return read_command(command, pairs, Firm())


def test_a_list_is_cut_at_commas() -> None:
    assert read("group.create", "members=Ann, Bob,") == {"members": ["Ann", "Bob"]}


def test_a_list_can_be_given_by_naming_the_argument_again() -> None:
    assert read("group.create", "members=Ann", "members=Bob,Cy") == {"members": ["Ann", "Bob", "Cy"]}


def test_a_name_with_a_comma_that_is_there_is_not_cut() -> None:
    assert read("grant.set", "on=Smith, Jones & Co") == {"on": ["Smith, Jones & Co"]}


def test_json_and_yaml_are_read_as_structures() -> None:
    assert read("grant.set", 'on={"client": "A", "service": "VAT"}', "on=[B, C]") == {
        "on": [{"client": "A", "service": "VAT"}, "B", "C"]
    }


def test_a_group_is_a_subject_by_its_prefix() -> None:
    assert read("grant.set", "to=group:Team A,Ann") == {"to": [{"group": "Team A"}, "Ann"]}


def test_a_service_is_a_target_by_its_prefix() -> None:
    assert read("grant.set", "on=service:VAT,all") == {"on": [{"service": "VAT"}, "all"]}


def test_a_new_name_is_taken_as_it_is() -> None:
    assert read("group.create", "group=[A, B]") == {"group": "[A, B]"}


def test_what_follows_the_first_equals_sign_is_the_value() -> None:
    assert read("client.add", "client==HYPERLINK(a=b)") == {"client": "=HYPERLINK(a=b)"}


def test_services_take_references_as_a_structure() -> None:
    assert read("client.add", "services={VAT: GB1}") == {"services": {"VAT": "GB1"}}


def test_rows_given_twice_are_one_list() -> None:
    assert read("client.import", "rows=[{client: A}]", "rows={client: B}") == {
        "rows": [{"client": "A"}, {"client": "B"}]
    }


@pytest.mark.parametrize("pair", ["members", "=Ann", " =Ann", ""])
def test_what_is_no_pair_is_a_mistake(pair: str) -> None:
    with pytest.raises(Fault, match="no NAME=VALUE"):
        read("group.create", pair)


def test_yaml_that_would_run_code_is_a_mistake() -> None:
    with pytest.raises(Fault, match="cannot be read"):
        read("grant.set", "on=[!!python/object/apply:os.system [ls]]")
