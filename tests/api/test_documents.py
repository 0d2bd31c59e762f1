"""Documents over the API: read by who sees the engagement, written by its Editors, and by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from ringfence.access import Actor, entries, execute, firm_state, open_record
from ringfence.access.documents import DocumentKind, remove_document, write_document
from ringfence.access.refused_attempts import refused_attempts
from ringfence.api import writing_documents
from ringfence.api.v1 import documents as api_documents
from ringfence.core.commands.definitions import (
    ChangeSettings,
    Command,
    On,
    RemoveGrant,
    RevokeToken,
    SetGrant,
)
from ringfence.core.events import ByToken, RecordOpened
from ringfence.core.terms import Level, group_subject, member_subject
from ringfence.firms.models import Document, DocumentVersion
from ringfence.web.shell.lanes import Lane, lane_of
from tests.api.caller import Caller, caller_as
from tests.web.cast import (
    ADA,
    BAKER,
    BAKER_VAT,
    CAI,
    DILYS,
    ENID,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    OWEN,
    VAT_GROUP,
    Cast,
    do,
    grouped,
)

NOTE, PLAN = DocumentKind.NOTE, DocumentKind.PLAN
WORDS = {"kind": "note", "service": "VAT", "title": "Call", "text": "It was agreed on Monday."}
SECRET = "It was agreed on Monday."
CLIENT_OF = {FORTUNE_VAT: FORTUNE, FORTUNE_INCOME_TAX: FORTUNE, BAKER_VAT: BAKER}


@pytest.fixture
def written(cast: Cast) -> dict[int, UUID]:
    """A note on Fortune 500's VAT, for Cai's group alone, and plans on what is open or another's."""
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.OWNER))
    grouped(cast.firm)
    return {
        FORTUNE_VAT: _write(cast, CAI, FORTUNE_VAT, NOTE),
        FORTUNE_INCOME_TAX: _write(cast, DILYS, FORTUNE_INCOME_TAX, PLAN),
        BAKER_VAT: _write(cast, DILYS, BAKER_VAT, PLAN),
    }


def _write(cast: Cast, member: int, engagement: int, kind: DocumentKind) -> UUID:
    return write_document(
        cast.firm, member=member, title="Call", text=SECRET, engagement=engagement, kind=kind
    )


def at(engagement: int, document: UUID | None = None, more: str = "") -> str:
    one = "" if document is None else f"/{document}"
    return f"/clients/{CLIENT_OF[engagement]}/documents{one}{more}"


def openings(cast: Cast) -> list[tuple[int | None, int, int | None]]:
    """Who opened which client by which token, oldest first."""
    found = []
    for entry in entries(cast.firm):
        tokens = [each.token for each in entry.events if isinstance(each, ByToken)]
        found += [
            (entry.actor.member, each.client, tokens[0] if tokens else None)
            for each in entry.events
            if isinstance(each, RecordOpened)
        ]
    return found


# --- What is shown is what the core allows


def test_every_way_to_a_document_is_open_to_who_sees_its_engagement_and_to_nobody_else(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller]
) -> None:
    callers = {member: caller(member) for member in (OWEN, CAI, DILYS, ENID)}
    now = firm_state(cast.firm)
    for (member, asks), (engagement, document) in product(callers.items(), written.items()):
        may = now.can(member, engagement)
        ways = [asks.get(at(engagement, document, more)) for more in ("", "/versions", "/versions/1")]
        assert [each.status for each in ways] == [200 if may else 404] * 3
        listed = asks.get(at(engagement))
        shown = listed.status == 200 and str(document) in {each["id"] for each in listed.body["items"]}
        assert shown is may


def test_auditors_read_no_document(cast: Cast, written: dict[int, UUID], ada: Caller) -> None:
    for engagement, document in written.items():
        ways = [ada.get(at(engagement, *of)) for of in ((), (document,), (document, "/versions"))]
        assert [each.code for each in ways] == ["not_permitted"] * 3


def test_a_document_that_one_may_not_read_is_as_none(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller]
) -> None:
    dilys, cai = caller(DILYS), caller(CAI)
    for more in ("", "/versions", "/versions/1"):
        closed = dilys.get(at(FORTUNE_VAT, written[FORTUNE_VAT], more))
        assert closed.body == dilys.get(at(FORTUNE_VAT, uuid4(), more)).body
        hidden = cai.get(at(BAKER_VAT, written[BAKER_VAT], more))
        assert hidden.body == cai.get(f"/clients/77/documents/{uuid4()}{more}").body
    assert cai.get(at(BAKER_VAT)).body == cai.get("/clients/77/documents").body


