"""The example of a receiver, run as its readers run it: it verifies, acts at once, and acts once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import override_settings

from ringfence.access import OPERATOR, Actor, create_firm, execute
from ringfence.access.webhooks import add_webhook, change_webhook, deliveries, secret_text
from ringfence.core.commands.definitions import AddClient, ClientRow, RemoveClient
from ringfence.jobs.webhooks import send_due
from tests.cli.processes.site import free_port
from tests.support.receiver import OWN
from tests.support.repository import ROOT

EXAMPLE = ROOT / "examples" / "webhooks" / "receiver.py"


@contextmanager
def running(secret: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """The example, listening."""
    with subprocess.Popen(
        [sys.executable, str(EXAMPLE), str(port)],
        env=os.environ | {"RINGFENCE_WEBHOOK_SECRET": secret},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert "Listening" in process.stdout.readline()
            yield process
        finally:
            process.terminate()


def test_the_example_does_not_start_without_a_secret() -> None:
    started = subprocess.run(
        [sys.executable, str(EXAMPLE), str(free_port())],
        env=os.environ | {"RINGFENCE_WEBHOOK_SECRET": ""},
        capture_output=True,
        text=True,
    )
    assert started.returncode == 1
    assert "RINGFENCE_WEBHOOK_SECRET is missing" in started.stderr


@pytest.mark.usefixtures("db")
def test_the_example_takes_what_is_signed_and_refuses_what_is_not() -> None:
    firm = create_firm("Pike", "kyc", admin_email="owen@pike.example", admin_name="Owen").firm
    port = free_port()
    with override_settings(WEBHOOK_NETWORKS=OWN):
        hook = add_webhook(firm, f"http://localhost:{port}/", actor=Actor(1), families={"access"}, own=OWN)
        execute(firm, AddClient(client=ClientRow(name="Acme", reference="A1")), actor=OPERATOR)
        execute(firm, RemoveClient(client=1), actor=OPERATOR)
        secret = secret_text(hook)
        with running(secret, port) as process:
            send_due(firm, hook.number)
            assert [each.status for each in deliveries(firm, hook.number)] == [204, 204]
            assert process.stdout is not None
            told = [process.stdout.readline().strip() for _ in range(2)]
        assert told == ["ringfence.access.gained members/1", "ringfence.access.lost members/1"]
        with running(secret[:-8] + "AAAAAAA=", port):
            change_webhook(firm, hook.number, hook.address, actor=Actor(1), own=OWN)
            send_due(firm, hook.number)
        assert deliveries(firm, hook.number)[0].status == 401


def test_what_comes_twice_is_done_once_and_a_loss_shuts_at_once() -> None:
    namespace: dict[str, object] = {"__name__": "example"}
    exec(compile(EXAMPLE.read_text("utf-8"), EXAMPLE.name, "exec"), namespace)
    store = namespace["DocumentStore"]()  # type: ignore[operator]
    acme = {"id": "1", "reference": "A1"}
    bob = {"id": "2", "email": "bob@pike.example"}
    gained = {"id": "u/1/1", "type": "ringfence.access.gained", "data": {"members": [bob], "clients": [acme]}}
    lost = {"id": "u/2/1", "type": "ringfence.access.lost", "data": {"members": [bob], "clients": [acme]}}
    store.act_on(gained)
    assert store.open_to == {"A1": {"bob@pike.example"}}
    store.act_on(lost)
    store.act_on(gained)
    assert store.open_to == {"A1": set()}
