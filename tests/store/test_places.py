"""What settings say of hosts and standbys."""

import pytest

from ringfence.store.places import PlaceFault, StandbyPlan, hosts_of, primary_of, standby_plan

THREE = (
    "postgresql://ann:p%40ss@db1:6432,db2:6432,db3:6432/firms?sslmode=require&target_session_attrs=primary"
)
NEAR = "postgresql://ann:p%40ss@db2:6432/firms"


def plan(database: str = THREE, standby: str = NEAR, **more: str) -> StandbyPlan | None:
    named = {f"RINGFENCE_{name.upper()}": value for name, value in more.items()}
    return standby_plan({"RINGFENCE_STANDBY": standby, **named}, database)


def test_each_host_of_an_address_is_asked_by_itself_in_the_same_way() -> None:
    found = hosts_of(THREE)
    assert list(found) == ["db1:6432", "db2:6432", "db3:6432"]
    for host, address in zip(("db1", "db2", "db3"), found.values(), strict=True):
        assert set(address.split()) == {
            f"host={host}",
            "port=6432",
            "user=ann",
            "password=p@ss",
            "dbname=firms",
            "sslmode=require",
        }


def test_a_port_for_each_host_is_its_own() -> None:
    assert list(hosts_of("postgresql://a:1,b:2/firms")) == ["a:1", "b:2"]


def test_without_a_standby_there_is_no_plan() -> None:
    assert standby_plan({}, THREE) is None


def test_the_standby_itself_is_asked_first_and_then_the_hosts_after_it() -> None:
    found = plan(synchronous="2")
    assert found is not None
    assert found.own == hosts_of(NEAR)["db2:6432"]
    assert [each.partition("host=")[2].split()[0] for each in found.hosts] == ["db2", "db3", "db1"]


@pytest.mark.parametrize(
    ("hosts", "synchronous", "needed"), [(2, 2, 1), (3, 2, 2), (3, 3, 1), (5, 2, 4), (5, 3, 3)]
)
def test_so_many_hosts_are_asked_that_one_has_every_acknowledged_change(
    hosts: int, synchronous: int, needed: int
) -> None:
    named = ",".join(f"db{number}:6432" for number in range(1, hosts + 1))
    found = plan(f"postgresql://{named}/firms", synchronous=str(synchronous))
    assert found is not None
    assert found.needed == needed
    assert found.needed + synchronous > hosts


@pytest.mark.parametrize(
    ("told", "remedy"),
    [
        ({"standby": "", "synchronous": "2"}, "name the standby that is nearest"),
        ({"standby": "sqlite:///a"}, "a standby is one of PostgreSQL"),
        ({"database": "sqlite:///a"}, "a standby is one of PostgreSQL"),
        ({"standby": "postgresql://db2,db3/firms"}, "name the one that is nearest"),
        ({"standby": "postgresql://db9/firms", "synchronous": "2"}, "written alike"),
        ({"synchronous": "1"}, "from 2 to 3"),
        ({"synchronous": "4"}, "from 2 to 3"),
        ({"synchronous": "two"}, "write a number"),
        ({"standby_alone_seconds": "-1"}, "write a number from 0 to 3600"),
        ({"database": "postgresql://db1,db1/firms"}, "names a host twice"),
    ],
)
def test_what_cannot_be_followed_says_what_to_write(told: dict[str, str], remedy: str) -> None:
    with pytest.raises(PlaceFault, match=remedy):
        plan(**told)


def test_of_several_hosts_the_primary_is_spoken_to_and_one_is_taken_as_it_is() -> None:
    several: dict[str, object] = {"host": "a,b", "target_session_attrs": "read-write"}
    primary_of(several)
    assert several["target_session_attrs"] == "primary"
    alone: dict[str, object] = {"host": "a"}
    primary_of(alone)
    assert alone == {"host": "a"}
