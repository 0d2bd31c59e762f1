"""Who is meant by a word: e-mail, reference, a name that only one has, or a number."""

import pytest

from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import Ambiguous, FirmNames, find_firm
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm, Service
from tests.cli.listing import refuse, succeed

pytestmark = pytest.mark.both_databases


@pytest.fixture
def names(agency: str) -> FirmNames:
    return FirmNames(Firm.objects.get(name=agency))


@pytest.mark.parametrize(
    ("thing", "word", "number"),
    [
        (Thing.MEMBER, "beth@ace.example", 2),
        (Thing.MEMBER, " BETH@ACE.EXAMPLE ", 2),
        (Thing.MEMBER, "beth", 2),
        (Thing.MEMBER, "#2", 2),
        (Thing.CLIENT, "f500", 1),
        (Thing.CLIENT, "fortune 500", 1),
        (Thing.CLIENT, "#1", 1),
        (Thing.GROUP, "BIG", 2),
        (Thing.GROUP, "Everyone", 1),
        (Thing.SERVICE, "income tax", 3),
        (Thing.MEMBER, "Bêth", 0),
        (Thing.MEMBER, "#9", 0),
        (Thing.CLIENT, "#99999999999999999999", 0),
        (Thing.CLIENT, "", 0),
        (Thing.CLIENT, "a\0b", 0),
        (Thing.WALL, "none", 0),
    ],
)
def test_a_word_means_the_one_thing_or_nothing(
    names: FirmNames, thing: Thing, word: str, number: int
) -> None:
    assert names.number(thing, word) == number


def test_a_hash_and_digits_are_the_number_whatever_is_called_so(names: FirmNames) -> None:
    succeed("do", "member.add", "member=#2", "email=two@ace.example")
    succeed("do", "client.add", "client=Taker", "reference=#1")
    succeed("do", "service.add", "service=#1")
    assert names.number(Thing.MEMBER, "#2") == 2
    assert names.number(Thing.CLIENT, " #1 ") == 1
    assert Service.objects.get(number=names.number(Thing.SERVICE, "#1")).name != "#1"


def test_a_hash_and_digits_are_never_a_name(names: FirmNames) -> None:
    succeed("do", "client.add", "client=Taker", "reference=#77")
    assert names.number(Thing.CLIENT, "#77") == 0


def test_a_name_that_several_members_have_is_refused_with_the_candidates(names: FirmNames) -> None:
    succeed("do", "member.add", "member=Beth", "email=beth2@ace.example")
    with pytest.raises(Ambiguous, match=r"2 members are called 'Beth'.*beth@ace.example, beth2@ace.example"):
        names.number(Thing.MEMBER, "Beth")


def test_a_name_that_several_clients_have_is_refused_with_the_candidates(agency: str) -> None:
    for _ in range(2):
        succeed("do", "client.add", "client=John Smith")
    said = refuse("check", "Beth", "John Smith")
    assert "2 clients are called 'John Smith': write one of #3, #4 instead" in said


def test_many_candidates_are_not_all_listed(agency: str) -> None:
    rows = ", ".join("{client: Twin}" for _ in range(12))
    succeed("do", "client.import", f"rows=[{rows}]")
    assert "and 2 more" in refuse("who", "Twin")


def test_a_removed_client_is_meant_only_where_no_other_has_the_name(names: FirmNames) -> None:
    succeed("do", "client.remove", "client=VALA")
    assert names.number(Thing.CLIENT, "Vala Subsid A Ltd.") == 2
    succeed("do", "client.add", "client=Vala Subsid A Ltd.")
    assert names.number(Thing.CLIENT, "Vala Subsid A Ltd.") == 3


def test_another_firms_things_are_not_there(names: FirmNames) -> None:
    succeed("firm", "create", "Other", "--profile", "kyc", "--admin", "zoe@other.example")
    succeed("do", "client.add", "client=Theirs", "reference=T1", "--firm", "Other")
    assert (names.number(Thing.CLIENT, "T1"), names.number(Thing.MEMBER, "zoe@other.example")) == (0, 0)


def test_the_only_firm_need_not_be_named(agency: str) -> None:
    assert find_firm(None).name == agency


def test_of_several_firms_one_must_be_named(agency: str) -> None:
    succeed("firm", "create", "Other", "--profile", "kyc", "--admin", "zoe@other.example")
    with pytest.raises(Fault, match=r"say which with --firm\. There are: 'Ace Agents', 'Other'"):
        find_firm(None)


def test_a_firm_can_be_named_by_number(agency: str) -> None:
    assert find_firm(str(Firm.objects.get().pk)).name == agency


def named_after_another(agency: str) -> tuple[Firm, Firm]:
    """Ace Agents, and a firm whose name is the number of Ace Agents."""
    ace = Firm.objects.get(name=agency)
    succeed("firm", "create", str(ace.pk), "--profile", "kyc", "--admin", "zoe@other.example")
    return ace, Firm.objects.get(name=str(ace.pk))


def test_a_number_that_is_also_a_firms_name_is_refused_with_both_named(agency: str) -> None:
    ace, other = named_after_another(agency)
    with pytest.raises(Fault, match=rf"two firms: 'Ace Agents', .*--firm #{ace.pk} or --firm #{other.pk}\."):
        find_firm(str(ace.pk))


def test_a_hash_and_digits_are_the_firms_number_whatever_a_firm_is_called(agency: str) -> None:
    ace, other = named_after_another(agency)
    succeed("firm", "create", f"#{ace.pk}", "--profile", "kyc", "--admin", "yan@other.example")
    assert find_firm(f"#{ace.pk}") == ace
    assert find_firm(f" #{other.pk} ") == other


def test_digits_that_are_no_firms_number_are_a_name(agency: str) -> None:
    succeed("firm", "create", "360", "--profile", "kyc", "--admin", "zoe@other.example")
    assert find_firm("360").name == "360"


@pytest.mark.django_db
def test_without_a_firm_the_message_says_how_to_make_one() -> None:
    assert "ringfence firm create" in refuse("sees", "Beth")
