"""Whatever is sent, the service gives a decision, a list or a refusal, and never a fault of its own."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.decide.metadata import ACTIONS, EVALUATION, EVALUATIONS, RESOURCES, SUBJECTS
from tests.core.random_examples import name_the_seed, random_examples
from tests.decide.asking import EVERY, Caller, Reply, caller, question
from tests.decide.firm_asked import Firm

HEADERS = ("Accept_Language", "Ringfence_At_Least", "Ringfence_Max_Age", "X_Request_ID")
PATHS = (EVALUATION, EVALUATIONS, SUBJECTS, RESOURCES, ACTIONS)

texts = st.one_of(
    st.sampled_from(
        ["user", "client", "engagement", "view", "edit", "share", "ACME-1", "id:1", "ACME-1/VAT", ""]
    ),
    st.text(max_size=20),
)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False), texts
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
entities = st.fixed_dictionaries(
    {}, optional={"type": texts | values, "id": texts | values, "properties": values}
)
pages = st.fixed_dictionaries(
    {}, optional={"token": texts, "limit": st.integers(-2, 2000) | values, "properties": values}
)
parts = {
    "subject": entities | values,
    "resource": entities | values,
    "action": st.fixed_dictionaries({}, optional={"name": texts | values, "properties": values}),
    "context": values,
}
evaluations = st.fixed_dictionaries({}, optional=parts)
bodies = st.fixed_dictionaries(
    {},
    optional={
        **parts,
        "page": pages | values,
        "options": st.fixed_dictionaries({}, optional={"evaluations_semantic": texts | values}),
        "evaluations": st.lists(evaluations | values, max_size=4) | values,
    },
)


def test_fuzzed_bodies_find_nothing(software: Caller, firm: Firm) -> None:
    explaining = caller(software.service, firm.cast, EVERY, name="Explaining")

    @random_examples(300)
    @given(body=bodies | values, path=st.sampled_from(PATHS), explains=st.booleans())
    def every_answer_is_one(body: Any, path: str, explains: bool) -> None:
        name_the_seed()
        asker = explaining if explains else software
        hold(path, asker.post(path, body))

    every_answer_is_one()


def test_fuzzed_bytes_and_headers_find_nothing(software: Caller) -> None:
    whole = msgspec.json.encode({"subject": {"type": "user", "id": "x"}, "action": {"name": "view"}})
    words = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30)

    @random_examples(200)
    @given(
        raw=st.binary(max_size=60) | st.just(whole),
        path=st.sampled_from(PATHS),
        headers=st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(
                ("Accept_Language", "Ringfence_At_Least", "Ringfence_Max_Age", "X_Request_ID"), words
            ),
        ),
    )
    def every_answer_is_one(raw: bytes, path: str, headers: dict[str, str]) -> None:
        name_the_seed()
        hold(path, software.post_raw(path, raw, **headers))

    every_answer_is_one()


@pytest.mark.parametrize("path", PATHS)
def test_half_a_character_anywhere_in_a_question_is_no_fault(software: Caller, path: str) -> None:
    asked = {**question("x", "view", "ACME-1"), "context": {"why": "so"}, "page": {"limit": 5}}
    parts = [{"resource": {"type": "client", "id": "BOOTS-2"}}, 7]
    whole = msgspec.json.encode({**asked, "evaluations": parts})
    for place in range(len(whole)):
        hold(path, software.post_raw(path, whole[:place] + b"\x85" + whole[place + 1 :]))


def hold(path: str, reply: Reply) -> None:
    if reply.status != 200:
        assert reply.status in (400, 413, 503), reply
        assert reply.text.strip()
        return
    found = reply.json
    if path in (EVALUATION, EVALUATIONS):
        given = found.get("evaluations", [found])
        assert all(isinstance(one["decision"], bool) for one in given)
    else:
        assert found["page"]["count"] == len(found["results"])
