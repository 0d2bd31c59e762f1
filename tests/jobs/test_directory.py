"""Directories asked by the hour: a brake is told once and never let through; one away is told late."""

from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from ringfence.access import OPERATOR
from ringfence.access.directories import directory_of, keep_directory
from ringfence.firms.models import FirmDirectory, Member
from ringfence.jobs.directory import PATIENCE, sync_directories, sync_directory
from ringfence.jobs.enqueue import enqueue
from tests.notices.people import everybody_came_in
from tests.support.directory_server import (
    BASE,
    PASSWORD,
    ROOT,
    DirectoryServer,
    directory_server,
    person,
)
from tests.support.jobs import do_waiting
from tests.web.cast import make_cast


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DirectoryServer]:
    with directory_server(tmp_path_factory.mktemp("slapd"), map(person, range(20))) as running:
        yield running


@pytest.fixture
def firm(db: None, server: DirectoryServer) -> Iterator[int]:
    firm = make_cast().firm
    everybody_came_in()
    asked(firm, server)
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        an_hour_later()
        yield firm


def asked(firm: int, running: DirectoryServer, **more: str) -> None:
    settings = {
        "kind": "openldap",
        "server": running.encrypted,
        "certificates": running.authority,
        "user": ROOT,
        "people_base": BASE,
    }
    keep_directory(firm, settings | more, password=PASSWORD, hourly=True, actor=OPERATOR)


def an_hour_later() -> None:
    enqueue(sync_directories)
    do_waiting()


def there(firm: int) -> int:
    return Member.objects.filter(firm=firm, active=True, email__endswith="@example.com").count()


def told() -> list[str]:
    return [str(each.subject) for each in mail.outbox if "directory" in each.subject]


def test_people_come_by_the_hour(firm: int) -> None:
    assert there(firm) == 20
    kept = directory_of(firm)
    assert kept is not None
    assert kept.last.status == "saved"
    assert told() == []


def test_a_brake_is_told_once_and_held_until_its_number_is_named(firm: int, server: DirectoryServer) -> None:
    asked(firm, server, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p1*)))")
    for _ in range(3):
        an_hour_later()
    assert there(firm) == 20
    assert told() == ["Your directory no longer keeps who is in Pike & Marlow"]
    (letter,) = [each for each in mail.outbox if "directory" in each.subject]
    assert "lacks 11 of 20" in letter.body
    assert f"https://ringfence.example/firms/{firm}/manage/directory" in letter.body
    enqueue(sync_directory, firm, 11)
    do_waiting()
    assert there(firm) == 9
    assert not FirmDirectory.objects.get(firm=firm).told


def test_a_directory_that_is_away_is_told_after_a_day(firm: int, server: DirectoryServer) -> None:
    asked(firm, server, server="ldap://127.0.0.1:1")
    an_hour_later()
    assert told() == []
    row = FirmDirectory.objects.get(firm=firm)
    row.last["failing_since"] -= PATIENCE
    row.save()
    an_hour_later()
    an_hour_later()
    assert len(told()) == 1
    assert there(firm) == 20


def test_a_directory_that_is_not_asked_by_the_hour_is_left_alone(firm: int, server: DirectoryServer) -> None:
    FirmDirectory.objects.update(hourly=False, last={})
    an_hour_later()
    kept = directory_of(firm)
    assert kept is not None
    assert kept.last.status == ""


def test_one_that_waits_to_be_asked_is_not_asked_twice(firm: int) -> None:
    sync_directories.func()
    sync_directories.func()
    waiting = DBTaskResult.objects.filter(task_path=sync_directory.module_path, status="READY")
    assert waiting.count() == 1


def test_a_number_counts_for_what_the_brake_held_when_it_was_named(
    firm: int, server: DirectoryServer
) -> None:
    asked(firm, server, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p1*)))")
    an_hour_later()
    enqueue(sync_directory, firm, 11)
    asked(firm, server, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p2)))")
    do_waiting()
    asked(firm, server, people_filter="(&(objectClass=inetOrgPerson)(!(uid=p1*)))")
    enqueue(sync_directory, firm, 11)
    do_waiting()
    assert there(firm) == 19
