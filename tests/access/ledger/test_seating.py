"""Who sits in which member's place is under the proof."""

import pytest

from ringfence import access
from ringfence.access.ledger.seating import SEATING, record_seats
from ringfence.core.commands import definitions as w
from ringfence.core.events import UserSeated
from ringfence.firms.models import LedgerEntry, Member, User
from tests.access.cast import ADMIN, Cast


def problems(firm: Cast) -> str:
    return " ".join(access.verify(firm.firm).problems)


def user_of(firm: Cast, member: int) -> int:
    return int(Member.objects.values_list("user_id", flat=True).get(firm=firm.firm, number=member))


def seat(firm: Cast, member: int, user: int | None) -> None:
    """Behind everybody's back."""
    Member.objects.filter(firm=firm.firm, number=member).update(user=user)


def seated(firm: Cast) -> list[int]:
    """The members of whom the ledger says it, in order of the entries."""
    return [
        event.member
        for entry in access.entries(firm.firm)
        for event in entry.events
        if isinstance(event, UserSeated)
    ]


def test_the_ledger_says_who_sits_in_each_place_that_has_an_address(firm: Cast) -> None:
    beth = firm.member("Beth")
    firm.do(w.AddMember(name="Nobody yet"))
    assert seated(firm) == [ADMIN, beth]
    assert problems(firm) == ""


def test_a_place_that_is_given_an_address_is_given_its_user_in_the_same_entry(firm: Cast) -> None:
    later = firm.do(w.AddMember(name="Later")).after.last_member
    done = firm.do(w.ChangeMember(member=later, email="later@example.com"))
    (entry,) = access.entries(firm.firm, after=done.version - 1)
    assert [event.member for event in entry.events if isinstance(event, UserSeated)] == [later]
    assert problems(firm) == ""


def test_two_users_who_changed_places_are_noticed(firm: Cast) -> None:
    beth = firm.member("Beth")
    one, other = user_of(firm, ADMIN), user_of(firm, beth)
    seat(firm, ADMIN, None)
    seat(firm, beth, one)
    seat(firm, ADMIN, other)
    assert problems(firm) == " ".join(
        f"In the place of member {number} sits another user than the ledger says." for number in (ADMIN, beth)
    )


def test_a_user_put_into_an_empty_place_is_noticed(firm: Cast) -> None:
    empty = firm.do(w.AddMember(name="Nobody yet")).after.last_member
    seat(firm, empty, User.objects.create_user("stranger@example.com").pk)
    assert f"In the place of member {empty} sits another user" in problems(firm)


def test_a_user_taken_out_of_a_place_is_noticed(firm: Cast) -> None:
    seat(firm, ADMIN, None)
    assert f"In the place of member {ADMIN} sits another user" in problems(firm)


def test_who_was_erased_sits_nowhere_any_more(firm: Cast) -> None:
    beth = firm.member("Beth")
    firm.do(w.DeactivateMember(member=beth))
    access.erase_member(firm.firm, beth, actor=access.OPERATOR)
    assert problems(firm) == ""


def test_a_ledger_of_before_is_told_once_who_sits_where(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("ringfence.access.sign_in_accounts.events_of", lambda firm, seats: ())
        old = Cast(access.create_firm("Old", "agency", admin_email="old@example.com").firm)
        beth = old.member("Beth")
    assert problems(old) == "The ledger does not say yet who sits in which place: run `ringfence migrate`."
    assert record_seats() == 1
    assert problems(old) == ""
    assert seated(old) == [ADMIN, beth]
    assert record_seats() == 0
    assert LedgerEntry.objects.filter(command=SEATING).count() == 1
