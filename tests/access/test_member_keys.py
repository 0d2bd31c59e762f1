"""Who is meant by an address or an external id, at the very place in the ledger that a state is at."""

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Refused, erase_member, rehearse
from ringfence.access.batches.rehearse import Batch
from ringfence.access.connection import plain
from ringfence.access.door import STATES
from ringfence.core.commands import definitions as w
from ringfence.core.commands.lists import ListRefused
from ringfence.core.refusals import Problem
from ringfence.firms.models import Member
from ringfence.store.engines import source_for
from ringfence.store.freshness import Known
from ringfence.store.member_keys import KeysOfMembers, MemberKeys
from tests.access.cast import Cast

pytestmark = pytest.mark.both_databases


def known(firm: Cast) -> Known:
    return STATES.current(plain(), firm.firm)


def now(firm: Cast, keys: KeysOfMembers) -> MemberKeys:
    found = keys.at(source_for(plain()), firm.firm, known(firm))
    assert found is not None
    return found


def test_a_member_is_found_by_e_mail_and_by_external_id_ignoring_case(firm: Cast) -> None:
    bob = firm.member("Bob")
    firm.do(w.ChangeMember(member=bob, external="S-1042"))
    keys = now(firm, KeysOfMembers())
    email = Member.objects.get(firm=firm.firm, number=bob).email
    assert keys.number(email.upper()) == keys.number(" s-1042 ") == bob
    assert keys.number("S-1043") is keys.number("") is None


def test_what_means_one_member_by_e_mail_and_another_by_external_id_means_nobody(firm: Cast) -> None:
    bob, cat = firm.member("Bob"), firm.member("Cat")
    email = Member.objects.get(firm=firm.firm, number=bob).email
    firm.do(w.ChangeMember(member=cat, external=email))
    assert now(firm, KeysOfMembers()).number(email) is None


def test_keys_follow_every_change_of_words(firm: Cast) -> None:
    keys, bob = KeysOfMembers(), firm.member("Bob")
    assert now(firm, keys).number("one@example.com") is None
    firm.do(w.ChangeMember(member=bob, email="one@example.com"))
    assert now(firm, keys).number("one@example.com") == bob
    firm.do(w.AddService(name="Audit"))
    assert now(firm, keys).number("one@example.com") == bob
    firm.do(w.ChangeMember(member=bob, email="two@example.com"))
    assert now(firm, keys).number("one@example.com") is None
    firm.do(w.DeactivateMember(member=bob))
    erase_member(firm.firm, bob, actor=OPERATOR)
    assert now(firm, keys).number("two@example.com") is None


def test_keys_are_not_handed_out_for_a_state_of_before_the_words_changed(firm: Cast) -> None:
    keys, bob = KeysOfMembers(), firm.member("Bob")
    before = known(firm)
    firm.do(w.AddService(name="Audit"))
    assert keys.at(source_for(plain()), firm.firm, before) is not None
    firm.do(w.ChangeMember(member=bob, external="S-1"))
    assert keys.at(source_for(plain()), firm.firm, before) is None
    assert KeysOfMembers().at(source_for(plain()), firm.firm, before) is None


def test_keys_are_not_handed_out_for_another_ledger(firm: Cast) -> None:
    keys, other = KeysOfMembers(), known(firm)
    now(firm, keys)
    assert keys.at(source_for(plain()), firm.firm, other._replace(head=b"x" * 32)) is None


def test_an_external_id_is_one_members_alone(firm: Cast) -> None:
    bob, cat = firm.member("Bob"), firm.member("Cat")
    firm.do(w.ChangeMember(member=bob, external="S-1"))
    with pytest.raises(Refused) as refused:
        firm.do(w.ChangeMember(member=cat, external="s-1"))
    assert refused.value.problem is Problem.EXTERNAL_IN_USE
    swap = (w.ChangeMember(member=bob, external=""), w.ChangeMember(member=cat, external="S-1"))
    rehearse(firm.firm, [Batch("import", swap)], actor=OPERATOR, version=firm.view.version)
    twice = (w.AddMember(name="Dan", external="S-9"), w.AddMember(name="Eve", external="s-9"))
    with pytest.raises(ListRefused) as refused_list:
        rehearse(firm.firm, [Batch("import", twice)], actor=OPERATOR, version=firm.view.version)
    assert refused_list.value.refused.problem is Problem.EXTERNAL_IN_USE


def test_the_ledger_proves_external_ids_and_the_names_of_software(firm: Cast) -> None:
    bob = firm.member("Bob")
    firm.do(w.ChangeMember(member=bob, external="S-1"))
    assert access.verify(firm.firm).whole
    Member.objects.filter(firm=firm.firm, number=bob).update(external="S-2")
    assert not access.verify(firm.firm).whole