def test_a_document_is_found_under_its_own_client_alone(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller]
) -> None:
    dilys, plan = caller(DILYS), written[BAKER_VAT]
    elsewhere = dilys.get(at(FORTUNE_INCOME_TAX, plan))
    assert (elsewhere.status, elsewhere.body) == (404, dilys.get(at(FORTUNE_INCOME_TAX, uuid4())).body)
    body = {"title": "Mine", "text": "Mine", "after": 1}
    assert dilys.put(at(FORTUNE_INCOME_TAX, plan), body).status == 404
    assert dilys.delete(at(FORTUNE_INCOME_TAX, plan, "?after=1")).status == 404


def test_another_firms_document_is_as_none(cast: Cast, written: dict[int, UUID]) -> None:
    lena, note = caller_as(cast.other, 1), written[FORTUNE_VAT]
    for more in ("", "/versions", "/versions/1"):
        assert lena.get(at(FORTUNE_VAT, note, more)).body == lena.get(at(FORTUNE_VAT, uuid4(), more)).body
    body = {"title": "Mine", "text": "Mine", "after": 1}
    assert lena.put(at(FORTUNE_VAT, note), body).body == lena.put(at(FORTUNE_VAT, uuid4()), body).body
    assert lena.get(at(FORTUNE_VAT)).status == 404
    assert DocumentVersion.objects.filter(document=note).count() == 1


def test_a_removed_document_is_as_none(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller]
) -> None:
    dilys, plan = caller(DILYS), written[BAKER_VAT]
    remove_document(cast.firm, member=DILYS, document=plan, after=1)
    for more in ("", "/versions", "/versions/1"):
        assert dilys.get(at(BAKER_VAT, plan, more)).body == dilys.get(at(BAKER_VAT, uuid4(), more)).body
    assert dilys.get(at(BAKER_VAT)).body["total"] == 0


def test_what_was_taken_away_a_moment_ago_is_not_shown(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    note = written[FORTUNE_VAT]
    assert cai.get(at(FORTUNE_VAT, note)).body["text"] == SECRET
    do(cast.firm, RemoveGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(FORTUNE_VAT)))
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.engagement(FORTUNE_VAT), level=Level.OWNER))
    assert cai.get(at(FORTUNE_VAT, note)).status == 404


# --- The record is opened first


