"""`ringfence ledger key | publish | publishing | verify --against`: what an outsider gets, and proves."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from ringfence import access
from ringfence.access.proof import checkpoints_signed, how_published, keys_of
from ringfence.core.events import ProofNoted
from ringfence.core.terms import ProofStep
from ringfence.firms.models import Firm, SignedCheckpoint
from ringfence.jobs.schedule import TIMERS
from ringfence.proof.stamps import question
from tests.cli.listing import refuse, run, succeed
from tests.proof.authority import Authority
from tests.proof.rewriting import rewrite
from tests.support.jobs import do_waiting
from tests.support.repository import ROOT

Answer = Callable[..., Any]


@pytest.fixture
def published(agency: str, tmp_path: Path) -> Path:
    """A folder with what an outsider has: the public key, a checkpoint, and an export that is newer."""
    (tmp_path / "key").write_text(succeed("ledger", "key"))
    succeed("ledger", "publish", "--to", str(tmp_path / "one.checkpoint"))
    succeed("do", "service.add", "service=PAYE", "--reason", "asked for")
    succeed("ledger", "export", str(tmp_path / "firm.ledger"))
    return tmp_path


def proved(folder: Path, *more: str) -> Any:
    checkpoint, key = str(folder / "one.checkpoint"), str(folder / "key")
    return run(
        *("ledger", "verify", "--export", str(folder / "firm.ledger")),
        *("--against", checkpoint, "--key", key, *more),
    )


def test_an_export_is_proved_against_a_checkpoint_where_there_is_no_database(published: Path) -> None:
    """In a process of its own, whose database could not be opened."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "ringfence.cli", "ledger", "verify"),
            *("--export", "firm.ledger", "--against", "one.checkpoint", "--key", "key"),
        ],
        cwd=published,
        env={"RINGFENCE_DATABASE": "postgresql://nobody@127.0.0.1:1/none", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "The checkpoint proves entries 1 to 11." in done.stdout
    assert not (published / "var").exists()


def test_the_program_of_one_file_proves_the_same_export(published: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-I", str(ROOT / "tools" / "verify_ledger.py"), "firm.ledger"),
            *("--checkpoint", "one.checkpoint", "--key", (published / "key").read_text().strip()),
        ],
        cwd=published,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "The checkpoint proves entries 1 to 11." in done.stdout


def test_the_program_in_the_package_is_the_one_in_tools() -> None:
    inside = ROOT / "src" / "ringfence" / "proof" / "verify_ledger.py"
    assert inside.read_bytes() == (ROOT / "tools" / "verify_ledger.py").read_bytes()


def test_an_altered_export_is_refused_and_its_first_entry_named(published: Path) -> None:
    path = published / "firm.ledger"
    lines = path.read_text().splitlines(keepends=True)
    place = next(place for place, line in enumerate(lines) if "Gwen" in line)
    entry = json.loads(next(line for line in lines[place::-1] if line.startswith('{"entry"')))["entry"]
    path.write_text("".join(lines).replace("Gwen", "Owen"))
    done = proved(published)
    assert done.exit_code == 1
    assert f"The first entry that differs: {entry}" in done.stdout


def test_a_checkpoint_of_another_firm_is_refused(published: Path) -> None:
    succeed("firm", "create", "Other", "--profile", "kyc", "--admin", "zoe@other.example")
    succeed("ledger", "publish", "--firm", "Other", "--to", str(published / "one.checkpoint"))
    done = proved(published)
    assert (done.exit_code, "another ledger" in done.stderr) == (1, True)
    (published / "key").write_text(succeed("ledger", "key", "--firm", "Other"))
    done = proved(published)
    assert (done.exit_code, "another firm's ledger" in done.stdout) == (1, True)


def test_without_the_public_key_no_checkpoint_is_believed(published: Path) -> None:
    told = refuse(
        *("ledger", "verify", "--export", str(published / "firm.ledger")),
        *("--against", str(published / "one.checkpoint")),
    )
    assert "--key" in told


def test_an_export_with_erased_words_still_proves_itself(published: Path) -> None:
    succeed("do", "member.deactivate", "member=gwen@ace.example")
    succeed("erase", "member", "--yes", "gwen@ace.example")
    (published / "firm.ledger").unlink()
    succeed("ledger", "export", str(published / "firm.ledger"))
    done = proved(published)
    assert (done.exit_code, "erased" in done.stdout) == (0, True)
    assert "Gwen" not in (published / "firm.ledger").read_text()


def test_the_ledger_in_the_database_is_held_against_a_checkpoint(published: Path) -> None:
    told = succeed("ledger", "verify", "--against", str(published / "one.checkpoint"))
    assert "entries 1 to 11" in told


def test_a_ledger_that_was_rewritten_with_fitting_hashes_is_refused(published: Path) -> None:
    """As somebody would who can write in the database: all later entries hashed anew."""
    rewrite(Firm.objects.get(), 5)
    done = run("ledger", "verify", "--against", str(published / "one.checkpoint"))
    assert (done.exit_code, "Entry 11 is not the one" in done.stdout) == (1, True)
    assert "no checkpoint is signed" in refuse("ledger", "publish")


def test_a_checkpoint_is_signed_once_for_each_head(agency: str) -> None:
    first = succeed("ledger", "publish", "--to", "-")
    assert succeed("ledger", "publish", "--to", "-") == first
    succeed("do", "service.add", "service=PAYE")
    assert succeed("ledger", "publish", "--to", "-") != first
    assert SignedCheckpoint.objects.count() == 2


def test_how_it_is_published_is_kept_and_noted(agency: str, answer: Answer) -> None:
    mails = ("--mail", "auditor@example.org", "--mail", "second@example.org")
    told = answer("ledger", "publishing", "--hours", "24", "--folder", *mails)
    assert told == {
        "hours": 24,
        "folder": True,
        "mails": ["auditor@example.org", "second@example.org"],
        "address": "",
    }
    succeed("ledger", "publishing", "--hours", "24")
    *_, last = access.entries(Firm.objects.get().pk)
    assert last.events == (ProofNoted(did=ProofStep.PUBLISHING, words=("folder", "mail"), count=24),)
    assert "auditor" not in last.body.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--hours", "24"), "Say first where"),
        (("--hours", "1", "--mail", "nobody"), "e-mail addresses"),
        (("--hours", "1", "--address", "http://127.0.0.1/"), "https://"),
    ],
)
def test_what_makes_no_sense_changes_nothing(agency: str, given: tuple[str, ...], said: str) -> None:
    before = Firm.objects.get().version
    assert said in refuse("ledger", "publishing", *given)
    assert Firm.objects.get().version == before
    assert how_published(Firm.objects.get().pk).hours == 0


