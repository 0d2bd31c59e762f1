"""A firm's keys: made when first needed, named in the ledger, sealed, replaced by administrators."""

import base64
import hashlib

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Actor
from ringfence.access.proof import keys_of, rotate_key, sign_file, signing_key
from ringfence.core.events import ProofNoted
from ringfence.core.refusals import Refused
from ringfence.core.terms import ProofStep, Role
from ringfence.firms.models import Firm, FirmKey
from ringfence.proof.notes import BadNote, open_note
from tests.access.cast import ADMIN, Cast


def noted(firm: Cast) -> list[object]:
    return [each.events[0] for each in access.entries(firm.firm) if each.command == "proof.change"]


def test_the_first_signature_makes_a_key_and_the_ledger_names_it(firm: Cast) -> None:
    assert keys_of(firm.firm) == []
    sign_file(firm.firm, "report.csv", b"1,2")
    sign_file(firm.firm, "report.csv", b"1,2")
    (key,) = keys_of(firm.firm)
    assert noted(firm) == [ProofNoted(did=ProofStep.KEY, words=(str(key.verifier),))]
    assert access.verify(firm.firm).whole


def test_a_key_is_called_by_the_firms_own_uid(firm: Cast, other_firm: Cast) -> None:
    names = {signing_key(each.firm)[1].verifier.name for each in (firm, other_firm)}
    assert names == {f"ringfence/{each.uid}" for each in Firm.objects.all()}


def test_a_signed_file_is_named_with_the_digest_of_its_bytes(firm: Cast) -> None:
    note = sign_file(firm.firm, "report.csv", b"1,2")
    text = open_note(note, [keys_of(firm.firm)[0].verifier])
    digest = base64.b64encode(hashlib.sha256(b"1,2").digest()).decode()
    assert text == f"ringfence file v1\nreport.csv\n{digest}\n"


def test_another_firms_key_has_not_signed_it(firm: Cast, other_firm: Cast) -> None:
    note = sign_file(firm.firm, "report.csv", b"1,2")
    signing_key(other_firm.firm)
    with pytest.raises(BadNote):
        open_note(note, [keys_of(other_firm.firm)[0].verifier])


def test_a_new_key_signs_from_then_on_and_the_old_ones_signatures_stay_good(firm: Cast) -> None:
    before = sign_file(firm.firm, "old.csv", b"1")
    rotate_key(firm.firm, actor=Actor(ADMIN))
    after = sign_file(firm.firm, "new.csv", b"1")
    new, old = keys_of(firm.firm)
    assert (new.present, old.present) == (True, False)
    open_note(before, [old.verifier])
    open_note(after, [new.verifier])
    with pytest.raises(BadNote):
        open_note(after, [old.verifier])


def test_of_a_key_that_was_replaced_the_secret_half_is_gone(firm: Cast) -> None:
    signing_key(firm.firm)
    rotate_key(firm.firm, actor=OPERATOR)
    assert [bool(row.seed) for row in FirmKey.objects.order_by("number")] == [False, True]


def test_who_does_not_manage_the_firm_replaces_no_key(firm: Cast) -> None:
    signing_key(firm.firm)
    for member in (firm.member("Ivy"), firm.member("Ada", Role.AUDITOR)):
        with pytest.raises(Refused):
            rotate_key(firm.firm, actor=Actor(member))
    assert len(keys_of(firm.firm)) == 1
