"""What others do in a database while firms move in and out of it: starting, migrating, forgetting."""

import pytest
from django.db import connections, transaction
from django.db.models import CharField

from ringfence import access
from ringfence.access import FirmClosed
from ringfence.access.closing import keep_closed
from ringfence.access.notices import NoticeKind
from ringfence.cli.databases import migrating
from ringfence.cli.faults import Fault
from ringfence.cli.placing.moving import remove
from ringfence.core.commands import definitions as w
from ringfence.firms.models import (
    AuditPack,
    FirmMove,
    ListUpload,
    MovedKey,
    Notice,
    RefusedAttempt,
    RepeatedAnswer,
    User,
    WebhookDelivery,
)
from ringfence.jobs.lists import drop_lists
from ringfence.jobs.prune import prune
from tests.cli.listing import refuse
from tests.cli.placing.deployment import ACE, NORTH, SOUTH, Deployment

pytestmark = [pytest.mark.database, pytest.mark.both_databases]


@pytest.fixture
def nothing_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "call_command", lambda *_words, **_options: None)


def test_whoever_starts_meanwhile_opens_no_firm_that_is_about_to_come(
    ace: Deployment, nothing_missing: None
) -> None:
    with ace.at(NORTH):
        keep_closed(soon=True)
        migrating.bring_up_to_date()
        FirmMove.objects.create(number=ace.firm, state="arriving", place=SOUTH, at=1)
        with pytest.raises(FirmClosed):
            ace.add_client("Ash")


def test_whoever_starts_closes_what_a_backup_brought_closed(ace: Deployment, nothing_missing: None) -> None:
    with ace.at(NORTH):
        FirmMove.objects.create(number=ace.firm, state="leaving", place=SOUTH, at=1)
        migrating.bring_up_to_date()
        with pytest.raises(FirmClosed):
            ace.add_client("Ash")


def test_tables_are_not_changed_while_a_firm_is_on_its_way(
    closed: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ace = closed
    monkeypatch.setattr(migrating, "_missing", lambda: True)
    with ace.at(NORTH):
        with pytest.raises(Fault, match="on its way between databases"):
            migrating.bring_up_to_date()
        with pytest.raises(FirmClosed):
            ace.add_client("Ash")


def test_no_firm_moves_while_tables_are_changed_and_a_column_gets_another_type(
    moved: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ace = moved

    def widen(*_words: object, **_options: object) -> None:
        assert "at work" in refuse("firm", "place", ACE, NORTH)
        wider = CharField(max_length=201, blank=True)
        wider.set_attributes_from_name("name")
        wider.model = User
        with connections["default"].schema_editor() as editor:
            editor.alter_field(User, User._meta.get_field("name"), wider)

    monkeypatch.setattr(migrating, "_missing", lambda: True)
    monkeypatch.setattr(migrating, "call_command", widen)
    with ace.at(SOUTH):
        keep_closed(soon=True)
        migrating.bring_up_to_date()
    ace.place(NORTH)
    assert ace.takes_changes(NORTH)


def test_what_is_over_is_forgotten_in_every_firm_that_is_not_on_its_way(ace: Deployment) -> None:
    with ace.at(NORTH):
        there = access.create_firm("Neighbours", "agency", admin_email="n@north.example").firm
        for firm in (ace.firm, there):
            of = {"firm_id": firm}
            RepeatedAnswer.objects.create(**of, token=9, key="old", said=b"said", answer={}, at=1)
            WebhookDelivery.objects.create(
                **of, webhook=1, number=1, entry=1, part=1, type="x", at=1, milliseconds=1
            )
            AuditPack.objects.create(
                **of, number=1, member=1, asked={}, state="ready", made_at=1, changed_at=1
            )
            RefusedAttempt.objects.create(**of, day=1, member=1, what="form.send", last_at=1)
            for number in (1, 2):
                Notice.objects.create(
                    **of, member=1, number=number, kind=NoticeKind.SIGN_IN_ONLY, at=1, facts={}
                )
            ListUpload.objects.create(**of, member=1, kind="clients", file="a.csv", size=1, stage="lapsed")
        ListUpload.objects.update(changed_at="2020-01-01T00:00:00Z")
    ace.close()
    with ace.at(NORTH):
        prune.func()
        drop_lists.func()
        kept = {
            model.__name__: set(
                model._base_manager.filter(firm__in=(ace.firm, there)).values_list("firm", flat=True)
            )
            for model in (RepeatedAnswer, WebhookDelivery, AuditPack, ListUpload, RefusedAttempt)
        }
        assert kept == {name: {ace.firm} for name in kept}
        assert Notice.objects.filter(firm=ace.firm, at=1).count() == 2
        assert Notice.objects.filter(firm=there, at=1).count() == 1


def test_a_revoked_token_is_told_nothing_of_a_firm_that_left(ace: Deployment) -> None:
    with ace.at(NORTH):
        access.execute(ace.firm, w.RevokeToken(token=1), actor=access.OPERATOR)
        FirmMove.objects.create(number=ace.firm, state="leaving", place=SOUTH, at=1)
        with transaction.atomic():
            remove(ace.firm, SOUTH)
        # That of its provider alone.
        assert MovedKey.objects.filter(number=ace.firm).count() == 1


def test_firms_are_made_on_where_there_is_one_database_again(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ace.at(NORTH):
        monkeypatch.delenv("RINGFENCE_DATABASES")
        monkeypatch.delenv("RINGFENCE_ADDRESSES")
        monkeypatch.delenv("RINGFENCE_DATABASE")
        assert access.create_firm("Neighbours", "agency", admin_email="n@n.example").firm == ace.firm + 1