def test_reading_documents_opens_the_record_by_the_token_once_in_ten_minutes(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    note = written[FORTUNE_VAT]
    for path in (at(FORTUNE_VAT), at(FORTUNE_VAT, note), at(FORTUNE_VAT, note, "/versions")):
        assert cai.get(path).status == 200
    ((member, client, token),) = openings(cast)
    assert (member, client) == (CAI, FORTUNE)
    assert token in firm_state(cast.firm).moment.state.tokens


def test_what_the_person_opened_is_opened_by_their_software_all_the_same(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    open_record(firm_state(cast.firm), member=CAI, client=FORTUNE)
    cai.get(at(FORTUNE_VAT))
    open_record(firm_state(cast.firm), member=CAI, client=FORTUNE)
    assert [token is None for _member, _client, token in openings(cast)] == [True, False]


def test_what_is_refused_opens_nothing_and_is_counted(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    cai.get(at(BAKER_VAT))
    cai.get(at(BAKER_VAT, written[BAKER_VAT]))
    cai.get("/clients/77/documents")
    assert openings(cast) == []
    (line,) = refused_attempts(cast.firm)
    assert (line.member, line.what, list(line.clients)) == (CAI, "record.open", [BAKER])


def test_documents_are_read_where_nobody_waits_for_writers() -> None:
    document = f"/api/v1/clients/1/documents/{uuid4()}"
    assert lane_of("GET", document) is lane_of("GET", "/api/v1/clients/1/documents") is Lane.WRITING
    assert lane_of("GET", "/api/v1/clients/1") is Lane.READING


# --- What it says


def test_a_document_says_what_it_said_before_by_whom_and_when(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    note = written[FORTUNE_VAT]
    cai.put(at(FORTUNE_VAT, note), {"title": "Call", "text": "It was not.", "after": 1})
    found = cai.get(at(FORTUNE_VAT, note)).body
    assert (found["kind"], found["version"], found["text"]) == ("note", 2, "It was not.")
    assert (found["author"]["name"], found["service"]["name"]) == ("Cai", "VAT")
    versions = cai.get(at(FORTUNE_VAT, note, "/versions")).body["items"]
    assert [each["version"] for each in versions] == [2, 1]
    assert cai.get(at(FORTUNE_VAT, note, "/versions/1")).body["text"] == SECRET
    assert cai.get(at(FORTUNE_VAT, note, "/versions/3")).status == 404


def test_documents_are_listed_in_parts_by_kind_and_service(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    others = [_write(cast, CAI, FORTUNE_VAT, PLAN) for _ in range(3)]
    every = {str(each) for each in (*others, written[FORTUNE_VAT], written[FORTUNE_INCOME_TAX])}
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        part = cai.get(at(FORTUNE_VAT, more=f"?limit=2{cursor and f'&cursor={cursor}'}")).body
        assert part["total"] == len(every)
        found, cursor = found + [each["id"] for each in part["items"]], part["next"]
    assert found == sorted(every)
    assert cai.get(at(FORTUNE_VAT, more="?kind=note")).body["total"] == 1
    assert cai.get(at(FORTUNE_VAT, more="?service=3")).body["total"] == 1
    assert cai.get(at(FORTUNE_VAT, more="?kind=letter")).code == "unreadable"


# --- Who writes


def test_an_editor_writes_and_the_document_is_what_the_pages_have(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    made = cai.post(at(FORTUNE_VAT), WORDS)
    assert (made.status, made.body["version"], made.body["removed"]) == (201, 1, False)
    row = Document.objects.get(id=made.body["document"])
    assert (row.firm_id, row.engagement, row.kind) == (cast.firm, FORTUNE_VAT, "note")
    assert DocumentVersion.objects.get(document=row).author == CAI


def test_a_reader_writes_nothing(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller]
) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.READER))
    cai, plan = caller(CAI), written[BAKER_VAT]
    assert cai.get(at(BAKER_VAT, plan)).status == 200
    tried = [
        cai.post(at(BAKER_VAT), WORDS),
        cai.put(at(BAKER_VAT, plan), {"title": "Mine", "text": "Mine", "after": 1}),
        cai.delete(at(BAKER_VAT, plan, "?after=1")),
        cai.post(at(BAKER_VAT, more="?preview=true"), WORDS),
        cai.post(f"/clients/{BAKER}/applications", DRAFT),
    ]
    assert [each.code for each in tried] == ["not_permitted"] * 5
    assert DocumentVersion.objects.filter(firm=cast.firm).count() == 3


def test_who_does_not_see_the_engagement_writes_as_on_none(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller]
) -> None:
    dilys = caller(DILYS)
    closed, none = dilys.post(at(FORTUNE_VAT), WORDS), dilys.post(at(FORTUNE_VAT), {**WORDS, "service": "No"})
    assert (closed.status, closed.body) == (404, none.body)
    assert closed.body == dilys.post("/clients/77/documents", WORDS).body
    assert closed.body == dilys.post(at(FORTUNE_VAT), {**WORDS, "service": 1}).body
    assert caller(ADA).post(at(FORTUNE_VAT), WORDS).code == "not_permitted"


@pytest.mark.parametrize("preview", ["", "?preview=true"])
def test_a_firm_that_has_changed_tells_nobody_of_an_engagement_that_they_do_not_see(
    cast: Cast, written: dict[int, UUID], caller: Callable[[int], Caller], preview: str
) -> None:
    dilys, form = caller(DILYS), {"service": "VAT", "product": "Term cover", "pence": 1, "day": "2026-11-30"}
    for more, body in (("documents", WORDS), ("applications", form)):
        closed, none = (
            dilys.post(f"/clients/{client}/{more}{preview}", body, if_match='"1"') for client in (FORTUNE, 77)
        )
        assert (closed.status, closed.body) == (404, none.body)


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (RevokeToken(token=1), 403),
        (RemoveGrant(to=(group_subject(VAT_GROUP),), on=On.engagement(FORTUNE_VAT)), 404),
    ],
)
def test_what_was_taken_away_before_the_lock_writes_nothing(
    cast: Cast, written: dict[int, UUID], cai: Caller, command: Command, status: int
) -> None:
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.engagement(FORTUNE_VAT), level=Level.OWNER))
    named = writing_documents.engagement_named

    def overtaken(*given: Any) -> int:
        found = named(*given)
        execute(cast.firm, command, actor=Actor(None))
        return found

    with patch.object(api_documents, "engagement_named", overtaken):
        assert cai.post(at(FORTUNE_VAT), WORDS).status == status
    assert DocumentVersion.objects.filter(firm=cast.firm).count() == 3


