"""A hundred thousand at once: one command, one entry, and the tables right to the last row."""

import pytest
from pyroaring import BitMap

from ringfence import access
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Level, group_subject
from ringfence.firms.models import Client, Exclusion, Grant
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases

MANY = 100_000


@pytest.mark.timeout(300)
def test_a_hundred_thousand_clients_are_imported_grouped_narrowed_and_left_out_again(firm: Cast) -> None:
    clients = BitMap(firm.clients(MANY))
    group = firm.group("Big", 1, on=On(clients=clients))
    assert Client.objects.filter(firm=firm.firm).count() == MANY
    assert Grant.objects.filter(firm=firm.firm).count() == MANY
    half = BitMap(list(clients)[::2])
    firm.grant(group_subject(group), On(clients=half), Level.READER)
    assert Grant.objects.filter(firm=firm.firm, level=int(Level.READER)).count() == MANY // 2
    firm.do(w.RemoveGrant(to=(group_subject(group),), on=On(clients=half)))
    assert Grant.objects.filter(firm=firm.firm).count() == MANY // 2
    firm.grant(group_subject(group), On.service(1))
    firm.do(w.ExcludeClients(group=group, service=1, clients=half))
    assert Exclusion.objects.filter(firm=firm.firm).count() == MANY // 2
    firm.do(w.IncludeClients(group=group, service=1, clients=BitMap(list(half)[::2])))
    assert Exclusion.objects.filter(firm=firm.firm).count() == MANY // 4
    firm.do(w.DeleteGroup(group=group))
    report = access.verify(firm.firm)
    assert (report.problems, report.entries) == ((), 9)


@pytest.mark.timeout(120)
def test_thousands_of_clients_of_a_new_firm_are_renamed_at_once_and_one_by_one(firm: Cast) -> None:
    count = 3_000
    clients = firm.clients(count)
    many = tuple(w.ChangeClient(client=number, name=f"Renamed {number}", reference="") for number in clients)
    batch = access.Batch("client.import", many)
    access.save(access.rehearse(firm.firm, [batch], actor=access.OPERATOR, version=firm.view.version))
    firm.do(w.ChangeClient(client=clients[0], name="Once more"))
    rows = Client.objects.filter(firm=firm.firm).order_by("number")
    names = ["Once more", *(f"Renamed {number}" for number in clients[1:])]
    assert list(rows.values_list("name", "sort_key", "reference", "reference_key")) == [
        (name, name.lower(), "", None) for name in names
    ]
    assert access.verify(firm.firm).problems == ()
