"""`ringfence document`: who reads, writes and finalises one, by the level on its engagement; its versions."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ringfence.firms.models import LedgerEntry
from tests.cli.listing import refuse, succeed

Answer = Callable[..., Any]

BETH, GWEN, ALPHIE = "beth@ace.example", "gwen@ace.example", "alphie@ace.example"


@pytest.fixture
def levels(agency: str) -> str:
    """F500 has VAT alone for these: Beth may change it, Gwen read it, nobody else open it."""
    for values in (
        "client.add|client=Acme|reference=ACM|services={VAT: GB999}|grants=[]",
        f"grant.set|to={BETH}|on=ACM|level=editor",
        f"grant.set|to={GWEN}|on=ACM|level=reader",
    ):
        succeed("do", *values.split("|"))
    return agency


@pytest.fixture
def plan(levels: str, tmp_path: Path) -> str:
    """A plan of Beth's on Acme, by its mark."""
    return added("plan", BETH, text(tmp_path, "First line\n"), "--title", "Year end")


def text(folder: Path, words: str) -> str:
    path = folder / "text.txt"
    path.write_text(words, encoding="utf-8")
    return str(path)


def added(kind: str, member: str, *rest: str) -> str:
    said = succeed("document", "add", kind, "ACM", *rest, "--as", member)
    found = re.search(r"document ([0-9a-f-]{36}), version 1", said)
    assert found is not None, said
    return found[1]


def test_a_reader_of_the_engagement_reads_a_document(plan: str, answer: Answer) -> None:
    (found,) = answer("document", "list", "ACM", "--as", GWEN)["documents"]
    assert (found["document"], found["kind"], found["service"]) == (plan, "plan", "VAT")
    shown = answer("document", "show", plan, "--as", GWEN)
    assert (shown["title"], shown["text"], shown["by"]) == ("Year end", "First line", "Beth")


def test_who_cannot_open_the_engagement_is_told_of_no_document(plan: str) -> None:
    assert "Refused, not_found" in refuse("document", "list", "ACM", "--as", ALPHIE)
    assert "There is no document" in refuse("document", "show", plan, "--as", ALPHIE)
    assert "There is no document" in refuse("document", "save", plan, "--after", "1", "--as", ALPHIE)


def test_a_reader_writes_nothing(plan: str, tmp_path: Path) -> None:
    path = text(tmp_path, "Mine")
    assert "Refused, not_permitted" in refuse("document", "save", plan, path, "--after", "1", "--as", GWEN)
    new = ("document", "add", "note", "ACM", path, "--title", "Note", "--as", GWEN)
    assert "Refused, not_permitted" in refuse(*new)
    assert "Refused, not_permitted" in refuse("document", "remove", plan, "--after", "1", "--as", GWEN)


def test_an_editor_saves_a_version_and_the_earlier_one_stays(
    plan: str, answer: Answer, tmp_path: Path
) -> None:
    path = text(tmp_path, "Second line\n")
    succeed("document", "save", plan, path, "--after", "1", "--as", BETH)
    assert answer("document", "show", plan, "--as", GWEN)["text"] == "Second line"
    assert answer("document", "show", plan, "--version", "1", "--as", GWEN)["text"] == "First line"
    versions = answer("document", "show", plan, "--versions", "--as", GWEN)["versions"]
    assert [each["version"] for each in versions] == [2, 1]


def test_what_somebody_saved_meanwhile_is_not_written_over(plan: str, answer: Answer, tmp_path: Path) -> None:
    succeed("document", "save", plan, text(tmp_path, "Theirs"), "--after", "1", "--as", BETH)
    said = refuse("document", "save", plan, text(tmp_path, "Mine"), "--after", "1", "--as", BETH)
    assert "It is at version 2" in said
    assert "--after 2" in said
    assert answer("document", "show", plan, "--as", BETH)["text"] == "Theirs"


def test_a_document_that_was_removed_is_not_there(plan: str) -> None:
    succeed("document", "remove", plan, "--after", "1", "--as", BETH)
    assert "There is no document" in refuse("document", "show", plan, "--as", BETH)


def test_what_is_shown_opens_the_record(plan: str) -> None:
    succeed("document", "show", plan, "--as", GWEN)
    assert LedgerEntry.objects.filter(command="record.open").exists()


@pytest.fixture
def form(levels: str) -> str:
    """A form over 100.01, of which Beth has two thirds and Gwen one."""
    succeed("do", "settings.change", "fee_splits=true")
    succeed("do", "grant.set", f"to={BETH}", "on=ACM", "level=editor", "fee_split=66.67")
    succeed("do", "grant.set", f"to={GWEN}", "on=ACM", "level=reader", "fee_split=33.33")
    words = ("--title", "Pension", "--amount", "100.01", "--day", "2026-11-29")
    return added("application", BETH, *words)


