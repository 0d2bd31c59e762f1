"""Members that a list names by address or by name: who is meant, and what is wrong where nobody is."""

import pytest

from ringfence.core.directory import unique_key
from ringfence.core.terms import Role
from ringfence.lists.faults import F
from ringfence.lists.plans.people_plan import KnownMember, NamedMembers
from tests.lists.lists import FirmInMemory


def member(number: int, name: str, email: str, *, active: bool = True) -> KnownMember:
    return KnownMember(number, name, email, Role.STANDARD, True, False, active)


FIRM = FirmInMemory(
    members=[
        member(2, "Beth", "beth@example.com"),
        member(3, "Tom", "tom@example.com"),
        member(4, "Tom", "other.tom@example.com"),
        member(5, "Ivy", "ivy@example.com", active=False),
        member(6, "Ivy", "other.ivy@example.com"),
        member(7, "Gone", "gone@example.com", active=False),
        member(8, "beth@example.com", "strange@example.com"),
    ]
)


@pytest.mark.parametrize(
    ("who", "number"),
    [
        ("BETH@example.com", 2),
        ("beth", 2),
        ("tom@example.com", 3),
        ("Ivy", 6),
        ("gone@example.com", 7),
    ],
)
def test_an_address_is_anybodys_and_a_name_is_an_active_members(who: str, number: int) -> None:
    found = NamedMembers(FIRM, {unique_key(who)}).find(who)
    assert isinstance(found, KnownMember)
    assert found.number == number


@pytest.mark.parametrize(
    ("who", "code"), [("Tom", F.SEVERAL_GRANTEES), ("Gone", F.UNKNOWN_MEMBER), ("Zoe", F.UNKNOWN_MEMBER)]
)
def test_a_name_of_several_or_of_nobody_is_a_fault(who: str, code: F) -> None:
    assert NamedMembers(FIRM, {unique_key(who)}).find(who) is code
