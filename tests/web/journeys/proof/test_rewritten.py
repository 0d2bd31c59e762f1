"""A ledger that is not what the firm has signed: who is told, once, and what pages say of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.access.notices import NoticeKind
from ringfence.access.proof import ledger_break, sign_now
from ringfence.access.proof.packs import PackAsked, ask_pack
from ringfence.core.commands.definitions import AddMember
from ringfence.core.terms import Instant
from ringfence.firms.models import Firm, LedgerEntry, SignedCheckpoint
from ringfence.jobs.audit_packs import make_audit_pack
from ringfence.jobs.faults import GiveUp
from ringfence.jobs.publish_checkpoints import publish_checkpoint
from tests.notices.people import all_kept, give, sent, told
from tests.proof.rewriting import rewrite
from tests.web.cast import ADA, CAI, OWEN, Cast
from tests.web.reading import text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

NOT_SIGNED = "Your firm’s ledger is not what your firm has signed."


@pytest.fixture
def firm(cast: Cast) -> Iterator[int]:
    """Two checkpoints were signed, and the ledger has gone on since."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example", TIMESTAMPS=""):
        for name in ("Gwen", "Huw"):
            sign_now(cast.firm)
            give(cast.firm, AddMember(name=name))
        sent()
        yield cast.firm


def signed(firm: int) -> list[int]:
    rows = SignedCheckpoint.objects.filter(firm=firm).order_by("entry")
    return list(rows.values_list("entry", flat=True))


def found_again(firm: int) -> None:
    # Not tried again: no waiting writes a ledger back.
    with pytest.raises(GiveUp):
        publish_checkpoint.func(firm)


def test_who_manages_or_audits_the_firm_is_told_and_nobody_else(firm: int) -> None:
    rewrite(Firm.objects.get(pk=firm), 2)
    found_again(firm)
    assert list(sent()) == told("owen", "ada")
    assert NoticeKind.LEDGER_REWRITTEN not in [each.kind for each in all_kept(firm, CAI)]


def test_each_is_told_once_however_often_it_is_found(firm: int) -> None:
    rewrite(Firm.objects.get(pk=firm), 2)
    for _ in range(3):
        found_again(firm)
    assert [each.kind for each in all_kept(firm, OWEN)].count(NoticeKind.LEDGER_REWRITTEN) == 1


def test_the_mail_says_what_was_signed_and_what_to_do(firm: int) -> None:
    first, second = signed(firm)
    rewrite(Firm.objects.get(pk=firm), second)
    found_again(firm)
    mail = sent()["owen@pike.example"]
    assert f"signed entry {second} of its ledger" in mail
    assert f"Up to entry {first} it is as it was signed" in mail
    assert "ringfence ledger verify" in mail
    assert f"/firms/{firm}/manage/reports/proof" in mail


def test_nobody_is_told_of_a_ledger_that_fits(firm: int) -> None:
    publish_checkpoint.func(firm)
    assert (ledger_break(firm), sent()) == (None, {})


def test_a_ledger_rewritten_early_fits_no_checkpoint(firm: int) -> None:
    rewrite(Firm.objects.get(pk=firm), 2)
    found = ledger_break(firm)
    assert found is not None
    assert (found.entry, found.fits) == (signed(firm)[0], 0)


def test_a_ledger_cut_short_is_found(firm: int) -> None:
    first, second = signed(firm)
    LedgerEntry.objects.filter(firm=firm, number__gte=second).delete()
    found = ledger_break(firm)
    assert found is not None
    assert (found.entry, found.fits) == (second, first)


def test_home_and_proof_say_so_while_it_is_so(firm: int, owen: PageClient, ada: PageClient) -> None:
    pages = [reverse(route, args=[firm]) for route in ("firm-home", "proof")]
    assert not any(NOT_SIGNED in text(client.get(page)) for client in (owen, ada) for page in pages)
    rewrite(Firm.objects.get(pk=firm), 2)
    assert all(NOT_SIGNED in text(client.get(page)) for client in (owen, ada) for page in pages)
    assert "Look through who can open what now" in text(ada.get(pages[1]))


def test_a_pack_that_this_kept_from_being_made_says_so(firm: int, owen: PageClient) -> None:
    rewrite(Firm.objects.get(pk=firm), 2)
    asked = PackAsked(since=Instant(0), until=firm_state(firm).now, language="en")
    number = ask_pack(firm, OWEN, asked)
    with pytest.raises(GiveUp):
        make_audit_pack.func(firm, number)
    page = owen.get(reverse("pack", args=[firm, number]))
    assert NOT_SIGNED in text(page)
    assert reverse("proof", args=[firm]) in page.content.decode()


def test_nothing_is_published_by_hand_meanwhile(firm: int, owen: PageClient) -> None:
    rewrite(Firm.objects.get(pk=firm), 2)
    assert "Publish a checkpoint now" not in text(owen.get(reverse("proof", args=[firm])))


def test_the_notice_stands_on_its_readers_page(firm: int, ada: PageClient) -> None:
    rewrite(Firm.objects.get(pk=firm), 2)
    found_again(firm)
    (notice,) = [each for each in all_kept(firm, ADA) if each.kind is NoticeKind.LEDGER_REWRITTEN]
    page = ada.get(reverse("notice", args=[firm, notice.number]))
    assert "Look through who can open what now" in text(page)