def test_a_time_stamp_without_its_checkpoint_is_not_passed_over(published: Path) -> None:
    stamp, key = str(published / "one.checkpoint.tsr"), str(published / "key")
    export = ("--export", str(published / "firm.ledger"), "--key", key)
    assert "--against" in refuse("ledger", "verify", *export, "--stamp", stamp, "--roots", key)
    one = ("--against", str(published / "one.checkpoint"))
    assert "--against" in refuse(
        "ledger", "verify", *export, *one, "--stamp", stamp, "--stamp", stamp, "--roots", key
    )


@pytest.mark.parametrize("of", ["one.checkpoint", "firm.ledger"])
def test_a_time_stamp_of_something_else_proves_nothing_and_is_no_mistake(published: Path, of: str) -> None:
    """Exit code 1, as for whatever is not proved; 2 for what is no time stamp."""
    authority = Authority(published)
    stamp = published / "one.checkpoint.tsr"
    given = ("--stamp", str(stamp), "--roots", str(authority.roots))
    stamp.write_bytes(authority.answer(question((published / of).read_bytes()).encoded))
    done = proved(published, *given)
    assert done.exit_code == (0 if of == "one.checkpoint" else 1)
    assert ("does not prove when" in done.stderr) == (of == "firm.ledger")
    assert "The checkpoint proves entries 1 to 11." in done.stdout
    stamp.write_bytes(b"none")
    assert proved(published, *given).exit_code == 2


def test_by_the_clock_it_goes_to_the_folder_and_the_mailbox_once(
    agency: str, tmp_path: Path, settings: Any
) -> None:
    settings.CHECKPOINTS, settings.SENDS_MAIL = str(tmp_path), True
    succeed("ledger", "publishing", "--hours", "24", "--folder", "--mail", "auditor@example.org")
    (publish_due,) = (timer.work for timer in TIMERS if timer.work.func.__name__ == "publish_due")
    for _ in range(2):
        publish_due.call()
        do_waiting()
    firm = Firm.objects.get()
    (checkpoint,) = checkpoints_signed(firm.pk, 9)
    assert checkpoint.sent == {"folder": "", "mail": ""}
    note = (tmp_path / str(firm.uid) / "latest.checkpoint").read_text()
    assert note == checkpoint.note
    (letter,) = mail.outbox
    assert letter.to == ["auditor@example.org"]
    assert letter.attachments[0][1] == note.encode()


def test_a_way_that_failed_is_tried_again_and_no_other_one(
    agency: str, tmp_path: Path, settings: Any
) -> None:
    settings.CHECKPOINTS, settings.SENDS_MAIL = "", True
    succeed("ledger", "publishing", "--hours", "1", "--folder", "--mail", "auditor@example.org")
    assert "named no folder" in succeed("ledger", "publish")
    settings.CHECKPOINTS = str(tmp_path)
    assert "Folder: sent" in succeed("ledger", "publish")
    assert len(mail.outbox) == 1


def test_a_new_key_is_named_and_the_old_checkpoint_stays_good(published: Path) -> None:
    new = succeed("ledger", "key", "--rotate").strip()
    assert str(keys_of(Firm.objects.get().pk)[0].verifier) == new
    assert proved(published).exit_code == 0
    assert "entries 1 to 11" in succeed("ledger", "verify", "--against", str(published / "one.checkpoint"))
