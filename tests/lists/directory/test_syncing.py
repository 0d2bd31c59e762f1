"""A firm made equal to a real LDAP directory: joiners, changes, leavers, groups, the brake, nothing to do."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from ringfence import access
from ringfence.access import OPERATOR
from ringfence.access.directories import (
    KeptDirectory,
    directory_of,
    forget_directory,
    keep_directory,
    keep_last_run,
)
from ringfence.core.commands import definitions as w
from ringfence.core.refusals import Problem, Refused
from ringfence.core.terms import Level, Role, Target, member_subject
from ringfence.firms.models import Firm, FirmDirectory, Group, Member
from ringfence.firms.sealing import is_sealed
from ringfence.lists.directory.people import WhyNotFollowed
from ringfence.lists.directory.syncing import Synced, SyncStatus, ask, compare_and_save
from tests.access.cast import Cast, found
from tests.support.directory_server import (
    BASE,
    PASSWORD,
    ROOT,
    DirectoryServer,
    directory_server,
    group,
    person,
)

HELD = 20


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    """Twenty people; the even ones are in Audit. One of them is the only one in Tax."""
    entries = [
        *(person(number) for number in range(HELD)),
        person(50, mail=[]),
        group("Audit", [f"uid=p{number},{BASE}" for number in range(0, HELD, 2)]),
        group("Tax", [f"uid=p1,{BASE}"]),
    ]
    with directory_server(tmp_path_factory.mktemp("slapd"), entries) as running:
        yield running


@pytest.fixture
def cast(db: None, server: DirectoryServer) -> Cast:
    cast = found()
    settings = {
        "kind": "openldap",
        "server": server.encrypted,
        "certificates": server.authority,
        "user": ROOT,
        "people_base": BASE,
        "groups_base": BASE,
    }
    keep_directory(cast.firm, settings, password=PASSWORD, hourly=True, actor=OPERATOR)
    return cast


def kept(cast: Cast) -> KeptDirectory:
    directory = directory_of(cast.firm)
    assert directory is not None
    return directory


def synced(cast: Cast, *, at_most: int | None = None, dry: bool = False) -> Synced:
    firm = Firm.objects.get(pk=cast.firm)
    answered = ask(kept(cast), ())
    return compare_and_save(firm, kept(cast), answered, at_most=at_most, agreed=lambda _: not dry)


def narrowed(cast: Cast, **settings: str) -> None:
    """The directory is asked otherwise from now on."""
    held = dict(kept(cast).settings) | settings
    keep_directory(cast.firm, held, password=None, hourly=True, actor=OPERATOR)


def active(cast: Cast) -> set[str]:
    return set(Member.objects.filter(firm=cast.firm, active=True).values_list("email", flat=True))


def inside(cast: Cast, name: str) -> set[str]:
    number = Group.objects.get(firm=cast.firm, name=name).number
    numbers = cast.view.moment.state.groups[number]
    rows = Member.objects.filter(firm=cast.firm, number__in=numbers)
    return set(rows.values_list("email", flat=True))


def test_joiners_come_with_their_groups(cast: Cast) -> None:
    done = synced(cast)
    assert done.status is SyncStatus.SAVED
    assert active(cast) >= {f"p{number}@example.com" for number in range(HELD)}
    assert inside(cast, "Audit") == {f"p{number}@example.com" for number in range(0, HELD, 2)}


def test_a_second_time_is_nothing_to_do_and_writes_nothing(cast: Cast) -> None:
    version = synced(cast).version
    assert (synced(cast).status, cast.view.version) == (SyncStatus.NOTHING_TO_DO, version)


def test_a_dry_run_saves_nothing(cast: Cast) -> None:
    before = cast.view.version
    assert (synced(cast, dry=True).status, cast.view.version) == (SyncStatus.DRY_RUN, before)


def test_every_change_is_an_entry_that_names_the_directory(cast: Cast) -> None:
    before = cast.view.version
    synced(cast)
    entries = [each for each in access.entries(cast.firm) if each.number > before]
    assert {each.command for each in entries} >= {"member.add", "group.create", "group.add_members"}
    assert "localhost" in entries[0].reason


def test_who_is_known_by_the_address_is_given_the_id_and_kept(cast: Cast) -> None:
    number = cast.do(w.AddMember(name="Old name", email="p3@example.com")).change.events[0].member  # type: ignore[union-attr]
    synced(cast)
    row = Member.objects.get(firm=cast.firm, number=number)
    assert (row.name, row.external) == ("Person 3", "00000000-0000-4000-8000-000000000003")


def test_leavers_are_deactivated_and_those_by_hand_are_not(cast: Cast) -> None:
    synced(cast)
    cast.member("Hand")
    narrowed(cast, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p19)))")
    assert synced(cast).status is SyncStatus.SAVED
    assert "p19@example.com" not in active(cast)
    assert Member.objects.get(firm=cast.firm, name="Hand").active


def test_more_than_a_tenth_holds_the_brake_until_the_number_is_named(cast: Cast) -> None:
    synced(cast)
    before = cast.view.version
    narrowed(cast, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p1*)))")
    done = synced(cast)
    assert (done.status, done.last.going, done.last.held) == (SyncStatus.BRAKED, 11, HELD)
    assert cast.view.version == before + 1  # the settings
    assert synced(cast, at_most=10).status is SyncStatus.BRAKED
    assert synced(cast, at_most=11).status is SyncStatus.SAVED


def test_a_directory_that_shows_nobody_is_no_directory_of_nobody(cast: Cast) -> None:
    synced(cast)
    narrowed(cast, people_filter="(uid=nobody)")
    assert synced(cast, at_most=1000).status is SyncStatus.FAILED
    assert "p1@example.com" in active(cast)


def test_who_leaves_a_group_is_out_of_it(cast: Cast) -> None:
    synced(cast)
    number = Member.objects.get(firm=cast.firm, email="p5@example.com").number
    tax = Group.objects.get(firm=cast.firm, name="Tax").number
    cast.do(w.AddToGroup(group=tax, members=frozenset([number]), directory=True))
    assert synced(cast).status is SyncStatus.SAVED
    assert inside(cast, "Tax") == {"p1@example.com"}


def test_groups_are_kept_by_the_directory_from_then_on(cast: Cast) -> None:
    cast.group("Tax")
    synced(cast)
    numbers = Group.objects.filter(firm=cast.firm, name__in=("Audit", "Tax")).values_list("number", flat=True)
    assert set(cast.view.kept) == set(numbers)
    with pytest.raises(Refused) as refused:
        cast.do(w.AddToGroup(group=numbers[0], members=frozenset([1])))
    assert refused.value.problem is Problem.DIRECTORY_KEPT


def test_the_last_owner_of_a_client_is_handed_over_to_the_firms_successor(cast: Cast) -> None:
    synced(cast)
    cast.do(w.ChangeSettings(values={"owner_required": True}))
    number = Member.objects.get(firm=cast.firm, email="p19@example.com").number
    client = cast.client("Acme")
    cast.grant(member_subject(number), w.On.client(client), Level.OWNER)
    narrowed(cast, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p19))(!(uid=p18)))")
    refused = synced(cast)
    assert [each.why for each in refused.left_out if "p19" in each.name] == [WhyNotFollowed.REFUSED]
    assert {"p19@example.com"} == active(cast) & {"p18@example.com", "p19@example.com"}
    cast.do(w.SetSuccessor(member=1))
    assert synced(cast).status is SyncStatus.SAVED
    assert "p19@example.com" not in active(cast)
    assert cast.view.grants_of(member_subject(1)).grant_on(Target("client", client))


def test_one_who_cannot_be_taken_holds_up_nobody(cast: Cast) -> None:
    cast.do(w.AddMember(name="Other", email="p3@example.com", external="S-3"))
    done = synced(cast)
    assert done.status is SyncStatus.SAVED
    assert {each.why for each in done.left_out} == {WhyNotFollowed.REFUSED, WhyNotFollowed.NO_EMAIL}
    assert Member.objects.get(firm=cast.firm, email="p3@example.com").name == "Other"
    assert "p4@example.com" in active(cast)


def test_the_last_principal_stays_and_is_named(cast: Cast) -> None:
    synced(cast)
    number = Member.objects.get(firm=cast.firm, email="p19@example.com").number
    cast.do(w.ChangeMember(member=number, role=Role.PRINCIPAL))
    narrowed(cast, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p19)))")
    done = synced(cast)
    assert done.prepared is not None
    assert [each.why for gone in done.prepared.gone for each in gone.stays] == ["last_principal"]
    assert "p19@example.com" in active(cast)


def test_groups_that_the_firm_lacks_are_told_where_none_are_to_be_created(cast: Cast) -> None:
    held = dict(kept(cast).settings) | {"add_groups": False}
    keep_directory(cast.firm, held, password=None, hourly=True, actor=OPERATOR)
    done = synced(cast)
    assert {each.name for each in done.left_out if each.why is WhyNotFollowed.NO_GROUP} == {"Audit", "Tax"}
    assert not Group.objects.filter(firm=cast.firm, name="Audit").exists()


def test_the_password_lies_sealed_and_is_never_shown_to_another_server(cast: Cast, tmp_path: Path) -> None:
    row = FirmDirectory.objects.get(firm=cast.firm)
    assert is_sealed(row.password or "")
    assert PASSWORD not in str(row.settings)
    narrowed(cast, server="ldaps://other.example.com")
    assert kept(cast).password() == ""


def test_an_answer_of_a_directory_that_was_forgotten_meanwhile_changes_nothing(cast: Cast) -> None:
    directory, firm = kept(cast), Firm.objects.get(pk=cast.firm)
    answered = ask(directory, ())
    forget_directory(cast.firm, actor=OPERATOR)
    before = active(cast)
    assert compare_and_save(firm, directory, answered).status is SyncStatus.FAILED
    assert active(cast) == before


def test_an_answer_that_was_asked_for_otherwise_changes_nothing(cast: Cast) -> None:
    directory, firm = kept(cast), Firm.objects.get(pk=cast.firm)
    answered = ask(directory, ())
    narrowed(cast, people_filter="(uid=p1)")
    assert compare_and_save(firm, directory, answered).status is SyncStatus.FAILED
    assert answered.found is not None
    assert not active(cast) & {each.email for each in answered.found.people}


def test_an_answer_from_before_another_run_changes_nothing(cast: Cast) -> None:
    directory, firm = kept(cast), Firm.objects.get(pk=cast.firm)
    earlier = ask(directory, ())
    assert earlier.found is not None
    gone = [msgspec.structs.replace(each, groups=()) for each in earlier.found.people]
    found_later = msgspec.structs.replace(earlier.found, people=tuple(gone))
    later = compare_and_save(firm, directory, msgspec.structs.replace(earlier, found=found_later))
    keep_last_run(cast.firm, later.last)
    assert compare_and_save(firm, directory, earlier).status is SyncStatus.FAILED
    audit = Group.objects.get(firm=cast.firm, name="Audit").number
    assert not access.firm_state(cast.firm).groups[audit]


def test_with_other_settings_the_last_run_is_forgotten(cast: Cast) -> None:
    keep_last_run(cast.firm, synced(cast).last)
    narrowed(cast)
    assert kept(cast).last.status == "saved"
    narrowed(cast, people_filter="(uid=p1)")
    assert kept(cast).last.status == ""
