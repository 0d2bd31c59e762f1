"""When members last used clients: exact at any moment, gathered or not, and gone with who is erased."""

import pytest
from pyroaring import BitMap

from ringfence import access
from ringfence.access import OPERATOR, Actor
from ringfence.access.decision_log import switch_decision_log
from ringfence.access.ledger.erasing import erase_client, erase_member
from ringfence.access.use import (
    FirmUse,
    LastUse,
    fold_use,
    gathering,
    last_used,
)
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Instant, Level, Subject
from ringfence.firms.models import ClientUse, DecisionBlock
from ringfence.store.decision_log import Logged, packed
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases


def opens(firm: Cast, member: int, client: int) -> Instant:
    """The member opens the record; when."""
    return access.open_record(firm.view, member=member, client=client).now


def let_in(
    firm: Cast,
    member: int,
    client: int,
    at: int,
    *,
    answer: int = 1,
    action: str = "view",
    reason: str = "direct",
    kind: str = "evaluation",
) -> None:
    """Other software asked about them, in a block of its own."""
    entry = Logged(Instant(at), kind, 1, member, client, 0, action, answer, reason, 1)
    DecisionBlock.objects.create(
        firm_id=firm.firm,
        ended=at,
        tag=DecisionBlock.objects.count(),
        began=at,
        entries=1,
        body=packed([entry]),
    )


def used(firm: Cast, member: int, client: int) -> LastUse | None:
    return last_used(firm.firm, [(member, client)]).get((member, client))


def test_an_opening_is_known_before_and_after_it_was_gathered(firm: Cast) -> None:
    bob, acme, other = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    at = opens(firm, bob, acme)
    asked = [(bob, acme), (bob, other), (ADMIN, acme)]
    before = last_used(firm.firm, asked)
    assert before == {(bob, acme): LastUse(opened=at)}
    fold_use(firm.firm)
    assert ClientUse.objects.count() == 1
    assert last_used(firm.firm, asked) == before


def test_what_was_gathered_and_what_came_since_make_one_answer(firm: Cast) -> None:
    bob, acme = firm.member("Bob"), firm.client("Acme")
    at = opens(firm, bob, acme)
    let_in(firm, bob, acme, at + 1_000)
    fold_use(firm.firm)
    let_in(firm, bob, acme, at + 5)
    let_in(firm, bob, acme, at + 2_000)
    assert used(firm, bob, acme) == LastUse(opened=at, decided=at + 2_000)
    fold_use(firm.firm)
    assert used(firm, bob, acme) == LastUse(opened=at, decided=at + 2_000)


def test_a_block_that_is_written_late_is_gathered_all_the_same(firm: Cast) -> None:
    bob, acme, beta = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    let_in(firm, bob, acme, 2_000)
    fold_use(firm.firm)
    let_in(firm, bob, beta, 1_000)
    fold_use(firm.firm)
    assert used(firm, bob, beta) == LastUse(decided=1_000)


def test_denials_and_searches_are_no_use(firm: Cast) -> None:
    bob, acme = firm.member("Bob"), firm.client("Acme")
    let_in(firm, bob, acme, 1_000, answer=0)
    let_in(firm, bob, acme, 2_000, kind="resource", answer=3)
    assert used(firm, bob, acme) is None
    fold_use(firm.firm)
    assert used(firm, bob, acme) is None


def test_gathering_in_portions_loses_nothing(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "ENTRIES", 2)
    monkeypatch.setattr(gathering, "BLOCKS", 1)
    bob, clients = firm.member("Bob"), firm.clients(5)
    at = {(bob, client): LastUse(opened=opens(firm, bob, client)) for client in clients}
    for number, client in enumerate(clients, 1):
        let_in(firm, ADMIN, client, number)
        at[ADMIN, client] = LastUse(decided=number)
    assert last_used(firm.firm, at) == at
    while fold_use(firm.firm):
        assert last_used(firm.firm, at) == at
    assert ClientUse.objects.count() == 10
    assert last_used(firm.firm, at) == at


def test_changing_a_client_is_more_than_reading_it_and_a_sweep_is_neither(firm: Cast) -> None:
    bob, acme, many = firm.member("Bob"), firm.client("Acme"), firm.clients(30)
    firm.do(w.ChangeClient(client=acme, name="Acme Ltd"), by=ADMIN)
    on = w.On(clients=BitMap(many))
    firm.do(w.SetGrant(to=(Subject("member", bob),), on=on, level=Level.READER), by=ADMIN)
    opens(firm, bob, acme)
    for gathered in (False, True):
        if gathered:
            fold_use(firm.firm)
        assert used(firm, ADMIN, acme) == LastUse(acted=max(used(firm, ADMIN, acme) or LastUse()))
        assert FirmUse(firm.firm).acted_since(Instant(0)).get(bob) is None
        assert list(FirmUse(firm.firm).acted_since(Instant(0))[ADMIN]) == [acme]
        assert FirmUse(firm.firm).used_since(Instant(0)) == {bob: BitMap([acme]), ADMIN: BitMap([acme])}


def test_what_other_software_lets_somebody_do_besides_viewing_is_more_than_reading(firm: Cast) -> None:
    bob, acme = firm.member("Bob"), firm.client("Acme")
    let_in(firm, bob, acme, 1_000, action="edit")
    assert used(firm, bob, acme) == LastUse(decided=1_000, acted=1_000)


