"""Which database a firm is in: its number, the list, one move at a time, and copies that a restore brings."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from ringfence import access
from ringfence.access import closing
from ringfence.access.closing import LATE
from ringfence.cli.backups.kept_rows import models_of_firm
from ringfence.cli.backups.one_firm import FirmArrival
from ringfence.cli.databases.deployment import all_databases
from ringfence.cli.doctor import database_looks
from ringfence.cli.placing import moving
from ringfence.cli.placing.closed_copy import ACCOUNTS, OWN
from ringfence.cli.placing.placing_one import PlacedFirm, PlaceEnd
from ringfence.firms.models import DecisionBlock, DocumentVersion, Firm, FirmMove, SignInProvider, User
from tests.cli.listing import refuse, succeed
from tests.cli.placing.deployment import ACE, NORTH, SOUTH, Deployment, Standing
from tests.support.databases import Databases

pytestmark = pytest.mark.database

rotating = importlib.import_module("ringfence.cli.databases.rotate_secret")
"""By its name: the package has the command under it."""


def test_a_firm_whose_name_is_taken_is_not_even_closed(ace: Deployment) -> None:
    with ace.at(SOUTH):
        Firm.objects.update(name=ACE, name_key="ace agents")
    assert "another firm called" in refuse("firm", "place", f"#{ace.firm}", SOUTH)
    with ace.at(NORTH):
        assert not FirmMove.objects.exists()


def test_each_database_gives_its_firms_numbers_of_its_own(moved: Deployment) -> None:
    ace = moved
    with ace.at(SOUTH):
        made = access.create_firm("Later", "agency", admin_email="later@later.example").firm
        assert Firm.objects.get(name="Southerners").pk == 10_000_001
        assert made == 10_000_002
    with ace.at(NORTH):
        # Also not that of a firm which has left.
        assert access.create_firm("Third", "agency", admin_email="l@l.example").firm == ace.firm + 1


def test_two_do_not_move_firms_of_one_database_at_once(ace: Deployment) -> None:
    with all_databases() as databases, databases[SOUTH].alone():
        assert "at work" in refuse("firm", "place", ACE, SOUTH)


def test_the_list_says_where_each_firm_is_and_how_it_stands(arrived: Deployment) -> None:
    found = json.loads(succeed("firm", "place", "--json"))["firms"]
    told = {(each["name"], each["database"]): (each["state"], each["place"]) for each in found}
    assert told == {
        (ACE, NORTH): ("leaving", SOUTH),
        (ACE, SOUTH): ("arriving", NORTH),
        ("Southerners", SOUTH): ("", ""),
    }


def ended(ace: Deployment, name: str) -> dict[str, object]:
    """What `firm place --json` answers, without how long it took."""
    found = json.loads(succeed("firm", "place", str(ace.firm), name, "--json"))
    assert found.pop("firm") == ace.firm
    assert (found.pop("closed_seconds") > 0) == (found["done"] == "moved")
    return dict(found)


def test_programs_are_told_how_each_call_ended(ace: Deployment) -> None:
    assert ended(ace, NORTH) == {"done": "there_already", "database": NORTH, "other": ""}
    with ace.at(NORTH):
        FirmMove.objects.create(number=ace.firm, state="leaving", place=SOUTH, at=1)
    assert ended(ace, NORTH) == {"done": "called_back", "database": NORTH, "other": SOUTH}
    assert ended(ace, SOUTH) == {"done": "moved", "database": SOUTH, "other": NORTH}


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (PlaceEnd.MOVED, "Ace is in south, at https://s.example. Nothing could be changed for 1 second."),
        (PlaceEnd.CALLED_BACK, "Ace stays in south, and can be changed again."),
        (PlaceEnd.THERE_ALREADY, "Ace is in south already."),
        (PlaceEnd.COPY_REMOVED, "Ace is in south. The copy in north is removed."),
    ],
)
def test_people_are_told_it_in_a_sentence(done: PlaceEnd, said: str, settings: Any) -> None:
    settings.OTHER_ADDRESSES = {SOUTH: "https://s.example"}
    end = PlacedFirm(firm=1, database=SOUTH, done=done, other=NORTH, closed_seconds=1.2)
    assert end.told("Ace") == said


def test_a_firm_that_moved_since_the_backup_takes_no_change_where_that_is_restored(
    restored: Deployment,
) -> None:
    ace = restored
    assert [ace.takes_changes(NORTH), ace.takes_changes(SOUTH)] == [False, True]
    assert ended(ace, SOUTH) == {"done": "copy_removed", "database": SOUTH, "other": NORTH}
    assert [ace.has(NORTH), ace.has(SOUTH)] == [False, True]


def test_what_only_a_closed_copy_has_is_named_and_removed_by_who_says_so(
    restored: Deployment,
) -> None:
    ace = restored
    with ace.at(NORTH):
        FirmMove.objects.update(state="left")
        User.objects.filter(email="alphie@ace.example").update(password="set in the copy")
        # Whoever is in another firm in south has their own account there.
        User.objects.filter(email="shared@both.example").update(password="another")
        DocumentVersion.objects.update(text="Written in the copy.")
        DecisionBlock.objects.create(
            firm_id=ace.firm, ended=2**60, tag=9, began=1, entries=1, body=b"answered by the copy"
        )
        FirmMove.objects.update(state="leaving")
    said = refuse("firm", "place", str(ace.firm), SOUTH)
    assert (
        "lacks, and no entry of a ledger tells of it: how alphie@ace.example signed in or were called there;"
        " 1 version of a document. If none of it is wanted" in said
    )
    assert ace.has(NORTH)
    succeed("firm", "place", str(ace.firm), SOUTH, "--yes-lose-copy")
    assert [ace.has(NORTH), ace.has(SOUTH)] == [False, True]
    with ace.at(SOUTH):
        assert User.objects.get(email="alphie@ace.example").password == "of north"
        assert DecisionBlock.objects.filter(firm=ace.firm, tag=9).exists()


def test_every_table_of_firms_is_looked_at_in_a_closed_copy_or_proved_otherwise() -> None:
    known = {model.__name__ for model in (*ACCOUNTS, *OWN, *LATE)} | BY_ENTRIES | BY_THE_CLOCK
    assert {model.__name__ for model in models_of_firm()} == known


BY_ENTRIES = {
    *("Firm", "Member", "Group", "GroupMember", "Grant", "Exclusion", "DefaultGrant", "Delegation", "Token"),
    *(
        "Client",
        "Engagement",
        "Service",
        "Document",
        "ApplicationLine",
        "ImportedList",
        "Invitation",
        "Draft",
    ),
    *(
        "LedgerBlock",
        "LedgerEntry",
        "LedgerMention",
        "LedgerText",
        "Policy",
        "Request",
        "Review",
        "Emergency",
    ),
    *("Wall", "WallMember", "WallClient", "WallAcknowledgement"),
    *("FirmDirectory", "FirmDomain", "FirmKey", "Publishing", "SignInProvider", "Webhook"),
}
"""What entries say, or what goes with what is looked at, and what is half made."""
BY_THE_CLOCK = {
    *("ClientUse", "UseMark", "Notice", "PolicyBreach", "RefusedAttempt", "SignedCheckpoint"),
    "WebhookDelivery",
}


def test_a_restored_copy_with_entries_of_its_own_is_kept(restored: Deployment) -> None:
    ace = restored
    with ace.at(NORTH):
        FirmMove.objects.update(state="left")
        ace.add_client("Past everything")
        FirmMove.objects.update(state="leaving")
    assert "does not go on from entry" in refuse("firm", "place", str(ace.firm), SOUTH)
    assert ace.has(NORTH)


def test_one_firm_is_not_restored_beside_itself(standing: Standing, tmp_path: Path) -> None:
    path = tmp_path / "ace.zip"
    with standing("fresh").at(NORTH):
        succeed("backup", "--firm", ACE, path)
    with standing("moved").at(NORTH):
        assert "lives in one database" in refuse("restore", "--firm", path)
        assert not Firm.objects.exists()


def test_doctor_names_a_firm_that_is_on_its_way_and_one_that_is_in_two(arrived: Deployment) -> None:
    with arrived.at(NORTH):
        assert "closed, on its way between here and south" in json.dumps(
            [each.text for each in database_looks.moves()]
        )
        FirmMove.objects.all().delete()
        assert any("both take changes" in each.text for each in database_looks.moves())


def test_doctor_names_a_firm_that_has_left_and_is_in_no_database(ace: Deployment) -> None:
    with ace.at(SOUTH):
        FirmMove.objects.create(number=7, state="left", place=NORTH, at=1)
        assert [each.text for each in database_looks.moves() if each.what == "Firm 7"] == [
            "It left south for north, and is in no database: north was restored as it was before, or lost."
            " Restore a backup that has it: docs/scale.md, After a restore."
        ]


def test_doctor_names_a_firm_to_which_nobody_is_led(ace: Deployment) -> None:
    with ace.at(SOUTH):
        FirmMove.objects.create(number=ace.firm, state="left", place="east", at=1)
    with ace.at(NORTH):
        (told,) = [each.text for each in database_looks.moves() if each.what == f"Firm {ace.firm}"]
    assert told == (
        "It is in north, and who comes for it to south is led to east: "
        f"`ringfence firm place {ace.firm} north` sets that right."
    )
    ace.place(NORTH)
    with ace.at(NORTH):
        assert not [each for each in database_looks.moves() if each.what.startswith("Firm")]


def test_who_comes_to_where_a_firm_once_was_is_led_to_its_last_place(
    ace: Deployment, databases: Databases
) -> None:
    ace.addresses["west"] = databases.migrated()
    with ace.at("west"):
        FirmMove.objects.create(number=ace.firm, state="left", place=NORTH, at=1)
    ace.place(SOUTH)
    with ace.at("west"):
        assert FirmMove.objects.get().place == SOUTH


def test_a_firm_that_cannot_be_closed_stays_open(ace: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, tried = closing.keep_closed, list[int]()

    def keep_closed(*, soon: bool = False) -> None:
        tried.append(1)
        if len(tried) == 1:
            raise OperationalError("canceling statement due to lock timeout")
        whole(soon=soon)

    monkeypatch.setattr(moving, "keep_closed", keep_closed)
    assert "due to lock timeout. Nothing was moved" in refuse("firm", "place", ACE, SOUTH)
    assert [ace.takes_changes(NORTH), ace.has(SOUTH)] == [True, False]


def test_a_new_secret_key_seals_the_secrets_of_every_database(
    ace: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reseal(secret: str) -> int:
        sealed[secret].update(Firm.objects.values_list("name", flat=True))
        return 1

    sealed: dict[str, set[str]] = {"new key": set()}
    monkeypatch.setattr(rotating, "reseal", reseal)
    assert rotating._sealed("new key") == "2 secrets"
    assert sealed == {"new key": {ACE, "Southerners"}}


def test_a_copy_that_lacks_a_row_is_not_taken(ace: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = moving.MovingFirm._put

    def put(firm: moving.MovingFirm, path: Path) -> FirmArrival:
        arrival = whole(firm, path)
        FirmMove.objects.update(state="left")
        SignInProvider.objects.all().delete()
        FirmMove.objects.update(state="arriving")
        return arrival

    monkeypatch.setattr(moving.MovingFirm, "_put", put)
    assert "differs in firms_signinprovider" in refuse("firm", "place", ACE, SOUTH)
    assert [ace.takes_changes(NORTH), ace.has(SOUTH)] == [True, False]
