"""Signed notes: in the published form, read by others, and refused where anything about them is wrong."""

import base64

import metamorphic_log
import pytest

from ringfence.proof.chain import HASH
from ringfence.proof.notes import BadKey, BadNote, SigningKey, open_note, read_key
from ringfence.proof.signed_checkpoints import LedgerHead, open_checkpoint, sign_head

KEY = SigningKey("example.com/ledgers/one", bytes(range(32)))
OTHER = SigningKey("example.com/ledgers/two", bytes(range(1, 33)))
HEAD = LedgerHead(origin=KEY.verifier.name, entry=1234, hash=b"\x07" * HASH)

PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
"""A published example with its key: the signature is by another implementation."""


def test_a_published_note_opens_with_its_published_key() -> None:
    key = read_key(PUBLISHED_KEY)
    assert str(key) == PUBLISHED_KEY
    assert open_note(PUBLISHED, [key]) == "This is an example message.\n"


def test_another_implementation_reads_our_checkpoint() -> None:
    found = metamorphic_log.checkpoint_verify(sign_head(HEAD, KEY), [str(KEY.verifier)])
    assert (found.origin, found.size, found.root) == (HEAD.origin, HEAD.entry, HEAD.hash)


def test_another_implementation_refuses_our_checkpoint_under_another_key() -> None:
    with pytest.raises(metamorphic_log.VerifyError):
        metamorphic_log.checkpoint_verify(sign_head(HEAD, KEY), [str(OTHER.verifier)])


def test_a_checkpoint_says_what_was_signed() -> None:
    assert open_checkpoint(sign_head(HEAD, KEY), [OTHER.verifier, KEY.verifier]) == HEAD


def test_signatures_of_strangers_are_passed_over() -> None:
    note = KEY.sign("text\n")
    more = note + OTHER.sign("text\n").rpartition("\n\n")[2]
    assert open_note(more, [KEY.verifier]) == "text\n"
    assert open_note(more, [OTHER.verifier]) == "text\n"


def test_a_wrong_signature_of_a_known_key_refuses_the_whole_note() -> None:
    both = KEY.sign("text\n") + OTHER.sign("another text\n").rpartition("\n\n")[2]
    with pytest.raises(BadNote):
        open_note(both, [KEY.verifier, OTHER.verifier])


@pytest.mark.parametrize("place", range(0, 150, 7))
def test_a_checkpoint_with_one_other_byte_is_refused(place: int) -> None:
    note = sign_head(HEAD, KEY)
    changed = note[:place] + chr((ord(note[place]) ^ 1) % 0xD000) + note[place + 1 :]
    with pytest.raises(BadNote):
        open_checkpoint(changed, [KEY.verifier])


def test_a_checkpoint_of_another_origin_is_refused_though_a_trusted_key_signed_it() -> None:
    with pytest.raises(BadNote, match="another ledger"):
        open_checkpoint(sign_head(HEAD, OTHER), [OTHER.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "one\n",
        "a\nb\nc\n",
        "origin\n01\n" + "A" * 43 + "=\n",
        "origin\n1\nAAAA\n",
        "ringfence file v1\nx\ny\n",
    ],
)
def test_a_signed_note_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        open_checkpoint(KEY.sign(text), [KEY.verifier])


@pytest.mark.parametrize(
    "note", ["", "text\n", "text\n\n", "text\n\n— a\n", "text\n\n— a b\n", "a\r\n\n— a AAAA\n"]
)
def test_what_is_no_signed_note_is_refused(note: str) -> None:
    with pytest.raises(BadNote):
        open_note(note, [KEY.verifier])


def test_a_damaged_key_is_no_key() -> None:
    good = str(KEY.verifier)
    name, number, packed = good.split("+", 2)
    ecdsa = base64.b64encode(b"\x02" + bytes(32)).decode()
    wrong = [
        "",
        name,
        f"{name}+00000000+{packed}",
        f"{name}+{number}+{packed[:-4]}",
        f"x{good}",
        f"a+1+{ecdsa}",
    ]
    for line in wrong:
        with pytest.raises(BadKey):
            read_key(line)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb"])
def test_a_key_with_such_a_name_is_not_made(name: str) -> None:
    with pytest.raises(BadKey):
        SigningKey(name, bytes(32))