def test_use_by_a_delegation_is_told_apart(other_firm: Cast) -> None:
    firm = other_firm
    bob, dai = firm.member("Bob"), firm.member("Dai")
    acme = firm.client("Acme")
    firm.grant(Subject("member", bob), w.On(clients=BitMap([acme])))
    firm.do(w.SetDelegation(delegator=bob, delegate=dai))
    at = opens(firm, dai, acme)
    opens(firm, bob, acme)
    for _ in range(2):
        assert used(firm, dai, acme) == LastUse(opened=at, delegated=at)
        assert {who: list(what) for who, what in FirmUse(firm.firm).delegated_at.items()} == {dai: [acme]}
        fold_use(firm.firm)


def test_only_what_was_used_since_is_used_since(firm: Cast) -> None:
    bob, acme, beta = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    let_in(firm, bob, acme, 1_000)
    let_in(firm, bob, beta, 2_000)
    for _ in range(2):
        assert list(FirmUse(firm.firm).used_since(Instant(1_001))[bob]) == [beta]
        assert list(FirmUse(firm.firm).used_since(Instant(1_000))[bob]) == [acme, beta]
        fold_use(firm.firm)


@pytest.mark.parametrize("asked_first", ["openings", "seen"])
def test_what_is_gathered_between_two_readings_of_a_question_is_not_missed(
    firm: Cast, asked_first: str
) -> None:
    bob, acme, beta = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    opens(firm, bob, acme)
    let_in(firm, bob, beta, 1_000)
    use = FirmUse(firm.firm)
    getattr(use, asked_first)
    fold_use(firm.firm)
    assert list(use.used_since(Instant(0))[bob]) == [acme, beta]
    assert use.last_used([(bob, acme), (bob, beta)]).keys() == {(bob, acme), (bob, beta)}


def test_nothing_of_another_firm_is_known(firm: Cast, other_firm: Cast) -> None:
    theirs = other_firm.client("Acme")
    opens(other_firm, ADMIN, theirs)
    ours = firm.client("Acme")
    for _ in range(2):
        assert last_used(firm.firm, [(ADMIN, ours), (ADMIN, theirs)]) == {}
        assert FirmUse(firm.firm).used_since(Instant(0)) == {}
        fold_use(other_firm.firm)
        fold_use(firm.firm)


@pytest.mark.parametrize("gathered", [False, True])
def test_use_goes_with_a_member_who_is_erased_and_never_comes_back(firm: Cast, gathered: bool) -> None:
    bob, acme = firm.member("Bob"), firm.client("Acme")
    opens(firm, bob, acme)
    at = opens(firm, ADMIN, acme)
    if gathered:
        fold_use(firm.firm)
    firm.do(w.DeactivateMember(member=bob))
    erase_member(firm.firm, bob, actor=OPERATOR)
    fold_use(firm.firm)
    assert last_used(firm.firm, [(bob, acme), (ADMIN, acme)]) == {(ADMIN, acme): LastUse(opened=at)}


def test_use_goes_with_a_client_that_is_erased(firm: Cast) -> None:
    bob, acme, beta = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    opens(firm, bob, acme)
    opens(firm, bob, beta)
    firm.do(w.RemoveClient(client=acme))
    erase_client(firm.firm, acme, actor=OPERATOR)
    assert [client for _, client in last_used(firm.firm, [(bob, acme), (bob, beta)])] == [beta]


def test_openings_are_known_since_the_firm_began_and_decisions_since_the_log_is_on(firm: Cast) -> None:
    first = next(iter(access.entries(firm.firm))).at
    assert FirmUse(firm.firm).known.openings == first
    assert FirmUse(firm.firm).known.decisions is None
    fold_use(firm.firm)
    switch_decision_log(firm.firm, on=True, days=7, actor=Actor(ADMIN))
    switched = firm.view.now
    switch_decision_log(firm.firm, on=True, days=9, actor=Actor(ADMIN))
    since = FirmUse(firm.firm).known.decisions
    assert since is not None
    assert first < since <= switched
    switch_decision_log(firm.firm, on=False, days=9, actor=Actor(ADMIN))
    assert FirmUse(firm.firm).known.decisions is None


def test_the_ledger_proves_when_a_client_was_opened_last(firm: Cast) -> None:
    bob, acme, beta = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    for client in (acme, beta):
        opens(firm, bob, client)
    fold_use(firm.firm)
    let_in(firm, bob, acme, 1_000)
    assert access.verify(firm.firm).problems == ()
    ClientUse.objects.filter(client=acme).update(opened=1)
    ClientUse.objects.filter(client=beta).delete()
    assert [each.rpartition(" in ")[2] for each in access.verify(firm.firm).problems] == [
        f"when member {bob} last opened client {client}." for client in (acme, beta)
    ]


def test_what_was_erased_is_not_missed_by_the_proof(firm: Cast) -> None:
    bob, acme, beta = firm.member("Bob"), firm.client("Acme"), firm.client("Beta")
    for client in (acme, beta):
        opens(firm, bob, client)
    fold_use(firm.firm)
    firm.do(w.RemoveClient(client=acme))
    erase_client(firm.firm, acme, actor=OPERATOR)
    assert access.verify(firm.firm).problems == ()
