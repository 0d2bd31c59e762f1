"""`RINGFENCE_DATABASES` and `RINGFENCE_ADDRESSES` as they are read."""

from pathlib import Path

import pytest

from ringfence.store.databases import (
    DatabasesFault,
    addresses,
    data_folder,
    databases,
    own_address,
    own_name,
    own_numbers,
)

BOTH = {"RINGFENCE_DATABASES": "north=sqlite:////n south=postgresql://u:p%40@db1:5432,db2:5432/s?a=b"}


def test_each_database_has_a_name_and_an_address() -> None:
    assert databases(BOTH) == {
        "north": "sqlite:////n",
        "south": "postgresql://u:p%40@db1:5432,db2:5432/s?a=b",
    }
    assert databases({}) == {}


def test_a_process_has_the_first_unless_another_is_named() -> None:
    assert own_name(BOTH) == "north"
    assert own_name(BOTH | {"RINGFENCE_DATABASE": "south"}) == "south"
    assert own_name(BOTH | {"RINGFENCE_DATABASE": "sqlite:////n"}) == "north"
    assert own_address(BOTH | {"RINGFENCE_DATABASE": "south"}).startswith("postgresql:")
    assert own_address({"RINGFENCE_DATABASE": "sqlite:////x"}) == "sqlite:////x"


def test_numbers_of_firms_are_of_one_database_each() -> None:
    north, south = own_numbers(BOTH), own_numbers(BOTH | {"RINGFENCE_DATABASE": "south"})
    assert north is not None
    assert south is not None
    assert (north[0], south[0]) == (1, 10_000_001)
    assert north[-1] < south[0]
    assert own_numbers({}) is None


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ({"RINGFENCE_DATABASES": "North=sqlite:////n"}, "names in small letters"),
        ({"RINGFENCE_DATABASES": "postgresql://u:secret@h/n"}, "names in small letters"),
        ({"RINGFENCE_DATABASES": "a=sqlite:////n a=sqlite:////m"}, "names 'a' twice"),
        ({"RINGFENCE_DATABASES": "a=sqlite:////n b=sqlite:////n"}, "one database twice"),
        (BOTH | {"RINGFENCE_DATABASE": "west"}, "write north or south"),
        (BOTH | {"RINGFENCE_DATABASE": "postgresql://u:secret@h/n"}, "an address that"),
        (BOTH | {"RINGFENCE_ADDRESSES": "west=https://w.example"}, "names 'west'"),
        (BOTH | {"RINGFENCE_ADDRESSES": "north=javascript:alert(1)"}, "neither https"),
    ],
)
def test_what_cannot_be_followed_is_told_without_a_password(named: dict[str, str], said: str) -> None:
    with pytest.raises(DatabasesFault) as fault:
        _ = own_name(named), addresses(named)
    assert said in str(fault.value)
    assert "secret" not in str(fault.value)


def test_an_empty_data_folder_is_as_none_named_and_never_the_present_folder() -> None:
    assert data_folder({"RINGFENCE_DATA": ""}) == data_folder({}) == Path("var").resolve()
