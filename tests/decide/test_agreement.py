"""Over the wire as in the core: the same answers for random firms, one by one, in lists and in searches."""

import itertools
import time

import msgspec
import pytest
from hypothesis import assume, given

from ringfence.core.authority.asked import Action, clients_for, judge, members_for
from ringfence.core.authority.capability import may
from ringfence.core.decision.moment import Moment, at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification.facts import Facts
from ringfence.core.state.memo import Memo
from ringfence.core.terms import Capability, Instant, Scope, Target
from ringfence.core.values import Token
from ringfence.decide.app import DecisionService
from ringfence.store.sources import Connection
from ringfence.store.token_text import new_token_text, token_digest
from tests.core.firms import firms
from tests.core.random_examples import name_the_seed, random_examples
from tests.decide.asking import Caller
from tests.decide.conftest import Connect
from tests.store.tables import Tables

pytestmark = pytest.mark.both_databases


def test_every_answer_is_the_one_of_the_core(connection: Connection, another: Connect) -> None:
    service = DecisionService(connect=another)
    numbers = itertools.count(1)

    @random_examples(40)
    @given(facts=firms())
    def every_answer_agrees(facts: Facts) -> None:
        name_the_seed()
        state = state_of(facts)
        active = [number for number, one in facts.members.items() if one.active]
        assume(active)
        number = next(numbers)
        text, own = new_token_text(), active[number % len(active)]
        digest = token_digest(text)
        assert digest is not None
        token = Token(member=own, scopes=Scope.DECIDE | Scope.SEARCH, digest=digest)
        state = msgspec.structs.replace(state, tokens={1: token}, memo=Memo())
        tables = Tables(connection, state, firm=number)
        moment = at(tables.state, Instant(time.time_ns() // 1000))
        hold(Caller(service, text), moment, own)

    every_answer_agrees()


def hold(software: Caller, moment: Moment, own: int) -> None:
    register = moment.state.register
    members = range(1, len(moment.state.members) + 2)
    targets = [Target("client", number) for number in range(1, register.next_client + 1)]
    targets += [Target("engagement", number) for number in range(1, register.next_engagement + 1)]
    everybody = may(moment.state, own, Capability.READ_CONTROL)
    questions = list(itertools.product(members, targets, Action))
    found = software.post("/access/v1/evaluations", {"evaluations": [_asked(*one) for one in questions]})
    assert found.status == 200, found.text
    for (member, target, action), answer in zip(questions, found.json["evaluations"], strict=True):
        known = everybody or member == own
        expected = known and judge(moment, member, target, action).allowed
        assert answer["decision"] is expected, (member, target, action)
    for member, action in itertools.product(members, Action):
        clients = clients_for(moment, member, action) if everybody or member == own else ()
        body = {**_asked(member, Target("client", 0), action), "resource": {"type": "client"}}
        results = software.post("/access/v1/search/resource", body).json["results"]
        assert {one["properties"]["client"] for one in results} == set(clients), (member, action)
    for client, action in itertools.product(register.clients, Action):
        target = Target("client", client)
        body = {**_asked(0, target, action), "subject": {"type": "user"}}
        results = software.post("/access/v1/search/subject", body).json["results"]
        allowed = {one for one in members_for(moment, target, action) if everybody or one == own}
        assert {one["properties"]["member"] for one in results} == allowed, (client, action)


def _asked(member: int, target: Target, action: Action) -> dict[str, object]:
    return {
        "subject": {"type": "user", "id": f"id:{member}"},
        "action": {"name": action.value},
        "resource": {"type": target.kind, "id": f"id:{target.number}"},
    }