def test_a_draft_follows_the_splits_until_it_is_finalised(form: str, answer: Answer) -> None:
    def lines() -> list[tuple[str, float]]:
        found = answer("document", "show", form, "--as", GWEN)["lines"]
        return [(each["member"], each["pounds"]) for each in found]

    assert sum(pounds for _, pounds in lines()) == pytest.approx(100.01)
    succeed("do", "grant.set", f"to={GWEN}", "on=ACM", "level=reader", "fee_split=0")
    assert [name for name, _ in lines()] == ["Beth"]
    said = succeed("document", "finalise", form, "--after", "1", "--preview", "--as", BETH)
    assert "Nothing was changed." in said
    succeed("document", "finalise", form, "--after", "1", "--as", BETH)
    succeed("do", "grant.set", f"to={GWEN}", "on=ACM", "level=reader", "fee_split=20")
    assert [name for name, _ in lines()] == ["Beth"]
    changed = ("document", "save", form, "--amount", "5", "--after", "2", "--as", BETH)
    assert "finalised" in refuse(*changed)


def test_a_reader_finalises_nothing(form: str) -> None:
    said = refuse("document", "finalise", form, "--after", "1", "--as", GWEN)
    assert "Refused, not_permitted" in said


def test_a_form_is_not_added_while_fee_splits_are_off(levels: str) -> None:
    words = ("--title", "Pension", "--amount", "100", "--day", "2026-11-29", "--as", BETH)
    assert "Refused, setting_off" in refuse("document", "add", "application", "ACM", *words)


@pytest.mark.parametrize("amount", ["ten", "1.234", "-5"])
def test_an_amount_that_is_none_is_refused(form: str, amount: str) -> None:
    said = refuse("document", "save", form, "--amount", amount, "--after", "1", "--as", BETH)
    assert "is no amount" in said


def test_an_amount_is_written_with_digits_and_its_thousands_apart(form: str, answer: Answer) -> None:
    for amount in ("1,2,3", "٣", "5."):
        said = refuse("document", "save", form, "--amount", amount, "--after", "1", "--as", BETH)
        assert "is no amount" in said
    succeed("document", "save", form, "--amount", "1,250.5", "--after", "1", "--as", BETH)
    assert answer("document", "show", form, "--as", BETH)["pounds"] == 1250.5


@pytest.mark.parametrize("service", ["Payroll", "Income Tax"], ids=["has", "lacks"])
def test_which_other_services_a_client_has_is_not_told(levels: str, tmp_path: Path, service: str) -> None:
    """Somebody who opens one service of a client learns nothing of the rest, or of a hidden client."""
    succeed("do", "service.add", "service=Payroll")
    succeed("do", "engagement.add", "client=ACM", "service=Payroll")
    succeed("do", "grant.remove", f"to={BETH}", "on=ACM")
    succeed("do", "grant.set", f"to={BETH}", "on={client: ACM, service: VAT}", "level=editor")
    new = ("document", "add", "note", "ACM", text(tmp_path, "Mine"), "--title", "Note")
    said = refuse(*new, "--service", service, "--as", BETH)
    assert "Say with --service which of the client's services that they may open." in said
    succeed(*new, "--as", BETH)
    assert "Refused, not_found (client)" in refuse(*new, "--service", service, "--as", ALPHIE)


def test_a_text_that_is_not_utf_8_is_refused(plan: str, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("Siân".encode("windows-1252"))
    said = refuse("document", "save", plan, str(path), "--after", "1", "--as", BETH)
    assert "The text is not UTF-8." in said


def test_a_version_that_no_document_can_have_is_refused(plan: str) -> None:
    said = refuse("document", "show", plan, "--version", "9" * 20, "--as", BETH)
    assert "not in the range" in said


def test_what_a_kind_of_document_does_not_have_is_not_passed_over(
    plan: str, form: str, tmp_path: Path
) -> None:
    said = refuse("document", "save", plan, "--amount", "5", "--after", "1", "--as", BETH)
    assert "no --amount" in said
    said = refuse("document", "save", form, text(tmp_path, "Words"), "--after", "1", "--as", BETH)
    assert "no text" in said


def test_looking_at_what_finalising_would_do_opens_the_record(form: str) -> None:
    succeed("document", "finalise", form, "--after", "1", "--preview", "--as", BETH)
    assert LedgerEntry.objects.filter(command="record.open").exists()
