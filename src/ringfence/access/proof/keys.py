"""The keys by which a firm signs: made when first needed, sealed, replaced by whoever manages the firm.

The public half of each key is an entry of the firm's ledger, so that nobody can slip another one in later.
"""

from __future__ import annotations

import base64
import hashlib
import os

import msgspec
from django.conf import settings

from ringfence.access.actor import OPERATOR, Actor
from ringfence.access.connection import answering
from ringfence.access.firm_now import FirmNow
from ringfence.access.ledger.noting import note
from ringfence.access.reading import refused_managing
from ringfence.core.events import ProofNoted
from ringfence.core.refusals import need
from ringfence.core.terms import Instant, ProofStep
from ringfence.firms.models import Firm, FirmKey
from ringfence.firms.sealing import seal, unseal
from ringfence.proof.notes import SEED, SigningKey, VerifierKey

PURPOSE = "ledger key"
"""For which the secret halves are sealed."""
FILE_FORM = "ringfence file v1"
"""The first line of what is signed about a file. No origin of a ledger is called so."""


class KnownKey(msgspec.Struct, frozen=True, kw_only=True):
    """The public half of one of a firm's keys."""

    number: int
    verifier: VerifierKey
    since: Instant
    present: bool
    """Whether it signs now; else it signed until the next one was made."""


def keys_of(firm: int) -> list[KnownKey]:
    """The firm's keys, the present one first; empty where nothing has been signed yet."""
    with answering():
        rows = list(FirmKey.objects.filter(firm=firm).order_by("-number"))
    return [
        KnownKey(
            number=row.number,
            verifier=VerifierKey(row.name, bytes(row.public)),
            since=Instant(row.made_at),
            present=place == 0,
        )
        for place, row in enumerate(rows)
    ]


def signing_key(firm: int) -> tuple[int, SigningKey]:
    """The firm's present key and its number; made, with its entry in the ledger, where there is none.

    Raises `Unsealable` where the secret key of this installation is another one, `FirmUnknown`,
    `StateUnavailable`.
    """
    with answering():
        row = _present(firm)
    if row is None:
        note(firm, lambda now: _made(firm, now), OPERATOR, unless=lambda _: _present(firm) is not None)
        row = _present(firm)
    assert row is not None
    return row.number, SigningKey(row.name, base64.b64decode(unseal(row.seed or "", PURPOSE)))


def rotate_key(firm: int, *, actor: Actor) -> KnownKey:
    """Sign with a new key from now on, and forget the secret half of the last one.

    Its origin is as the settings say it now. Raises `Refused`, `FirmUnknown`, `StateUnavailable`.
    """

    def rotate(now: FirmNow) -> ProofNoted:
        need(refused_managing(now, actor.member))
        FirmKey.objects.filter(firm=firm).update(seed="")
        return _made(firm, now)

    note(firm, rotate, actor)
    return keys_of(firm)[0]


def sign_file(firm: int, name: str, content: bytes) -> str:
    """A signed note that says of a file what it is called and which bytes it has: to lie beside it.

    Its text is three lines: what it is, the file's name, its SHA-256 as base64. Raises as `signing_key`.
    """
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    called = " ".join(name.split())
    return signing_key(firm)[1].sign(f"{FILE_FORM}\n{called}\n{digest}\n")


def _present(firm: int) -> FirmKey | None:
    return FirmKey.objects.filter(firm=firm).order_by("-number").first()


def _made(firm: int, now: FirmNow) -> ProofNoted:
    """Write a new key beside the others, within the caller's transaction; the event that says so."""
    last = _present(firm)
    name = f"{settings.LEDGER_ORIGIN}/{Firm.objects.values_list('uid', flat=True).get(pk=firm)}"
    seed = os.urandom(SEED)
    verifier = SigningKey(name, seed).verifier
    FirmKey.objects.create(
        firm_id=firm,
        number=last.number + 1 if last else 1,
        name=name,
        public=verifier.public,
        seed=seal(base64.b64encode(seed).decode(), PURPOSE),
        made_at=now.moment.now,
    )
    return ProofNoted(did=ProofStep.KEY, words=(str(verifier),))
