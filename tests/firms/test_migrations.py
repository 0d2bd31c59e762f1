"""What a migration does to the rows of firms that were there before."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from ringfence.core.directory import unique_key
from ringfence.firms.models import Client, Firm, Group, Member, Service

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
