"""The auditor's pack: what is in it for a day, that it proves itself, who may have it, and for how long."""

import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from ringfence import access
from ringfence.access import StateUnavailable
from ringfence.access.clock import clock
from ringfence.access.policing.watching import note_policies
from ringfence.access.proof import keys_of
from ringfence.access.proof.packs import (
    MOST_PACKS,
    PackAsked,
    PackState,
    TooManyPacks,
    ask_pack,
    fail_pack,
    forget_packs,
    keep_pack,
    pack_numbered,
    pack_pieces,
    packs_of,
)
from ringfence.core.events import ExportTaken
from ringfence.core.terms import Export, Instant
from ringfence.firms.models import AuditPack, AuditPackPart, Firm
from ringfence.jobs import audit_packs
from ringfence.jobs.audit_packs import make_audit_pack
from ringfence.lists.pack import PARTS, NothingThen
from ringfence.proof.ledger_file import prove_file
from ringfence.proof.notes import open_note
from ringfence.proof.signed_checkpoints import open_checkpoint
from tests.cli.listing import refuse, succeed


@pytest.fixture
def pack(agency: str, tmp_path: Path) -> Path:
    path = tmp_path / "pack.zip"
    succeed("do", "client.change", "client=F500", "confidential=true", "--reason", "a merger")
    succeed("audit", "pack", str(path))
    return path


