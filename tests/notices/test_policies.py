"""Policies that break and hold again: noted in the ledger and told to administrators, once each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
from django.core import mail
from django.test import override_settings

from ringfence.access import FirmNow, entries, firm_state
from ringfence.access.notices import NoticeKind
from ringfence.access.policing.kept import broken_since
from ringfence.access.policing.watching import Noted, note_policies
from ringfence.core import events as e
from ringfence.core import statements as st
from ringfence.core.commands.definitions import (
    ChangeSettings,
    On,
    RemoveGrant,
    RemovePolicy,
    SetGrant,
    SetPolicy,
)
from ringfence.core.terms import Instant, Level, member_subject
from ringfence.firms.models import Firm, Notice
from ringfence.jobs import policies
from ringfence.jobs.policies import Policies
from tests.notices.people import everybody_came_in, give, own, told
from tests.support.jobs import do_waiting
from tests.web.cast import BAKER, CAI, DILYS, OWEN, grouped, make_cast

POLICY = 1
CAI_KEEPS_OUT = st.Never(
    members=st.MembersMeant(members=frozenset({CAI})), clients=st.ClientsMeant(clients=frozenset({BAKER}))
)


@pytest.fixture
def firm(db: None) -> Iterator[int]:
    """Control on, nothing open to all; Cai is to keep out of Baker & Sons, and does."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        found = make_cast().firm
        everybody_came_in()
        grouped(found)
        give(found, ChangeSettings(values={"unassigned": "none"}))
        give(found, SetPolicy(name="Cai keeps out", mode="warn", statements=(CAI_KEEPS_OUT,)))
        Policies().look()
        yield found


def mails(watch: Policies | None = None) -> dict[str, str]:
    """What is sent once the policies have been looked at, by address."""
    mail.outbox.clear()
    (watch or Policies()).look()
    do_waiting()
    return {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}


def noted(firm: int) -> list[tuple[int, bool]]:
    """Policy and whether it holds, of each time that the ledger notes it."""
    found = [event for entry in entries(firm) for event in entry.events]
    return [(each.policy, each.holds) for each in found if isinstance(each, e.PolicyNoted)]


def test_a_policy_that_holds_is_nothing_to_be_told_of(firm: int) -> None:
    assert (noted(firm), mails()) == ([], {})


def test_administrators_are_told_once_that_a_change_broke_a_policy(firm: int) -> None:
    own(firm, CAI, client=BAKER)
    found = mails()
    assert list(found) == told("owen")
    assert "1 policy of Pike & Marlow is broken" in found["owen@pike.example"]
    assert "Cai keeps out" in found["owen@pike.example"]
    assert "/manage/firm-policies/1" in found["owen@pike.example"]
    assert mails() == {}
    assert noted(firm) == [(POLICY, False)]


def test_they_are_told_once_that_it_holds_again(firm: int) -> None:
    own(firm, CAI, client=BAKER)
    mails()
    give(firm, RemoveGrant(to=(member_subject(CAI),), on=On.client(BAKER)))
    assert "1 policy of Pike & Marlow holds again" in mails()["owen@pike.example"]
    assert mails() == {}
    assert noted(firm) == [(POLICY, False), (POLICY, True)]
    assert not broken_since(firm)


def test_since_when_is_the_time_of_the_change(firm: int) -> None:
    own(firm, CAI, client=BAKER)
    changed = Firm.objects.get(pk=firm).changed_at
    Policies().look()
    assert broken_since(firm) == {POLICY: changed}


def test_a_policy_that_time_alone_breaks_is_told_too(firm: int) -> None:
    two = st.AtLeast(number=1, clients=st.ClientsMeant(clients=frozenset({BAKER})))
    ends = Instant(firm_state(firm).now + 3_600_000_000)
    give(firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.READER, expires=ends))
    give(firm, SetPolicy(name="Somebody sees it", mode="refuse", statements=(two,)))
    watch = Policies()
    assert mails(watch) == {}
    later = Instant(ends + 1_000_000)
    with (
        patch("ringfence.access.clock.clock", return_value=later),
        patch("ringfence.jobs.policies.clock", return_value=later),
    ):
        assert "1 policy of Pike & Marlow is broken" in mails(fresh(watch))["owen@pike.example"]
        assert broken_since(firm) == {2: ends}


def fresh(watch: Policies) -> Policies:
    """The same process some seconds later."""
    watch._next = 0.0
    return watch


def test_a_removed_policy_is_broken_no_more_and_nobody_is_told(firm: int) -> None:
    own(firm, CAI, client=BAKER)
    mails()
    give(firm, RemovePolicy(policy=POLICY))
    assert mails() == {}
    assert not broken_since(firm)


def test_a_process_that_has_looked_looks_again_only_after_a_change(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[int] = []

    def noting(firm: int, tell: Callable[[FirmNow, Noted, int], None]) -> FirmNow:
        looked.append(firm)
        return note_policies(firm, tell)

    monkeypatch.setattr(policies, "note_policies", noting)
    watch = Policies()
    for _ in range(3):
        fresh(watch).look()
    assert looked == [firm]
    own(firm, CAI, client=BAKER)
    for _ in range(3):
        fresh(watch).look()
    assert looked == [firm, firm]


def test_the_notice_says_nothing_more_once_nothing_of_it_is_so(firm: int) -> None:
    own(firm, CAI, client=BAKER)
    Policies().look()
    give(firm, RemoveGrant(to=(member_subject(CAI),), on=On.client(BAKER)))
    mail.outbox.clear()
    do_waiting()
    assert not mail.outbox
    assert [each.kind for each in Notice.objects.filter(firm=firm, member=OWEN)] == [
        NoticeKind.POLICIES_NOTED
    ]


def test_a_breach_of_a_policy_that_came_meanwhile_is_not_forgotten(firm: int) -> None:
    """Another process added the policy, and told of it, after this one had read the firm."""
    before = firm_state(firm)
    own(firm, DILYS, client=BAKER)
    keeps_out = st.Never(
        members=st.MembersMeant(members=frozenset({DILYS})),
        clients=st.ClientsMeant(clients=frozenset({BAKER})),
    )
    give(firm, SetPolicy(name="Dilys keeps out", mode="warn", statements=(keeps_out,)))
    Policies().look()
    with patch("ringfence.access.policing.watching.firm_state", side_effect=[before, firm_state(firm)]):
        note_policies(firm, lambda *_: None)
    assert list(broken_since(firm)) == [2]
    assert (noted(firm), len(Notice.objects.filter(member=OWEN))) == ([(2, False)], 1)
