"""The body of a ledger entry."""

import msgspec
import pytest
from pyroaring import BitMap

from ringfence.core.events import GroupCreated, GroupJoined
from ringfence.store.body import Body, decode_body, encode_body

BODY = Body(
    events=(GroupCreated(group=7), GroupJoined(group=7, members=BitMap([1, 2, 70_000]))),
    digests=(bytes(range(32)), bytes(32)),
)


def test_a_body_is_read_back_as_it_was_written() -> None:
    assert decode_body(encode_body(BODY)) == BODY


def test_a_body_without_texts_is_read_back() -> None:
    bare = Body(events=BODY.events)
    assert decode_body(encode_body(bare)) == bare


def test_equal_bodies_give_equal_bytes() -> None:
    apart = BitMap([70_000])
    apart.update([2, 1])
    again = Body(events=(GroupCreated(group=7), GroupJoined(group=7, members=apart)), digests=BODY.digests)
    assert encode_body(again) == encode_body(BODY)


def test_half_a_digest_is_not_read() -> None:
    broken = encode_body(BODY).replace(b'"digests":"AAEC', b'"digests":"', 1)
    with pytest.raises(msgspec.MsgspecError):
        decode_body(broken)


def test_an_event_that_nobody_knows_is_not_read() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode_body(b'{"digests":"","events":[{"event":"firm.painted"}]}')
