"""The pages of docs/lists: their commands, one after the other, do what the page says, for a new firm."""

import io
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from ringfence.cli import main
from ringfence.cli.lists.commands import CODES
from ringfence.cli.lists.report import ImportReport, Status
from ringfence.core.settings import Profile
from ringfence.firms.models import Client, Grant, Member
from ringfence.lists.rows.headers import ListKind
from tests.access.cast import Cast, found
from tests.support.repository import ROOT, read

PAGES = ROOT / "docs" / "lists"
PROFILES: dict[str, Profile] = {
    "from-a-crm": "practice",
    "from-a-planner": "planning",
    "from-penneo": "kyc",
}
"""Of pages that are not for an agency."""
LINE = re.compile(r"ringfence (?P<words>[^#<]*?)(?: < (?P<input>\S+))?(?: +# exit code (?P<code>\d): .*)?")


def commands(page: str) -> list[str]:
    """The lines of the page's blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", read(PAGES / f"{page}.md"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def pages() -> list[str]:
    return sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")


def followed(page: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Cast, str]:
    """The firm after all commands of the page, and what they printed."""
    monkeypatch.chdir(ROOT)
    cast, said = found(profile=PROFILES.get(page, "agency")), ""
    for line in commands(page):
        typed = LINE.fullmatch(line)
        assert typed is not None, f"{page}: {line}"
        given = io.BytesIO(Path(typed["input"]).read_bytes() if typed["input"] else b"")
        done = CliRunner().invoke(main, shlex.split(typed["words"]), input=given, prog_name="ringfence")
        assert done.exit_code == int(typed["code"] or 0), f"{page}: {line}\n{done.output}"
        said += done.output
    return cast, said


@pytest.mark.parametrize("page", pages())
def test_every_command_of_a_page_does_what_it_says(
    db: None, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, _ = followed(page, monkeypatch)
    assert Client.objects.filter(firm=cast.firm).exists() or page == "from-penneo"


@pytest.mark.parametrize("page", pages())
def test_the_table_of_contents_leads_to_every_page(page: str) -> None:
    assert f"({page}.md)" in read(PAGES / "README.md")


@pytest.mark.parametrize(
    ("page", "lists"),
    [
        ("from-hmrc", ["Read as HMRC’s client list."]),
        ("from-penneo", ["Read as Penneo’s list of users.", "Read as Penneo’s list of groups."]),
        ("from-a-planner", ["Read as the client list of a planning subscription."]),
        ("from-a-crm", ["Read as a CRM’s list of advisers and fee splits."]),
    ],
)
def test_the_lists_of_known_software_are_recognised(
    db: None, page: str, lists: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = followed(page, monkeypatch)
    assert [each for each in lists if each not in said] == []
    assert all("say --shape none" in line for line in said.splitlines() if "Read as" in line)


def test_no_list_of_a_spreadsheet_is_taken_for_that_of_known_software(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Read as" not in followed("from-a-spreadsheet", monkeypatch)[1]


def test_a_client_of_hmrc_has_its_label_as_reference_and_name_and_no_masked_tax_reference(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, said = followed("from-hmrc", monkeypatch)
    rows = Client.objects.filter(firm=cast.firm).values_list("reference", "name")
    assert ("Fortune 500", "Fortune 500") in list(rows)
    assert len(rows) == 5
    assert "“ending in 7723” is only the end of a tax reference" in said


def test_whoever_has_not_signed_in_to_penneo_is_a_member_all_the_same(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, _ = followed("from-penneo", monkeypatch)
    zoe = Member.objects.get(firm=cast.firm, email="zoe@norre.example")
    assert (zoe.active, zoe.role) == (True, "standard")


def test_an_adviser_of_a_crm_is_linked_by_name_with_the_fee_split(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, _ = followed("from-a-crm", monkeypatch)
    splits = set(Grant.objects.filter(firm=cast.firm).values_list("fee_split", flat=True))
    assert splits - {None} == {0, 4000, 6000, 10000}


def test_the_pages_name_every_field_of_the_report() -> None:
    fields = ImportReport(ListKind.CLIENTS, "list.csv").ended(Status.SAVED)
    named = re.findall(
        r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", read(PAGES / "every-night.md"), re.M))
    )
    assert set(fields) == set(named)


def test_the_help_names_every_shape(db: None) -> None:
    said = CliRunner().invoke(main, ["import", "clients", "--help"]).output
    # Long lines are broken at hyphens too.
    assert [code for code in CODES if code not in "".join(said.split())] == []
