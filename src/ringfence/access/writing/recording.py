"""One change into the tables and the ledger. The caller holds the firm's row locked and has checked the rest.

Nothing is decided here: events are written as they are given.
"""

import msgspec
from django.db import connection

from ringfence.access.actor import Actor
from ringfence.access.ledger.chain import Head, digest_of, encode_fields, entry_hash, new_salts
from ringfence.access.ledger.mentions import write_mentions
from ringfence.core.events import Change, Text
from ringfence.core.state.state import State
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm
from ringfence.store.body import Body, encode_body
from ringfence.store.loading import Loaded

from .tables.bulk import analyse, insert
from .tables.words import CommandWords
from .tables.write import Writing, write

MANY = 10_000
"""Texts of one change after which the tables are not what they were."""
LEDGER_TEXT_COLUMNS = ("firm_id", "entry", "slot", "thing", "number", "member", "salt", "text")


def locked(firm: int) -> Firm:
    """The firm's row, kept from every other writer until the transaction ends; raises `Firm.DoesNotExist`."""
    rows = Firm.objects.all()
    # SQLite's transaction is the only writer from its first statement on.
    return (rows if connection.vendor == "sqlite" else rows.select_for_update()).get(pk=firm)


def record(firm: Firm, change: Change, *, after: State, command: str, actor: Actor, now: Instant) -> Loaded:
    """Write a change as the firm's next entry; the state `after` it, with its place in the ledger.

    `now` is microseconds since 1970 UTC and not before the firm's last entry.
    """
    number = firm.version + 1
    texts = change.texts
    salts = new_salts(len(texts))
    digests = tuple(map(digest_of, texts, salts))
    body = encode_body(Body(events=change.events, digests=digests))
    head = Head(
        previous=bytes(firm.head),
        firm=firm.uid,
        number=number,
        at=now,
        actor_kind=actor.kind,
        actor=actor.member,
        command=command,
        self_access=change.self_access,
    )
    proof = entry_hash(head, body)
    gone = after.register.all_gone_for_good(now)
    write(change.events, Writing(firm=firm.pk, now=now, words=CommandWords(texts), gone=gone))
    _append(firm.pk, head, proof, body)
    _keep(firm.pk, number, texts, salts)
    write_mentions(firm.pk, number, change.events, after.register)
    if len(texts) >= MANY:
        analyse("firms_client", "firms_engagement", "firms_ledgertext")
    _move_on(firm, after, head, proof)
    return Loaded(after, number, proof, now)


def _append(firm: int, head: Head, proof: bytes, body: bytes) -> None:
    columns = {
        "firm_id": firm,
        "number": head.number,
        "at": head.at,
        "actor_kind": head.actor_kind,
        "actor": head.actor,
        "command": head.command,
        "self_access": head.self_access,
        "previous": head.previous,
        "hash": proof,
        "body": body,
    }
    insert("firms_ledgerentry", list(columns), [list(columns.values())])


def _keep(firm: int, entry: int, texts: tuple[Text, ...], salts: list[bytes]) -> None:
    rows = [
        (
            firm,
            entry,
            slot,
            text.thing.value,
            text.number,
            text.member,
            salt,
            encode_fields(text.fields).decode(),
        )
        for slot, (text, salt) in enumerate(zip(texts, salts, strict=True))
    ]
    insert("firms_ledgertext", LEDGER_TEXT_COLUMNS, rows)


def _move_on(firm: Firm, state: State, head: Head, proof: bytes) -> None:
    """The firm's own row: version and head, and what of the state lies in its columns."""
    Firm.objects.filter(pk=firm.pk).update(
        settings=msgspec.to_builtins(state.settings),
        was_on=state.was_on,
        version=head.number,
        head=proof,
        changed_at=head.at,
        indexed=head.number if firm.indexed == firm.version else firm.indexed,
        last_member=state.numbers.member,
        last_group=state.numbers.group,
        last_service=state.numbers.service,
        last_wall=state.numbers.wall,
        last_client=state.register.next_client - 1,
        last_engagement=state.register.next_engagement - 1,
    )
