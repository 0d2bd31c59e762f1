"""What a migration does to the rows of firms that were there before."""

import importlib
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from ringfence.core.directory import unique_key
from ringfence.firms.models import Client, Firm, Group, Member, Service
from tests.cli.children import COMMAND, environment

pytestmark = pytest.mark.both_databases

NAMES = {1: ("Łukasz", "lukasz"), 2: ("Zoë O’Connell", "zoe oconnell"), 3: ("Boots", "boots"), 4: ("", "")}


@pytest.fixture
def firm(db: None) -> Firm:
    """A firm whose sort keys are of the time before letters with a stroke were folded."""
    firm = Firm.objects.create(name="F", name_key="f", settings={})
    for number, (name, _) in NAMES.items():
        keys = {"firm": firm, "number": number, "name": name, "sort_key": unique_key(name)}
        Client.objects.create(**keys)
        Member.objects.create(
            **keys, email=f"{number}", email_key=f"{number}", access=True, manage_access=False
        )
        Group.objects.create(**keys, name_key=f"{number}")
        Service.objects.create(**keys, name_key=f"{number}")
    return firm


@pytest.mark.parametrize("model", [Client, Member, Group, Service])
def test_sort_keys_are_worked_out_again(
    model: type[Client], firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("ringfence.firms.migrations.0004_sort_keys")
    monkeypatch.setattr(module, "ROWS", 2)
    module.renew(apps, SimpleNamespace(connection=connection))
    found = dict(model._default_manager.values_list("number", "sort_key"))
    assert found == {number: key for number, (_, key) in NAMES.items()}


BACK_AND_FORTH = """
from ringfence.cli.setup import set_up
set_up()
from django.core.management import call_command
from ringfence.access import create_firm
from ringfence.access.documents import write_document
from ringfence.core.commands.definitions import AddClient, ClientRow
from ringfence.access import OPERATOR, execute
from ringfence.firms.models import DocumentVersion
firm = create_firm("A", "agency", admin_email="a@a.example", admin_name="Ann").firm
execute(firm, AddClient(client=ClientRow(name="Acme")), actor=OPERATOR)
write_document(firm, member=1, title="Call", text="She rang.", engagement=1)
call_command("migrate", "firms", "0013_let_in_by", verbosity=0)
call_command("migrate", verbosity=0)
assert list(DocumentVersion.objects.values_list("firm", "text")) == [(firm, "She rang.")]
"""


def test_versions_of_documents_that_were_there_get_the_firm_of_their_document(
    migrated_database: str, tmp_path: Path
) -> None:
    told = environment(migrated_database, tmp_path)
    subprocess.run([COMMAND[0], "-c", BACK_AND_FORTH], env=told, check=True, timeout=120)
