"""A firm's domains: added, proved by a record, lost with it, removed; one domain to one firm."""

from __future__ import annotations

import pytest
from django.test import override_settings

from ringfence import access
from ringfence.access import OPERATOR, Actor, firm_state
from ringfence.access.domains import (
    DomainNotTaken,
    KeptDomain,
    RecordFound,
    UnfitDomain,
    WhyNotYet,
    WhyUnfitDomain,
    add_domain,
    check_domain,
    domain_numbered,
    domains_of,
    due_domains,
    proved_firm,
    recheck_domain,
    remove_domain,
    vouch_for_domain,
)
from ringfence.access.domains.keeping import DAY, GRACE
from ringfence.access.notices import NoticeKind
from ringfence.core.events import SignInNoted
from ringfence.core.refusals import Refused
from ringfence.core.terms import Role, SignInStep
from ringfence.firms.models import FirmDomain, Notice
from ringfence.jobs.domains import recheck_one_domain
from ringfence.notices.readers import administrators
from tests.access.cast import ADMIN, Cast
from tests.support.name_server import NameServer

pytestmark = pytest.mark.both_databases
HOME = "pike.example.com"


def added(firm: Cast, text: str = HOME) -> KeptDomain:
    return add_domain(firm.firm, text, actor=Actor(ADMIN))


def proved(firm: Cast, server: NameServer, text: str = HOME) -> KeptDomain:
    domain = added(firm, text)
    server.set(domain.record_name, domain.record_text)
    looked = check_domain(firm.firm, domain.number, actor=Actor(ADMIN), asked=[server.address])
    assert looked.found is RecordFound.THERE
    found = domain_numbered(firm.firm, domain.number)
    assert found is not None
    return found


def steps(firm: Cast) -> list[tuple[SignInStep, tuple[str, ...], int | None]]:
    found = []
    for entry in access.entries(firm.firm):
        for event in entry.events:
            if isinstance(event, SignInNoted):
                found.append((event.did, event.words, entry.actor.member))
    return found


def age(firm: Cast, **before: int) -> None:
    """Let moments of the firm's domains lie so many microseconds further back."""
    for row in FirmDomain.objects.filter(firm=firm.firm):
        for name, by in before.items():
            if getattr(row, name):
                setattr(row, name, getattr(row, name) - by)
        row.save()


