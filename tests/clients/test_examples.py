"""Both examples of software that asks, started as their first lines say, for the demo's agency."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.cli.processes.site import free_port
from tests.support.repository import ROOT

if TYPE_CHECKING:
    from tests.clients.following import Followed

pytestmark = pytest.mark.database

REFUSED = ("you have not been given access to it", "You do not have access to Fortune 500.")
"""As the demonstration is, and as the documents' commands leave it: clients named, requests on."""
EXAMPLES = ROOT / "examples" / "integrations"
SECONDS = 60.0
GWEN = {"X-User": "gwen@ace.example"}


@contextmanager
def running(followed: Followed, port: int, *command: str) -> Iterator[httpx.Client]:
    """An example that answers at this port."""
    installed = str(ROOT / "clients" / "python" / "src")
    told = {"RINGFENCE_ADDRESS": followed.decides, "RINGFENCE_TOKEN": followed.token}
    process = subprocess.Popen(command, cwd=EXAMPLES, env=os.environ | told | {"PYTHONPATH": installed})
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS, trust_env=False) as client:
            _wait(client, process)
            yield client
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            client.get("/")
        except httpx.ConnectError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the example did not answer; see what it wrote")


@pytest.fixture(scope="module")
def django_records(followed: Followed) -> Iterator[httpx.Client]:
    port = free_port()
    with running(followed, port, sys.executable, "django_records.py", str(port)) as client:
        yield client


@pytest.fixture(scope="module")
def fastapi_records(followed: Followed) -> Iterator[httpx.Client]:
    port = free_port()
    granian = str(Path(sys.executable).parent / "granian")
    command = (granian, "--interface", "asgi", "--port", str(port), "fastapi_records:app")
    with running(followed, port, *command) as client:
        yield client


def test_django_lists_what_is_open_and_leaves_out_what_is_not(django_records: httpx.Client) -> None:
    documents = django_records.get("/", headers=GWEN).json()["documents"]
    assert [each["reference"] for each in documents] == ["MAD012", "VAL001"]


def test_django_shows_a_client_that_is_open(django_records: httpx.Client) -> None:
    answer = django_records.get("/VAL001/", headers=GWEN)
    assert answer.json() == {"documents": [{"reference": "VAL001", "title": "Corporation Tax computation"}]}


def test_django_refuses_a_client_that_is_not_with_what_ringfence_says(django_records: httpx.Client) -> None:
    answer = django_records.get("/FOR500/", headers=GWEN)
    assert answer.status_code == 403
    assert any(said in answer.text for said in REFUSED)


def test_django_lets_nobody_in_who_is_not_signed_in(django_records: httpx.Client) -> None:
    answers = [django_records.get(path) for path in ("/", "/VAL001/")]
    assert [(each.status_code, each.text) for each in answers] == [(403, "Nobody is signed in.")] * 2


def test_fastapi_lists_what_is_open_and_leaves_out_what_is_not(fastapi_records: httpx.Client) -> None:
    clients = fastapi_records.get("/", headers=GWEN).json()["clients"]
    assert {each["reference"] for each in clients} == {"MAD012", "VAL001"}


def test_fastapi_shows_a_client_that_is_open(fastapi_records: httpx.Client) -> None:
    answer = fastapi_records.get("/VAL001", headers=GWEN)
    assert answer.json() == {"documents": ["Corporation Tax computation"], "level": "editor"}


def test_fastapi_refuses_a_client_that_is_not_with_what_ringfence_says(fastapi_records: httpx.Client) -> None:
    answer = fastapi_records.get("/FOR500", headers=GWEN)
    assert answer.status_code == 403
    assert any(said in answer.json()["detail"] for said in REFUSED)


def test_fastapi_lets_nobody_in_who_is_not_signed_in(fastapi_records: httpx.Client) -> None:
    assert [fastapi_records.get(path).status_code for path in ("/", "/VAL001")] == [401, 401]
