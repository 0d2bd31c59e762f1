"""What a whole list lacks, against a firm held in memory; the brake, by its definition."""

import random
from collections.abc import Collection, Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.access import Refused
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import Subject
from ringfence.lists.faults import F, TableError
from ringfence.lists.plans.gone_plan import (
    GoneClient,
    GoneGrant,
    GoneOfScope,
    GonePlace,
    GoneService,
    Stated,
    Whole,
    plan_gone,
)
from ringfence.lists.plans.people_plan import KnownMember
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ListSource, ReadList
from ringfence.lists.rows.typed_rows import PlaceRow, TypedClient

SOURCE = ListSource(
    file="list.csv",
    encoding="utf-8",
    separator=",",
    doubtful=(),
    sheet="",
    other_sheets=(),
    unheaded=(),
    hidden_rows=(),
    header_line=1,
)
REFUSED = Refused(Refusal.NOT_PERMITTED, Problem.ONLY_ADMINISTRATORS)


class Held:
    """A firm with these clients, each with VAT, and those of `more` with another service besides."""

    may_not_manage: Refused | None = None
    may_not_share_all: Refused | None = None
    own_number: int | None = None

    def __init__(self, references: Iterable[str], more: Collection[str] = ()) -> None:
        self._clients = [GoneClient(n, each, each) for n, each in enumerate(references, 1)]
        self._more = more

    def services(self) -> Mapping[str, str]:
        return {"vat": "VAT"}

    def held_clients(self) -> Iterable[tuple[str, GoneClient]]:
        return [(unique_key(each.reference), each) for each in self._clients]

    def held_services(self, service: str) -> Iterable[tuple[str, GoneService]]:
        for key, each in self.held_clients():
            yield key, GoneService(each.number, each, "VAT", each.reference not in self._more)

    def held_members(self) -> Iterable[KnownMember]:
        return ()

    def managing_members(self) -> Iterable[KnownMember]:
        return ()

    def held_grants(self, subjects: Collection[Subject]) -> Iterable[GoneGrant]:
        return ()

    def held_places(
        self, groups: Collection[int], members: Collection[int] | None = None
    ) -> Iterable[GonePlace]:
        return [GonePlace(group, member, "Team", f"m{member}") for group in groups for member in (2, 3)]


def clients(*references: str, services: Mapping[str, str] = {}) -> ReadList:
    rows = tuple(TypedClient(n, each, each, services=services) for n, each in enumerate(references, 2))
    columns = Columns(ListKind.CLIENTS, ())
    return ReadList(source=SOURCE, columns=columns, count=len(rows), clients=rows)


def gone_from(read: ReadList, firm: Held, whole: Whole = Whole()) -> GoneOfScope:  # noqa: B008 - immutable
    (found,) = plan_gone(read, firm, whole, Stated())
    return found


codes = st.lists(st.text("abcABC12", min_size=1, max_size=3), unique_by=str.casefold, min_size=1)


@given(codes, codes, st.randoms())
def test_gone_is_what_is_held_and_not_named_whatever_the_order(
    held: list[str], named: list[str], dice: random.Random
) -> None:
    firm = Held(held)
    found = gone_from(clients(*named), firm)
    dice.shuffle(named)
    assert gone_from(clients(*(name.swapcase() for name in named)), firm) == found
    keys = {name.casefold() for name in named}
    assert [each.reference for each in found.items if isinstance(each, GoneClient)] == [
        name for name in held if name.casefold() not in keys
    ]
    assert found.held == len(held)


@given(st.integers(0, 300), st.integers(0, 300), st.none() | st.integers(1, 300))
def test_the_brake_holds_beyond_a_tenth_unless_the_number_is_named(
    held: int, count: int, at_most: int | None
) -> None:
    gone = GoneOfScope(scope="clients", held=held, items=(GoneClient(1, "A", "A"),) * min(count, held))
    more_than_a_tenth = 10 * len(gone.items) > held
    assert gone.braked(at_most) == (more_than_a_tenth and (at_most is None or len(gone.items) > at_most))


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(TableError) as refused:
        gone_from(clients(), Held(["A"]), Whole(remove=True, at_most=9))
    assert refused.value.code is F.EMPTY_WHOLE_LIST


def test_a_list_without_any_reference_is_refused() -> None:
    rows = (TypedClient(2, "Acme", ""),)
    read = ReadList(source=SOURCE, columns=Columns(ListKind.CLIENTS, ()), count=1, clients=rows)
    with pytest.raises(TableError):
        gone_from(read, Held(["A"]))


def test_a_service_of_clients_that_the_list_names_without_it_is_gone() -> None:
    vat, none = clients("A", services={"vat": ""}), clients("B")
    read = ReadList(source=SOURCE, columns=vat.columns, count=2, clients=vat.clients + none.clients)
    found = gone_from(read, Held(["A", "B", "C"], more=["C"]), Whole(service="VAT"))
    assert [(each.client.reference, each.last) for each in found.items if isinstance(each, GoneService)] == [
        ("B", True),
        ("C", False),
    ]


def test_only_a_list_of_clients_is_about_a_service() -> None:
    read = ReadList(source=SOURCE, columns=Columns(ListKind.MEMBERS, ()), count=1)
    with pytest.raises(TableError) as refused:
        plan_gone(read, Held(["A"]), Whole(service="VAT"), Stated())
    assert refused.value.code is F.SCOPE_OF_CLIENTS


def test_groups_that_no_row_names_are_of_no_scope() -> None:
    row = PlaceRow(2, "Team", "m2")
    read = ReadList(source=SOURCE, columns=Columns(ListKind.PLACES, ()), count=1, places=(row,))
    (found,) = plan_gone(read, Held([]), Whole(), Stated(places={(4, 2)}))
    assert (found.scope, found.held, [each.member for each in found.items]) == ("places", 2, [3])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("kind", "asked"), [(ListKind.CLIENTS, "may_not_manage"), (ListKind.ACCESS, "may_not_share_all")]
)
def test_who_may_not_remove_it_is_told_nothing_of_what_is_gone(kind: ListKind, asked: str) -> None:
    firm = Held(["A"])
    setattr(firm, asked, REFUSED)
    with pytest.raises(Refused):
        plan_gone(ReadList(source=SOURCE, columns=Columns(kind, ()), count=0), firm, Whole(), Stated())
