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


SECRETS_OF_BEFORE = """
from ringfence.cli.setup import set_up
set_up()
from django.core.management import call_command
call_command("migrate", "firms", "0026_security_log", verbosity=0)
call_command("migrate", "mfa", verbosity=0)
import base64, uuid
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils.crypto import salted_hmac
before = [("firms", "0026_security_log"), ("mfa", "0003_authenticator_type_uniq")]
old = MigrationLoader(connection).project_state(before).apps
firm = old.get_model("firms", "Firm").objects.create(name="A", name_key="a", settings={})
hooks = old.get_model("firms", "Webhook").objects
for number, salt, state in ((1, b"salt", "active"), (2, b"", "removed")):
    place = {"firm": firm, "number": number, "address": "https://a.example"}
    hooks.create(**place, salt=salt, state=state, made_at=0, entry=0)
user = old.get_model("firms", "User").objects.create(email="a@a.example", password="x")
kept = old.get_model("mfa", "Authenticator").objects
kept.create(user_id=user.pk, type="totp", data={"secret": "APPKEY"})
kept.create(user_id=user.pk, type="recovery_codes", data={"seed": "5eed", "used_mask": 1})
call_command("migrate", verbosity=0)
from allauth.mfa.models import Authenticator
from ringfence.firms.models import Webhook
from ringfence.firms.sealing import unseal
place = f"{firm.uid}/1/{b'salt'.hex()}"
made = salted_hmac("ringfence.access.webhooks.secrets", place, algorithm="sha256").digest()
first, second = Webhook.objects.order_by("number")
assert unseal(first.secret, "webhook") == "whsec_" + base64.b64encode(made).decode()
assert (first.earlier_secret, second.secret) == ("", "")
data = dict(Authenticator.objects.values_list("type", "data"))
assert unseal(data["totp"]["secret"], "second step") == "APPKEY"
assert unseal(data["recovery_codes"]["seed"], "second step") == "5eed"
assert data["recovery_codes"]["used_mask"] == 1
"""


def test_secrets_of_before_lie_sealed_and_are_the_same(empty_database: str, tmp_path: Path) -> None:
    told = environment(empty_database, tmp_path)
    subprocess.run([COMMAND[0], "-c", SECRETS_OF_BEFORE], env=told, check=True, timeout=120)


ADDED_BEFORE = """
from ringfence.cli.setup import set_up
set_up()
from django.core.management import call_command
from ringfence.access import OPERATOR, create_firm, entries, execute
from ringfence.access.batches.rehearse import Batch, rehearse
from ringfence.access.batches.save import save
from ringfence.core.commands.definitions import AddMember, AddToGroup, CreateGroup
from ringfence.core.events import GroupCreated, MemberAdded
from ringfence.firms.models import Firm, Group, Member
firm = create_firm("A", "agency", admin_email="a@a.example", admin_name="Ann").firm
many = tuple(AddMember(name=f"M{each}", email=f"m{each}@a.example") for each in range(40))
save(rehearse(firm, [Batch("list.members", many)], actor=OPERATOR, version=1), ahead=False)
execute(firm, CreateGroup(name="Team"), actor=OPERATOR)
execute(firm, AddMember(name="Ben", email="ben@a.example"), actor=OPERATOR)
execute(firm, AddToGroup(group=2, members=frozenset([1, 3, 42])), actor=OPERATOR)
lagging = create_firm("B", "agency", admin_email="b@b.example", admin_name="Bea").firm
Firm.objects.filter(pk=lagging).update(indexed=0)

said = {(firm, Group, 1): next(entries(firm)).at}
for entry in entries(firm):
    for event in entry.events:
        if isinstance(event, MemberAdded):
            said[firm, Member, event.member] = entry.at
        if isinstance(event, GroupCreated):
            said[firm, Group, event.group] = entry.at
call_command("migrate", "firms", "0043_engagements_without_clients", verbosity=0)
call_command("migrate", verbosity=0)
told = {
    (row.firm_id, kind, row.number): row.created_at
    for kind in (Member, Group) for row in kind.objects.filter(created_at__isnull=False)
}
assert told == said
assert len(told) == 44
"""


def test_who_was_there_before_was_created_when_their_ledger_says_so(
    migrated_database: str, tmp_path: Path
) -> None:
    told = environment(migrated_database, tmp_path)
    subprocess.run([COMMAND[0], "-c", ADDED_BEFORE], env=told, check=True, timeout=120)
