"""`?preview=true` on every write: what it would do is said, with its entry, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import override_settings

from ringfence.access import OPERATOR, Actor, entries
from ringfence.access.applications import CommissionLine, mark_of, write_form
from ringfence.access.directories import keep_directory
from ringfence.access.documents import DocumentKind, write_document
from ringfence.access.proof import how_published
from ringfence.access.webhooks import MOST_WEBHOOKS, add_webhook, secret_text, webhook_numbered
from ringfence.api.description import FILE
from ringfence.core.commands.definitions import ChangeSettings, On, SetGrant
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import (
    ApplicationLine,
    DigestChoice,
    Document,
    DocumentVersion,
    Firm,
    Invitation,
    Member,
    NoticeChoice,
    User,
    Webhook,
    WebhookDelivery,
)
from tests.api.caller import Caller
from tests.support.jobs import waiting
from tests.web.cast import CAI, DILYS, FORTUNE, FORTUNE_VAT, OWEN, PLAIN, Cast, do

ADDRESS = "https://documents.example/ringfence"
OTHER = "https://elsewhere.example/"
HOW = {"hours": 24, "folder": False, "mails": ["auditor@example.org"], "address": ""}

NOTE, PLAN, FORM = (UUID(int=number) for number in (1, 2, 3))
ON = f"/clients/{FORTUNE}"
WORDS = {"title": "Mine", "text": "Mine"}
TERMS = {"product": "Life", "pence": 100, "day": "2026-11-30"}
AGREED = mark_of([CommissionLine(member=OWEN, name="Owen", split=5_000, pence=50)])

FORETOLD: dict[str, tuple[str, str, Any, str | None]] = {
    "webhook_add": ("POST", "/webhooks", {"address": OTHER, "families": ["grant"]}, "webhook.change"),
    "webhook_change": ("PUT", "/webhooks/1", {"address": OTHER}, "webhook.change"),
    "webhook_remove": ("DELETE", "/webhooks/1", None, "webhook.change"),
    "webhook_pause": ("POST", "/webhooks/1/pause", None, "webhook.change"),
    "webhook_resume": ("POST", "/webhooks/1/resume", {"skip": True}, "webhook.change"),
    "webhook_rotate": ("POST", "/webhooks/1/rotate", None, "webhook.change"),
    "webhook_test": ("POST", "/webhooks/1/test", None, None),
    "webhook_send_again": ("POST", "/webhooks/1/deliveries/1/resend", None, None),
    "invitation_send": ("POST", f"/members/{DILYS}/invitation", None, None),
    "invitation_revoke": ("DELETE", f"/members/{DILYS}/invitation", None, None),
    "checkpoint_publish": ("POST", "/proof/checkpoints", None, None),
    "decision_log_set": ("PUT", "/decision-log", {"on": True, "days": 9}, "decision_log.set"),
    "notices_choose": ("PATCH", "/choices/notices", {"changes": False}, None),
    "digest_choose": ("PUT", "/choices/digest", {"wanted": False}, None),
    "digest_choose_client": ("PUT", f"/choices/digest/clients/{PLAIN}", {"wanted": False}, None),
    "document_add": ("POST", f"{ON}/documents", {**WORDS, "kind": "note", "service": "VAT"}, None),
    "document_change": ("PUT", f"{ON}/documents/{NOTE}", {**WORDS, "after": 1}, None),
    "document_remove": ("DELETE", f"{ON}/documents/{PLAN}?after=1", None, None),
    "application_add": ("POST", f"{ON}/applications", {**TERMS, "service": "VAT"}, None),
    "application_change": ("PUT", f"{ON}/applications/{FORM}", {**TERMS, "after": 1}, None),
    "application_finalise": (
        "POST",
        f"{ON}/applications/{FORM}/finalise",
        {"after": 1, "agreed": AGREED},
        None,
    ),
    "application_remove": ("DELETE", f"{ON}/applications/{FORM}?after=1", None, None),
    "second_step_ask": ("PUT", "/sign-in/second-step", {"roles": ["standard"]}, "sign_in.change"),
    "session_limit": ("PUT", "/sign-in/session", {"hours": 4}, "sign_in.change"),
    "directory_ask": ("POST", "/directory/ask", None, None),
    "publishing_change": ("PUT", "/proof/publishing", HOW, "proof.change"),
}
"""Each write that is no command: how it is asked, and the command of its entry."""


OF_LISTS = {"import_add", "import_read_again", "import_save", "import_drop"}
"""Tried in `test_imports.py`."""
OF_MEMBERS = ("/choices", "/clients")
"""What others than administrators do: who may not is tried with each."""

OF_FIRM = (
    *(Webhook, WebhookDelivery, Invitation, Member, NoticeChoice, DigestChoice),
    *(Document, DocumentVersion, ApplicationLine),
)


def writes() -> dict[str, dict[str, Any]]:
    """All writes of the description, by their names."""
    paths = json.loads(FILE.read_text(encoding="utf-8"))["paths"]
    return {
        each["operationId"]: each
        for methods in paths.values()
        for method, each in methods.items()
        if method != "get"
    }


@pytest.fixture(autouse=True)
def sends_mail() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def hooked(cast: Cast) -> Cast:
    """A firm with a webhook that was sent something."""
    add_webhook(cast.firm, ADDRESS, actor=Actor(OWEN))
    facts = {"entry": 2, "part": 0, "type": "ringfence.client.add", "at": 1, "milliseconds": 5}
    WebhookDelivery.objects.create(firm_id=cast.firm, webhook=1, number=1, status=204, fault="", **facts)
    return cast


@pytest.fixture
def prepared(hooked: Cast) -> Cast:
    """With a note, a plan and the draft of a form besides."""
    do(hooked.firm, ChangeSettings(values={"fee_splits": True}))
    grant = SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.OWNER, fee_split=5_000)
    do(hooked.firm, grant)
    settings = {"kind": "openldap", "server": "ldaps://ldap.pike.example", "people_base": "o=pike"}
    keep_directory(hooked.firm, settings, password="", hourly=True, actor=OPERATOR)
    by: dict[str, Any] = {"member": OWEN, "engagement": FORTUNE_VAT}
    for kind, mark in ((DocumentKind.NOTE, NOTE), (DocumentKind.PLAN, PLAN)):
        write_document(hooked.firm, title="Call", text="Agreed", kind=kind, token=mark, **by)
    write_form(hooked.firm, product="Term", pence=100, day=date(2026, 11, 29), token=FORM, **by)
    return hooked


def everything(cast: Cast) -> list[object]:
    """What any of these could change but the ledger."""
    of_firm = [list(model.objects.filter(firm=cast.firm).order_by("pk").values()) for model in OF_FIRM]
    log = list(Firm.objects.filter(pk=cast.firm).values("logs_decisions", "decision_days", "sign_in"))
    users = list(User.objects.order_by("pk").values())
    return [*of_firm, users, how_published(cast.firm), log, waiting()]


def test_each_write_takes_a_preview() -> None:
    for name, write in writes().items():
        assert any(each["name"] == "preview" for each in write.get("parameters", ())), name


def test_each_write_that_is_no_command_is_tried_below() -> None:
    told = {name for name, each in writes().items() if "Foretold" in json.dumps(each["responses"])}
    assert told - OF_LISTS == FORETOLD.keys()
    assert told >= OF_LISTS


@pytest.mark.parametrize("name", FORETOLD)
def test_a_preview_changes_nothing_and_names_the_entry(prepared: Cast, owen: Caller, name: str) -> None:
    method, path, body, command = FORETOLD[name]
    before, version = everything(prepared), len(list(entries(prepared.firm)))
    only = f"{path}{'&' if '?' in path else '?'}preview=true"
    found = owen.ask(method, only, body, idempotency_key="one")
    assert found.status == 200, found.body
    assert (found.body["command"], found.body["version"]) == (command, version)
    assert (everything(prepared), len(list(entries(prepared.firm)))) == (before, version)
    # What was only asked for is still to be done.
    assert owen.ask(method, path, body, idempotency_key="one").status < 300
    *_, last = entries(prepared.firm)
    assert (last.number > version) is (command is not None)
    assert command in (None, last.command)


@pytest.mark.parametrize(
    "name", [name for name in FORETOLD if FORETOLD[name][1].split("/")[1] not in {"choices", "clients"}]
)
def test_a_preview_is_refused_to_who_may_not_do_it(
    hooked: Cast, caller: Callable[[int], Caller], name: str
) -> None:
    method, path, body, _command = FORETOLD[name]
    assert caller(CAI).ask(method, f"{path}?preview=true", body).status == 403


def test_it_says_how_things_would_stand(hooked: Cast, owen: Caller) -> None:
    said = owen.put("/webhooks/1?preview=true", {"address": OTHER, "families": ["grant"]}).body["stands"]
    assert (said["address"], said["families"]) == (OTHER, ["grant"])
    assert owen.post("/webhooks/1/pause?preview=true").body["stands"]["state"] == "paused"
    assert owen.put("/proof/publishing?preview=true", HOW).body["stands"] == HOW
    assert owen.post(f"/members/{DILYS}/invitation?preview=true").body["stands"]["stage"] == "invited"


def test_no_secret_is_told_that_would_be_another(hooked: Cast, owen: Caller) -> None:
    for path, body in (("/webhooks", {"address": OTHER}), ("/webhooks/1/rotate", None)):
        assert "secret" not in owen.post(f"{path}?preview=true", body).body["stands"]
    hook = webhook_numbered(hooked.firm, 1)
    assert hook is not None
    assert owen.get("/webhooks/1/secret").body["secret"] == secret_text(hook)


def test_what_stands_so_already_would_have_no_entry(cast: Cast, owen: Caller) -> None:
    owen.put("/proof/publishing", HOW)
    said = owen.put("/proof/publishing?preview=true", HOW).body
    assert (said["command"], said["stands"]) == (None, HOW)


def test_an_invitation_that_gives_a_seat_names_the_entry_of_that(cast: Cast, owen: Caller) -> None:
    Member.objects.filter(firm=cast.firm, number=DILYS).update(user=None)
    assert owen.post(f"/members/{DILYS}/invitation?preview=true").body["command"] == "user.seat"
    assert Member.objects.get(firm=cast.firm, number=DILYS).user is None


def test_what_could_not_be_done_is_refused_as_it_would_be(hooked: Cast, owen: Caller) -> None:
    asked = [
        owen.post("/webhooks?preview=true", {"address": "https://127.0.0.1/"}),
        owen.put("/webhooks/9?preview=true", {"address": OTHER}),
        owen.post("/webhooks/1/deliveries/9/resend?preview=true"),
        owen.put("/proof/publishing?preview=true", {"hours": 24}),
        owen.post("/webhooks/1/pause?preview=true", if_match='"1"'),
        owen.post("/webhooks?preview=yes please", {"address": OTHER}),
    ]
    assert [each.status for each in asked] == [422, 404, 404, 422, 412, 400]
    for each in range(MOST_WEBHOOKS - 1):
        add_webhook(hooked.firm, f"{ADDRESS}/{each}", actor=Actor(OWEN))
    assert owen.post("/webhooks?preview=true", {"address": OTHER}).code == "conflict"