def test_what_others_wrote_meanwhile_is_not_written_over(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    note = at(FORTUNE_VAT, written[FORTUNE_VAT])
    assert cai.put(note, {"title": "Call", "text": "Two", "after": 1}).body["version"] == 2
    late = cai.put(note, {"title": "Call", "text": "Mine", "after": 1})
    assert (late.status, late.code, late.body["field"]) == (412, "changed_meanwhile", "after")
    assert "version 2" in late.body["detail"]
    assert cai.get(note).body["text"] == "Two"


def test_a_request_that_is_sent_again_is_one_document(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    once, again = (cai.post(at(FORTUNE_VAT), WORDS, idempotency_key="k") for _ in range(2))
    assert once.body == again.body
    assert again.headers["Idempotency-Replayed"] == "true"
    assert DocumentVersion.objects.filter(firm=cast.firm).count() == 4
    other = cai.post(at(FORTUNE_VAT), {**WORDS, "title": "Other"}, idempotency_key="k")
    assert other.code == "key_reused"


def test_a_removal_that_is_sent_again_is_answered_as_before(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    plan = at(FORTUNE_INCOME_TAX, written[FORTUNE_INCOME_TAX], "?after=1")
    once, again = (cai.delete(plan, idempotency_key="k") for _ in range(2))
    assert once.body == again.body
    assert (again.status, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert cai.delete(plan, idempotency_key="another").status == 404


def test_a_note_stays_and_a_plan_is_removed(cast: Cast, written: dict[int, UUID], cai: Caller) -> None:
    assert cai.delete(at(FORTUNE_VAT, written[FORTUNE_VAT], "?after=1")).code == "conflict"
    plan = at(FORTUNE_INCOME_TAX, written[FORTUNE_INCOME_TAX], "?after=1")
    assert cai.delete(plan).body["removed"] is True
    assert cai.delete(plan).status == 404


def test_words_that_cannot_be_kept_are_refused_with_what_to_do(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    for field, said in (("title", "x" * 201), ("title", "\x07"), ("text", " "), ("text", "x" * 20_001)):
        refused = cai.post(at(FORTUNE_VAT), {**WORDS, field: said})
        assert (refused.status, refused.code) == (422, "invalid"), refused.body
    assert DocumentVersion.objects.filter(firm=cast.firm).count() == 3


# --- Application forms

DRAFT = {"service": "VAT", "product": "Term cover", "pence": 10_001, "day": "2026-11-30"}
FORMS = f"/clients/{FORTUNE}/applications"


@pytest.fixture
def divided(cast: Cast, written: dict[int, UUID]) -> Cast:
    """Fee splits count, and Cai has 60 % on Fortune 500."""
    do(cast.firm, ChangeSettings(values={"fee_splits": True}))
    _split(cast, 6_000)
    return cast


def _split(cast: Cast, split: int) -> None:
    grant = SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER, fee_split=split)
    do(cast.firm, grant)


def test_a_form_is_drafted_changed_and_finalised_with_the_lines_that_were_read(
    divided: Cast, cai: Caller
) -> None:
    form = cai.post(FORMS, DRAFT).body["document"]
    draft = cai.get(f"/clients/{FORTUNE}/documents/{form}").body
    assert draft["lines"] == [{"member": {"id": CAI, "name": "Cai"}, "split": 60.0, "pence": 6_001}]
    assert (draft["text"], draft["form"]["final"]) == (None, False)
    agreed = {"after": 1, "agreed": draft["agreed"]}
    _split(divided, 5_000)
    assert cai.post(f"{FORMS}/{form}/finalise", agreed).code == "conflict"
    agreed["agreed"] = cai.get(f"/clients/{FORTUNE}/documents/{form}").body["agreed"]
    assert cai.post(f"{FORMS}/{form}/finalise", agreed).body["version"] == 2
    _split(divided, 1_000)
    final = cai.get(f"/clients/{FORTUNE}/documents/{form}").body
    assert (final["form"]["final"], final["form"]["client"], final["lines"][0]["split"]) == (
        True,
        "Fortune 500",
        50.0,
    )
    changed = {"product": "Other", "pence": 1, "day": "2026-11-30", "after": 2}
    assert cai.put(f"{FORMS}/{form}", changed).code == "conflict"
    assert cai.delete(f"{FORMS}/{form}?after=2").code == "conflict"


def test_where_fee_splits_do_not_count_no_form_is_drafted(
    cast: Cast, written: dict[int, UUID], cai: Caller
) -> None:
    refused = cai.post(FORMS, DRAFT)
    assert (refused.status, refused.code) == (409, "setting_off")


def test_a_form_that_one_may_not_read_is_as_none(
    divided: Cast, cai: Caller, caller: Callable[[int], Caller]
) -> None:
    form, dilys = cai.post(FORMS, DRAFT).body["document"], caller(DILYS)
    do(divided.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE), level=Level.BLOCKED))
    changed = {"product": "Other", "pence": 1, "day": "2026-11-30", "after": 1}
    for method, more, body in (
        ("PUT", "", changed),
        ("POST", "/finalise", {"after": 1, "agreed": "x"}),
        ("DELETE", "?after=1", None),
    ):
        closed = dilys.ask(method, f"{FORMS}/{form}{more}", body)
        assert (closed.status, closed.body) == (404, dilys.ask(method, f"{FORMS}/{uuid4()}{more}", body).body)
    note = cai.post(at(FORTUNE_VAT), WORDS).body["document"]
    assert cai.put(f"{FORMS}/{note}", changed).status == 404
