"""The ledger: each entry names who did what, any change to it shows, and any past moment can be asked."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from ringfence import access
from ringfence.access import FirmUnknown
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.decision.single import decide
from ringfence.core.terms import Instant, Level, Reason, Thing, group_subject
from ringfence.firms.models import Client, Firm, Grant, LedgerEntry, LedgerText, Member
from ringfence.proof.chain import Head, entry_hash
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

SECOND = 1_000_000


@pytest.fixture
def ringfenced(firm: Cast) -> Cast:
    """A firm with a client in a group that Bob is in and Cleo is not; six entries after the first."""
    bob, _cleo = firm.member("Bob"), firm.member("Cleo")
    client = firm.client("Acme", reference="A-1")
    firm.group("Fortune 500", bob, on=On.client(client))
    firm.turn_on()
    firm.do(w.RenameGroup(group=2, to="Fortune 100", reason="Fewer of them"), by=ADMIN)
    return firm


BOB, CLEO, ACME = 2, 3, 1


def problems(firm: Cast) -> str:
    """All that `verify` says, as one text."""
    return " ".join(access.verify(firm.firm).problems)


def test_an_untouched_ledger_is_whole(ringfenced: Cast) -> None:
    report = access.verify(ringfenced.firm)
    assert report.whole
    assert (report.entries, report.erased) == (7, 0)
    assert report.head == bytes(Firm.objects.get(pk=ringfenced.firm).head)


def test_an_entry_says_who_did_what_when_and_why(ringfenced: Cast) -> None:
    *_, before, last = access.entries(ringfenced.firm)
    assert (last.number, last.command, last.actor, last.reason) == (
        7,
        "group.rename",
        access.Actor(ADMIN),
        "Fewer of them",
    )
    assert (before.command, before.actor) == ("control.turn_on", access.OPERATOR)
    assert abs(timezone.now() - last.when) < timedelta(minutes=5)


def test_no_name_address_reference_or_reason_is_in_the_chain(ringfenced: Cast) -> None:
    chain = b"".join(bytes(row.body) for row in LedgerEntry.objects.filter(firm=ringfenced.firm))
    for word in (b"Acme", b"A-1", b"Bob", b"bob", b"Fortune", b"Fewer", b"Ward", b"example"):
        assert word not in chain


def test_the_chain_can_be_proved_from_the_export_alone(ringfenced: Cast) -> None:
    uid, previous = Firm.objects.get(pk=ringfenced.firm).uid, ""
    for entry in access.entries(ringfenced.firm):
        line = json.loads(json.dumps(access.as_record(entry)))
        assert line["previous"] == previous
        actor = None if line["actor"] == "operator" else line["actor"]
        head = [previous, str(uid), line["number"], entry.at, entry.actor.kind, actor, line["command"], False]
        written = json.dumps(head, separators=(",", ":")).encode() + b"\n"
        body = json.dumps(line["body"], separators=(",", ":"), ensure_ascii=False).encode()
        previous = hashlib.sha256(written + body).hexdigest()
        assert line["hash"] == previous


def test_a_changed_body_is_found(ringfenced: Cast) -> None:
    row = LedgerEntry.objects.get(firm=ringfenced.firm, number=5)
    body = bytes(row.body).replace(b'"level":2', b'"level":3')
    assert body != bytes(row.body)
    LedgerEntry.objects.filter(firm=ringfenced.firm, number=5).update(body=body)
    assert "Entry 5 was changed" in problems(ringfenced)


@pytest.mark.parametrize(
    "change", [{"actor": 2}, {"at": 1}, {"command": "group.create"}, {"self_access": True}]
)
def test_a_changed_head_is_found(ringfenced: Cast, change: dict[str, object]) -> None:
    LedgerEntry.objects.filter(firm=ringfenced.firm, number=7).update(**change)
    assert "Entry 7 was changed" in problems(ringfenced)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b'{"digests":"AA==","events":[]}',
        b'{"digests":"","events":[{"event":"nothing"}]}',
        b'{"digests":"","events":[{"event":"engagement.removed","engagement":99}]}',
    ],
)
def test_an_entry_that_makes_no_sense_is_found(ringfenced: Cast, body: bytes) -> None:
    LedgerEntry.objects.filter(firm=ringfenced.firm, number=5).update(body=body)
    said = problems(ringfenced)
    assert "Entry 5 was changed" in said
    assert "Entry 5 makes no sense: nothing after it was looked at." in said


@pytest.mark.parametrize(
    "change", ["UPDATE firms_member SET role = '99'", "UPDATE firms_engagement SET client = 99"]
)
def test_tables_that_make_no_sense_are_found(ringfenced: Cast, change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert "The tables make no sense" in problems(ringfenced)


def test_an_entry_rewritten_with_a_fitting_hash_is_found(ringfenced: Cast) -> None:
    row = LedgerEntry.objects.get(firm=ringfenced.firm, number=5)
    firm = Firm.objects.get(pk=ringfenced.firm)
    head = Head(
        previous=bytes(row.previous),
        firm=firm.uid,
        number=5,
        at=Instant(row.at),
        actor_kind="member",
        actor=BOB,
        command=row.command,
        self_access=row.self_access,
    )
    LedgerEntry.objects.filter(firm=firm, number=5).update(
        actor_kind="member", actor=BOB, hash=entry_hash(head, bytes(row.body))
    )
    assert problems(ringfenced) == "Entry 6 does not follow on the entry in front of it."


def test_an_entry_taken_out_is_found(ringfenced: Cast) -> None:
    LedgerEntry.objects.filter(firm=ringfenced.firm, number=6).delete()
    assert "Entry 6 is missing" in problems(ringfenced)


def test_a_ledger_cut_short_is_found(ringfenced: Cast) -> None:
    LedgerEntry.objects.filter(firm=ringfenced.firm, number=7).delete()
    assert "the ledger ends with entry 6" in problems(ringfenced)


def test_a_changed_word_beside_the_chain_is_found(ringfenced: Cast) -> None:
    texts = LedgerText.objects.filter(firm=ringfenced.firm, thing="entry")
    texts.update(text='{"reason":"More of them"}')
    assert "Text 1 beside entry 7 was changed" in problems(ringfenced)


def test_a_word_taken_away_with_its_row_is_found(ringfenced: Cast) -> None:
    LedgerText.objects.filter(firm=ringfenced.firm, thing="client").delete()
    assert "Entry 4 has 1 texts, 0 lie beside it." in problems(ringfenced)


def test_a_grant_changed_in_the_tables_alone_is_found(ringfenced: Cast) -> None:
    Grant.objects.filter(firm=ringfenced.firm).update(level=int(Level.OWNER))
    assert problems(ringfenced) == "The tables differ from the ledger in: holdings."


def test_a_member_changed_in_the_tables_alone_is_found(ringfenced: Cast) -> None:
    Member.objects.filter(firm=ringfenced.firm, number=CLEO).update(role="principal")
    assert problems(ringfenced) == "The tables differ from the ledger in: members."


def test_a_name_changed_in_the_tables_alone_is_found(ringfenced: Cast) -> None:
    Client.objects.filter(firm=ringfenced.firm, number=ACME).update(name="Other")
    assert problems(ringfenced) == "The words of client 1 in the tables are not those beside the ledger."


def test_who_could_open_a_client_at_a_past_version_and_why(ringfenced: Cast) -> None:
    ringfenced.do(w.DeleteGroup(group=2))
    engagement = ringfenced.view.moment.state.register.engagements_of(ACME)[0]
    then = access.replay(ringfenced.firm, version=7).moment
    assert set(then.who(ACME)) == {BOB}
    assert decide(then, BOB, engagement).reason is Reason.GROUP
    assert set(ringfenced.view.moment.who(ACME)) == {ADMIN, BOB, CLEO}


def test_who_could_open_a_client_at_a_past_instant(ringfenced: Cast) -> None:
    turned_on = next(access.entries(ringfenced.firm, after=5)).at
    assert set(access.replay(ringfenced.firm, at=turned_on).moment.who(ACME)) == {BOB}
    earlier = access.replay(ringfenced.firm, at=Instant(turned_on - 1))
    assert earlier.version == 5
    assert set(earlier.moment.who(ACME)) == {ADMIN, BOB, CLEO}


def test_a_past_moment_knows_that_a_grant_had_not_expired_yet(ringfenced: Cast) -> None:
    now = ringfenced.view.moment.now
    grant = w.SetGrant(
        to=(group_subject(2),), on=On.client(ACME), level=Level.EDITOR, expires=Instant(now + 3600 * SECOND)
    )
    ringfenced.do(grant)
    before = access.replay(ringfenced.firm, at=Instant(now + 3599 * SECOND)).moment
    after = access.replay(ringfenced.firm, at=Instant(now + 3600 * SECOND)).moment
    assert (set(before.who(ACME)), set(after.who(ACME))) == ({BOB}, set())


def test_before_its_first_entry_a_firm_is_empty(ringfenced: Cast) -> None:
    replayed = access.replay(ringfenced.firm, at=Instant(0))
    assert (replayed.version, len(replayed.moment.state.members)) == (0, 0)


def test_things_are_called_what_they_were_called_then(ringfenced: Cast) -> None:
    then = access.words_at(ringfenced.firm, Thing.GROUP, [2], 6)
    now = access.words_at(ringfenced.firm, Thing.GROUP, [2], 7)
    assert (then, now) == ({2: {"name": "Fortune 500"}}, {2: {"name": "Fortune 100"}})


@pytest.mark.parametrize("ask", [access.verify, access.replay, access.firm_state])
def test_asking_for_a_firm_that_is_not_there_is_an_error(db: None, ask: Callable[[int], object]) -> None:
    with pytest.raises(FirmUnknown):
        ask(999)