def test_a_record_proves_a_domain_and_the_ledger_says_who(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    assert domain.proved
    assert domain.proved_by == ADMIN
    assert proved_firm("anna@pike.example.com") == proved_firm("ANNA@Pike.Example.Com") == firm.firm
    assert steps(firm) == [
        (SignInStep.DOMAIN_ADDED, (HOME,), ADMIN),
        (SignInStep.DOMAIN_PROVED, (HOME,), ADMIN),
    ]
    assert access.verify(firm.firm).whole


def test_a_domain_that_is_only_said_is_nobodys(firm: Cast, server: NameServer) -> None:
    domain = added(firm)
    assert proved_firm("anna@pike.example.com") is None
    looked = check_domain(firm.firm, domain.number, actor=Actor(ADMIN), asked=[server.address])
    assert looked.found is RecordFound.ABSENT
    assert proved_firm("anna@pike.example.com") is None


def test_domains_under_a_proved_one_and_above_it_are_others(firm: Cast, server: NameServer) -> None:
    proved(firm, server)
    assert proved_firm("anna@mail.pike.example.com") is None
    assert proved_firm("anna@example.com") is None
    assert proved_firm("anna@notpike.example.com") is None


def test_an_address_in_other_letters_is_found(firm: Cast, server: NameServer) -> None:
    proved(firm, server, "tŷ.cymru")
    assert proved_firm("siân@TŶ.cymru") == proved_firm("anna@xn--t-foa.cymru") == firm.firm


def test_two_firms_may_say_it_and_the_one_with_the_record_has_it(
    firm: Cast, other_firm: Cast, server: NameServer
) -> None:
    theirs, ours = added(other_firm), proved(firm, server)
    assert theirs.token != ours.token
    server.set(theirs.record_name, theirs.record_text)
    with pytest.raises(DomainNotTaken) as refused:
        check_domain(other_firm.firm, theirs.number, actor=Actor(ADMIN), asked=[server.address])
    assert refused.value.why is WhyNotYet.ANOTHERS
    assert proved_firm("anna@pike.example.com") == firm.firm
    with pytest.raises(DomainNotTaken):
        vouch_for_domain(other_firm.firm, HOME)


def test_one_firms_record_proves_nothing_for_another(
    firm: Cast, other_firm: Cast, server: NameServer
) -> None:
    ours, theirs = added(firm), added(other_firm)
    server.set(ours.record_name, ours.record_text)
    looked = check_domain(other_firm.firm, theirs.number, actor=Actor(ADMIN), asked=[server.address])
    assert looked.found is RecordFound.OTHER
    assert proved_firm("anna@pike.example.com") is None


def test_a_removed_domain_can_be_proved_by_another_firm(
    firm: Cast, other_firm: Cast, server: NameServer
) -> None:
    domain = proved(firm, server)
    remove_domain(firm.firm, domain.number, actor=Actor(ADMIN))
    assert proved_firm("anna@pike.example.com") is None
    assert domains_of(firm.firm) == ()
    proved(other_firm, server)
    assert proved_firm("anna@pike.example.com") == other_firm.firm


def test_a_record_of_before_does_not_prove_a_domain_that_is_added_again(
    firm: Cast, server: NameServer
) -> None:
    domain = proved(firm, server)
    remove_domain(firm.firm, domain.number, actor=Actor(ADMIN))
    again = added(firm)
    looked = check_domain(firm.firm, again.number, actor=Actor(ADMIN), asked=[server.address])
    assert looked.found is RecordFound.OTHER


def test_what_looks_like_anothers_proved_domain_is_refused(
    firm: Cast, other_firm: Cast, server: NameServer
) -> None:
    proved(other_firm, server, "morgan-lloyd.wales")
    with pytest.raises(UnfitDomain) as refused:
        added(firm, "rnorgan-lloyd.wales")
    assert refused.value.why is WhyUnfitDomain.LOOKS_LIKE_ANOTHERS
    added(firm, "morgan-floyd.wales")


def test_only_administrators_change_domains(firm: Cast, server: NameServer) -> None:
    ivy, auditor = firm.member("Ivy"), firm.member("Ada", Role.AUDITOR)
    domain = added(firm)
    server.set(domain.record_name, domain.record_text)
    for member in (ivy, auditor):
        with pytest.raises(Refused):
            add_domain(firm.firm, "example.org", actor=Actor(member))
        with pytest.raises(Refused):
            check_domain(firm.firm, domain.number, actor=Actor(member), asked=[server.address])
        with pytest.raises(Refused):
            remove_domain(firm.firm, domain.number, actor=Actor(member))
    assert [(each.key, each.proved) for each in domains_of(firm.firm)] == [(HOME, False)]


def test_the_same_domain_is_added_once(firm: Cast) -> None:
    added(firm)
    with pytest.raises(DomainNotTaken) as refused:
        added(firm, "PIKE.example.com.")
    assert refused.value.why is WhyNotYet.THERE


def test_a_missing_record_takes_the_proof_away_after_three_days(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    server.set(domain.record_name)
    assert not recheck_domain(firm.firm, domain.number, [server.address])
    missing = domain_numbered(firm.firm, domain.number)
    assert missing is not None
    assert missing.missing_since
    assert proved_firm("anna@pike.example.com") == firm.firm
    age(firm, missing_since=GRACE)
    assert recheck_domain(firm.firm, domain.number, [server.address])
    assert proved_firm("anna@pike.example.com") is None
    assert steps(firm)[-1] == (SignInStep.DOMAIN_LOST, (HOME,), None)
    assert not recheck_domain(firm.firm, domain.number, [server.address])


def test_a_proof_is_void_only_together_with_word_of_it(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    server.set(domain.record_name)
    recheck_domain(firm.firm, domain.number, [server.address])
    age(firm, missing_since=GRACE)

    def killed(_domain: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recheck_domain(firm.firm, domain.number, [server.address], lost=killed)
    assert proved_firm("anna@pike.example.com") == firm.firm
    told: list[str] = []
    assert recheck_domain(firm.firm, domain.number, [server.address], lost=told.append)
    assert told == [HOME]


def test_administrators_are_told_of_a_proof_that_is_void(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    server.set(domain.record_name)
    with override_settings(DNS_SERVERS=[server.address]):
        recheck_one_domain.func(firm.firm, domain.number)
        age(firm, missing_since=GRACE)
        recheck_one_domain.func(firm.firm, domain.number)
    notices = Notice.objects.filter(firm=firm.firm, kind=NoticeKind.DOMAIN_LOST)
    assert set(notices.values_list("member", flat=True)) == set(administrators(firm_state(firm.firm)))


def test_a_record_that_is_back_in_time_keeps_the_proof(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    server.set(domain.record_name)
    recheck_domain(firm.firm, domain.number, [server.address])
    age(firm, missing_since=GRACE)
    server.set(domain.record_name, domain.record_text)
    assert not recheck_domain(firm.firm, domain.number, [server.address])
    server.set(domain.record_name)
    assert not recheck_domain(firm.firm, domain.number, [server.address])
    assert proved_firm("anna@pike.example.com") == firm.firm


def test_a_name_server_that_fails_takes_no_proof_away(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    server.failing.add(domain.record_name)
    for _ in range(2):
        assert not recheck_domain(firm.firm, domain.number, [server.address])
        age(firm, missing_since=GRACE, checked_at=GRACE)
    assert proved_firm("anna@pike.example.com") == firm.firm


def test_what_is_checked_by_hand_takes_no_proof_away(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    server.set(domain.record_name, "ringfence=another")
    looked = check_domain(firm.firm, domain.number, actor=Actor(ADMIN), asked=[server.address])
    assert looked.found is RecordFound.OTHER
    assert proved_firm("anna@pike.example.com") == firm.firm


def test_each_proved_domain_is_due_once_a_day_but_for_the_operators_word(
    firm: Cast, other_firm: Cast, server: NameServer
) -> None:
    domain = proved(firm, server)
    vouch_for_domain(other_firm.firm, "larks.example.com")
    added(firm, "pike.example.org")
    assert due_domains() == []
    age(firm, checked_at=DAY)
    assert due_domains() == [(firm.firm, domain.number)]


def test_the_operators_word_needs_no_record(firm: Cast) -> None:
    domain = vouch_for_domain(firm.firm, HOME)
    assert (domain.proved, domain.vouched, domain.proved_by) == (True, True, None)
    assert proved_firm("anna@pike.example.com") == firm.firm
    assert steps(firm)[-1] == (SignInStep.DOMAIN_PROVED, (HOME,), None)


def test_proving_again_is_not_noted_again(firm: Cast, server: NameServer) -> None:
    domain = proved(firm, server)
    before = len(steps(firm))
    check_domain(firm.firm, domain.number, actor=Actor(ADMIN), asked=[server.address])
    assert len(steps(firm)) == before


def test_the_operator_is_told_of_no_domain_that_is_not_there(firm: Cast, server: NameServer) -> None:
    with pytest.raises(LookupError):
        check_domain(firm.firm, 7, actor=OPERATOR, asked=[server.address])
    with pytest.raises(LookupError):
        remove_domain(firm.firm, 7, actor=OPERATOR)
