"""Lists that were brought in: kept as they were sent, let go of when somebody is erased."""

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Batch, Overtaken, entries_numbered, rehearse, save
from ringfence.access import imported_lists as lists
from ringfence.access.imported_lists import (
    Did,
    ListState,
    counted,
    file_of,
    keep_file,
    list_behind,
    pack_file,
)
from ringfence.core.commands import definitions as w
from ringfence.firms.models import ImportedList
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

CONTENT = "Client name\nAcme\nBoots\n".encode("utf-16") * 50


def brought_in(firm: Cast, name: str = "clients.csv", content: bytes = CONTENT) -> int:
    """Two clients and a member by a list; the last entry that it became."""
    batches = [
        Batch("client.import", (w.ImportClients(rows=(w.ClientRow(name="A"), w.ClientRow(name="B"))),)),
        Batch("member.add", (w.AddMember(name="Ivy"),)),
    ]
    rehearsal = rehearse(firm.firm, batches, actor=OPERATOR, version=firm.view.version)
    file = pack_file("clients", name, content, 3)
    return save(rehearsal, alongside=lambda version: keep_file(firm.firm, version - 1, version, file))


def test_a_file_comes_back_byte_for_byte(firm: Cast) -> None:
    last = brought_in(firm)
    assert file_of(firm.firm, last) == CONTENT
    kept = ImportedList.objects.get(firm=firm.firm)
    assert kept.content is not None
    assert len(bytes(kept.content)) < len(CONTENT)


def test_each_entry_of_a_list_leads_to_it_and_others_do_not(firm: Cast) -> None:
    before = firm.view.version
    last = brought_in(firm)
    firm.client("Later")
    found = list_behind(firm.firm, last)
    assert found is not None
    assert (found.first, found.last, found.name, found.size, found.rows) == (
        last - 1,
        last,
        "clients.csv",
        len(CONTENT),
        3,
    )
    assert list_behind(firm.firm, last - 1) == found
    assert list_behind(firm.firm, before) is None
    assert list_behind(firm.firm, last + 1) is None


def test_a_list_of_another_firm_is_none(firm: Cast, other_firm: Cast) -> None:
    last = brought_in(firm)
    assert list_behind(other_firm.firm, last) is None
    assert file_of(other_firm.firm, last) is None


def test_what_a_list_did_is_counted(firm: Cast) -> None:
    last = brought_in(firm)
    entries = entries_numbered(firm.firm, [last - 1, last])
    assert counted(entries) == {Did.CLIENTS_ADDED: 2, Did.MEMBERS_ADDED: 1}


def test_where_nothing_is_saved_nothing_is_kept(firm: Cast) -> None:
    rehearsal = rehearse(
        firm.firm,
        [Batch("member.add", (w.AddMember(name="Ivy"),))],
        actor=OPERATOR,
        version=firm.view.version,
    )
    firm.client("Quicker")
    file = pack_file("members", "m.csv", b"x", 1)
    with pytest.raises(Overtaken):
        save(rehearsal, alongside=lambda version: keep_file(firm.firm, version, version, file))
    assert not ImportedList.objects.exists()


def test_a_file_that_is_too_large_leaves_what_it_did(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LARGEST", 10)
    last = brought_in(firm)
    found = list_behind(firm.firm, last)
    assert found is not None
    assert found.standing is ListState.TOO_LARGE
    assert file_of(firm.firm, last) is None


def test_erasing_somebody_lets_the_files_go_and_nothing_else(firm: Cast) -> None:
    last = brought_in(firm)
    leaver = firm.member("Leaver")
    firm.do(w.DeactivateMember(member=leaver))
    access.erase_member(firm.firm, leaver, actor=OPERATOR)
    found = list_behind(firm.firm, last)
    assert found is not None
    assert (found.standing, found.name, found.rows) == (ListState.LET_GO, "", 3)
    assert file_of(firm.firm, last) is None
    assert access.verify(firm.firm).whole