def rows(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as opened:
        text = opened.read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_says_of_each_client_who_could_open_it_and_how(pack: Path) -> None:
    first, second = rows(pack, "who-could-open")
    firm = Firm.objects.get()
    then = access.firm_state(firm.pk)
    assert (first["Client"], first["Confidential"], first["Reference"]) == ("Fortune 500", "yes", "F500")
    assert int(first["How many people could open it"]) == len(then.who(1))
    for row, client in ((first, 1), (second, 2)):
        people = {part.partition(" (#")[2].partition(")")[0] for part in row["Who"].split("; ")}
        assert people == set(map(str, then.who(client)))


def test_every_change_stands_in_it_with_who_why_and_what_it_moved(pack: Path) -> None:
    told = rows(pack, "changes")
    assert [int(row["Entry"]) for row in told] == list(range(1, len(told) + 1))
    last = told[-1]
    assert last["Reason"] == "a merger"
    gained, lost = "Access gained (people × clients)", "Access lost (people × clients)"
    then = access.firm_state(Firm.objects.get().pk)
    pairs = sum(len(then.who(client)) for client in then.clients)
    assert sum(int(row[gained]) - int(row[lost]) for row in told) == pairs > 0


def test_it_says_by_date_what_each_wall_kept_from_whom(agency: str, tmp_path: Path) -> None:
    sides = "sides=[{members: [beth@ace.example], clients: [F500]}, {clients: [%s]}]"
    other = next(each for each in access.firm_state(Firm.objects.get().pk).clients if each != 1)
    succeed("do", "wall.raise", "name=Merger", "reason=A bid", sides % f'"#{other}"')
    succeed("do", "wall.lower", "name=Merger")
    succeed("audit", "pack", str(tmp_path / "pack.zip"))
    (row,) = rows(tmp_path / "pack.zip", "walls-kept")
    assert (row["Wall"], row["How many clients"]) == ("Merger", "1")
    assert row["Team member"].startswith("Beth")
    assert row["Clients that it kept from them"] != "Fortune 500"
    assert row["Until"] != "it still did"


def test_it_says_when_a_policy_was_found_broken_and_when_it_held_again(agency: str, tmp_path: Path) -> None:
    file, firm = tmp_path / "policies.yaml", Firm.objects.get().pk
    file.write_text("name: Three at least\nmode: warn\nstatements:\n  - {at_least: 3, see: [F500]}\n")
    succeed("policy", "add", str(file), "--yes")
    for who in ("alphie", "gwen"):
        succeed("do", "grant.set", f"to={who}@ace.example", "on={client: F500}", "level=editor")
        note_policies(firm, lambda *_: None)
    succeed("audit", "pack", str(tmp_path / "pack.zip"))
    told = rows(tmp_path / "pack.zip", "policy-breaches")
    assert [(row["Policy"], row["What was found"]) for row in told] == [
        ("Three at least", "It was broken"),
        ("Three at least", "It held again"),
    ]


def test_between_two_days_only_the_changes_between_stand_in_it(pack: Path, tmp_path: Path) -> None:
    path = tmp_path / "another.zip"
    assert "earlier day" in refuse("audit", "pack", str(path), "--since", "2999-01-01")
    assert "not there yet" in refuse("audit", "pack", str(path), "--until", "2001-01-01")
    assert not path.exists()


def test_its_ledger_proves_itself_against_its_checkpoint_without_tax_references(
    agency: str, tmp_path: Path
) -> None:
    path = tmp_path / "pack.zip"
    succeed("do", "engagement.change", "client=F500", "service=VAT", "reference=GB123456789")
    succeed("audit", "pack", str(path))
    keys = [key.verifier for key in keys_of(Firm.objects.get().pk)]
    with zipfile.ZipFile(path) as opened:
        lines = opened.read("ledger/ledger.jsonl").splitlines(keepends=True)
        (name,) = [each for each in opened.namelist() if each.endswith(".checkpoint")]
        head = open_checkpoint(opened.read(name).decode(), keys)
        everything = b"".join(opened.read(each) for each in opened.namelist())
    report = prove_file(lines, [head])
    assert (report.problem, report.covered) == ("", report.entries)
    assert report.withheld > 0
    assert b"123456789" not in everything


def test_its_own_program_and_its_digests_check_it(pack: Path, tmp_path: Path) -> None:
    """As README.txt says, in a folder of its own."""
    folder = tmp_path / "opened"
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(folder)
    (key,) = keys_of(Firm.objects.get().pk)
    (checkpoint,) = (folder / "ledger").glob("*.checkpoint")
    command = [
        sys.executable,
        "-I",
        "verify_ledger.py",
        "ledger/ledger.jsonl",
        "--checkpoint",
        str(checkpoint),
    ]
    done = subprocess.run(
        [*command, "--key", str(key.verifier)], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    summed = subprocess.run(
        ["/usr/bin/sha256sum", "-c", "contents.sha256"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert summed.returncode == 0, summed.stdout
    open_note((folder / "contents.sha256.sig").read_text(), [key.verifier])
    told = (folder / "README.txt").read_text()
    assert checkpoint.name in told
    assert {f"{part.name}.csv" for part in PARTS} <= {each.name for each in folder.iterdir()}
    assert all(f"{part.name}.csv" in told for part in PARTS)


def test_its_readme_names_no_folder_that_it_lacks(pack: Path) -> None:
    with zipfile.ZipFile(pack) as opened:
        assert "reviews/" not in opened.read("README.txt").decode()


def test_what_was_changed_along_with_its_digest_is_refused_as_the_pack_itself_says(
    pack: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "opened"
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(folder)
    (key,) = keys_of(Firm.objects.get().pk)
    told = (folder / "README.txt").read_text().splitlines()
    command = next(line for line in told if "contents.sha256" in line and line.startswith("python3 "))
    words = [word.replace("KEY", str(key.verifier)) for word in command.split()[1:]]

    def checked() -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", *words], cwd=folder, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout

    assert checked() == (0, "contents.sha256: as it was signed\n")
    lists, digests = folder / "who-could-open.csv", folder / "contents.sha256"
    before = hashlib.sha256(lists.read_bytes()).hexdigest()
    lists.write_bytes(lists.read_bytes().replace(b"Fortune", b"Fortuna"))
    after = hashlib.sha256(lists.read_bytes()).hexdigest()
    digests.write_text(digests.read_text().replace(before, after))
    assert checked()[0] == 1


def test_taking_it_is_an_entry_of_the_ledger(pack: Path) -> None:
    found = [
        entry.events[0] for entry in access.entries(Firm.objects.get().pk) if entry.command == "export.take"
    ]
    assert found == [ExportTaken(what=Export.PACK, rows=11)]


def test_it_is_in_the_language_asked_for(agency: str, tmp_path: Path) -> None:
    succeed("audit", "pack", str(tmp_path / "cy.zip"), "--language", "cy")
    with zipfile.ZipFile(tmp_path / "cy.zip") as opened:
        assert "Pecyn archwilydd" in opened.read("README.txt").decode()


# --- In the background


def asked() -> PackAsked:
    return PackAsked(since=Instant(0), until=clock(), language="en")


def test_one_that_is_asked_for_is_made_and_kept_for_a_week(agency: str) -> None:
    firm = Firm.objects.get().pk
    number = ask_pack(firm, 1, asked())
    make_audit_pack.call(firm, number)
    kept = pack_numbered(firm, number)
    assert kept is not None
    content = b"".join(pack_pieces(firm, number))
    assert (kept.state, kept.size, kept.member) == (PackState.THERE, len(content), 1)
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    forget_packs()
    assert len(packs_of(firm)) == 1
    AuditPack.objects.update(made_at=clock() - int(timedelta(days=8).total_seconds() * 1_000_000))
    forget_packs()
    assert packs_of(firm) == []
    assert not AuditPackPart.objects.exists()


def test_one_that_cannot_be_made_is_said_to_have_failed(agency: str) -> None:
    firm = Firm.objects.get().pk
    number = ask_pack(firm, 1, PackAsked(since=Instant(0), until=Instant(1), language="en"))
    with pytest.raises(NothingThen):
        make_audit_pack.call(firm, number)
    kept = pack_numbered(firm, number)
    assert kept is not None
    assert kept.state is PackState.FAILED


def test_one_waits_while_the_database_is_away(agency: str, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = Firm.objects.get().pk
    number = ask_pack(firm, 1, asked())

    def away(*_of: object) -> int:
        raise StateUnavailable("the database is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(audit_packs, "make_pack", away)
        with pytest.raises(StateUnavailable):
            make_audit_pack.call(firm, number)
    make_audit_pack.call(firm, number)
    kept = pack_numbered(firm, number)
    assert kept is not None
    assert kept.there


def test_what_was_begun_before_an_erasure_is_not_kept_for_one_that_is_asked_for_after_it(
    agency: str,
) -> None:
    firm = Firm.objects.get().pk
    begun = pack_numbered(firm, ask_pack(firm, 1, asked()))
    assert begun is not None
    succeed("do", "member.deactivate", "member=gwen@ace.example")
    succeed("erase", "member", "--yes", "gwen@ace.example")
    assert ask_pack(firm, 1, asked()) == begun.number
    keep_pack(begun, io.BytesIO(b"with words that were erased"), 1)
    assert not AuditPackPart.objects.exists()
    (later,) = packs_of(firm)
    assert later.waits


def test_one_that_is_there_stays_there_where_another_process_fails_to_make_it(agency: str) -> None:
    firm = Firm.objects.get().pk
    begun = pack_numbered(firm, ask_pack(firm, 1, asked()))
    assert begun is not None
    keep_pack(begun, io.BytesIO(b"zip"), 1)
    fail_pack(begun)
    (kept,) = packs_of(firm)
    assert kept.there


def test_a_firm_has_a_few_at_a_time(agency: str) -> None:
    firm = Firm.objects.get().pk
    for _ in range(MOST_PACKS):
        ask_pack(firm, 1, asked())
    with pytest.raises(TooManyPacks):
        ask_pack(firm, 1, asked())


def test_who_is_erased_stands_in_no_pack_that_is_kept(agency: str) -> None:
    firm = Firm.objects.get().pk
    make_audit_pack.call(firm, ask_pack(firm, 1, asked()))
    succeed("do", "member.deactivate", "member=gwen@ace.example")
    succeed("erase", "member", "--yes", "gwen@ace.example")
    assert packs_of(firm) == []
    assert not AuditPackPart.objects.exists()
