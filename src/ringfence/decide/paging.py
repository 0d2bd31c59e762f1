"""Pages of results: how a token says where the next one begins, and clients in an order of the firm's own.

A token names the last result of the page before it, not a count: where others come or go meanwhile, nothing
is shown twice and nothing is left out that was there all along. It is sealed, since a page that begins behind
a client of the caller's choice would tell that this client is there, and between which names.
"""

import base64
import hashlib
import hmac
from array import array
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple, Protocol

import msgspec
from pyroaring import BitMap

from .problems import unfit
from .wire import MOST_RESULTS, SearchPage, read

CHUNK = 4096


class ChunkOfOrder(Protocol):
    """Neighbours in an order: their numbers in that order, and as a set. `store.names.Chunk` is one."""

    @property
    def order(self) -> "array[int]": ...
    @property
    def clients(self) -> BitMap: ...


class Neighbours(NamedTuple):
    """A chunk of an order that has no names in it."""

    order: "array[int]"
    clients: BitMap


def in_chunks(order: "array[int]") -> tuple[Neighbours, ...]:
    """An order of numbers, cut up so that a page is found by counting."""
    parts = (order[start : start + CHUNK] for start in range(0, len(order), CHUNK))
    return tuple(Neighbours(part, BitMap(part)) for part in parts)


def page_after(
    chunks: Sequence[ChunkOfOrder], wanted: BitMap, last: int, limit: int
) -> tuple[list[int], bool]:
    """Up to `limit` of `wanted` behind `last` (0: from the first on), and whether there are more."""
    found: list[int] = []
    passed = last == 0
    for chunk in chunks:
        order: Sequence[int] = chunk.order
        if not passed:
            if last not in chunk.clients:
                continue
            passed, order = True, order[chunk.order.index(last) + 1 :]
        elif not chunk.clients.intersect(wanted):
            continue
        found += islice(filter(wanted.__contains__, order), limit + 1 - len(found))
        if len(found) > limit:
            return found[:limit], True
    return found, False


class _Token(msgspec.Struct, array_like=True):
    last: int
    seal: bytes


def asked_again(body: bytes, decoder: "msgspec.json.Decoder[dict[str, object]]", secret: bytes) -> bytes:
    """What a request asks besides its page's token: the next page is one of the very same question.

    What comes back seals tokens as long as the caller does not know `secret`. Raises `NotAnswered` 400.
    """
    found = read(decoder, body)
    page = found.get("page")
    if isinstance(page, dict):
        # Software may leave the limit out of the requests that follow, as the standard's own example does.
        found["page"] = page.get("properties") or {}
    else:
        found["page"] = {}
    text = msgspec.json.encode(found, order="deterministic")
    return hmac.digest(secret, text, "sha256")


def limit_of(page: SearchPage) -> int:
    """How many results are wanted; raises `NotAnswered` 400."""
    if not 0 <= page.limit <= MOST_RESULTS:
        raise unfit(f"page.limit: write a number from 0 to {MOST_RESULTS:,}.")
    return page.limit


def last_of(page: SearchPage, asked: bytes) -> int:
    """The result after which the page begins; 0 for the first page. Raises `NotAnswered` 400."""
    if not page.token:
        return 0
    try:
        raw = base64.urlsafe_b64decode(page.token.encode("ascii"))
        token = msgspec.msgpack.decode(raw, type=_Token)
    except (ValueError, msgspec.MsgspecError) as error:
        raise unfit("page.token: it is none of ours. Begin anew without it.") from error
    if not hmac.compare_digest(token.seal, _seal(token.last, asked)):
        raise unfit("page.token: it belongs to another question. Ask the same again, or begin without it.")
    return token.last


def token_after(last: int, asked: bytes) -> str:
    """The token of the page that begins after this result."""
    return base64.urlsafe_b64encode(msgspec.msgpack.encode(_Token(last, _seal(last, asked)))).decode()


def _seal(last: int, asked: bytes) -> bytes:
    return hashlib.blake2b(b"%d" % last, key=asked, digest_size=12).digest()


def page_object(count: int, total: int, next_token: str) -> dict[str, object]:
    """The `page` of a response (AuthZEN 1.0, 8.2.2)."""
    return {"next_token": next_token, "count": count, "total": total}
