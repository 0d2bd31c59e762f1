"""What the database itself holds on to: uniqueness and order, alike on both databases."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from ringfence.core.directory import sort_key, unique_key
from ringfence.firms.models import Client, Engagement, Firm, Group, Member, Service, User

pytestmark = pytest.mark.both_databases

Make = Callable[[Firm, int], None]
NAMES = [
    "Zebra",
    "ábaco",
    "Abacus",
    "Éclair",
    "eclair",
    "ŵyn",
    "wyn",
    "Z",
    "_",
    "~",
    "名前",
    "🦊",
    "a b",
    "a-b",
    "ab",
]


@pytest.fixture
def row(db: None) -> Firm:
    """A firm's bare row."""
    return Firm.objects.create(name="F", name_key="f", settings={})


def test_clients_come_in_the_order_of_their_keys_on_every_database(row: Firm) -> None:
    for number, name in enumerate(NAMES, start=1):
        Client.objects.create(firm=row, number=number, name=name, sort_key=sort_key(name))
    found = list(Client.objects.order_by("sort_key", "number").values_list("name", flat=True))
    # UTF-8 keeps the order of code points, which is Python's.
    assert found == sorted(NAMES, key=lambda name: (sort_key(name), NAMES.index(name)))


def _client(firm: Firm, number: int) -> None:
    Client.objects.create(firm=firm, number=number, name="A", sort_key="a", reference_key="r-1")


def _engagement(firm: Firm, number: int) -> None:
    Engagement.objects.create(firm=firm, number=number, client=1, service=1, reference_key="gb1")


def _group(firm: Firm, number: int) -> None:
    Group.objects.create(firm=firm, number=number, name="A", name_key=unique_key("A"), sort_key="a")


def _service(firm: Firm, number: int) -> None:
    Service.objects.create(firm=firm, number=number, name="A", name_key=unique_key("A"), sort_key="a")


def _member(firm: Firm, number: int) -> None:
    Member.objects.create(
        firm=firm, number=number, email_key="a@b.example", role="standard", access=True, manage_access=False
    )


def _seat(firm: Firm, number: int) -> None:
    user, _ = User.objects.get_or_create(email="a@b.example")
    Member.objects.create(
        firm=firm, number=number, user=user, role="standard", access=True, manage_access=False
    )


MAKERS = [_client, _engagement, _group, _service, _member, _seat]


@pytest.mark.parametrize("make", MAKERS)
def test_the_database_refuses_what_must_be_unique_in_a_firm(row: Firm, make: Make) -> None:
    make(row, 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(row, 2)


@pytest.mark.parametrize("make", MAKERS)
def test_two_firms_may_have_the_same(row: Firm, make: Make) -> None:
    make(row, 1)
    make(Firm.objects.create(name="G", name_key="g", settings={}), 1)


def test_an_engagement_that_ended_gives_its_tax_reference_up(row: Firm) -> None:
    _engagement(row, 1)
    Engagement.objects.filter(firm=row, number=1).update(ended=True)
    _engagement(row, 2)
    assert Engagement.objects.filter(firm=row).count() == 2


def test_clients_without_a_reference_are_as_many_as_one_likes(row: Firm) -> None:
    for number in (1, 2):
        Client.objects.create(firm=row, number=number, name="A", sort_key="a", reference_key=None)
    assert Client.objects.count() == 2


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_a_user_is_found_by_their_address_however_it_is_written(db: None) -> None:
    user = User.objects.create_user("Ann@Example.COM", password="correct horse")
    assert User.objects.get_by_natural_key(" ANN@example.com ") == user
