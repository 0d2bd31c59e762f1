"""Policy files: every form that is read, and every fault with its line and column."""

from __future__ import annotations

import pytest

from ringfence.access.policing.faults import PF, FaultyPolicies, FilePlace
from ringfence.access.policing.nodes import decoded
from ringfence.access.policing.reading import FORMS as ALL_FORMS
from ringfence.access.policing.reading import ReadPolicy, read_policies
from ringfence.core import statements as st
from ringfence.core.terms import Level, Reason, Role
from ringfence.wording.policy_faults import FAULTS, policy_fault_text
from tests.access.policing.names import FewNames

ANN, BOB = 1, 2
ACME, BOLT = 1, 2
AUDIT, VAT = 2, 2
EVERYBODY, ALL = st.MembersMeant(everyone=True), st.ClientsMeant(all=True)


def read(text: str) -> list[ReadPolicy]:
    return read_policies(text, FewNames())


def one(statement: str) -> st.Statement:
    (policy,) = read(f"name: A\nstatements:\n  - {statement}\n")
    (said,) = policy.statements
    return said


def faults(text: str) -> list[tuple[int, int, PF]]:
    """Line, column and code of everything that is wrong; each has a sentence."""
    with pytest.raises(FaultyPolicies) as caught:
        read(text)
    assert all(policy_fault_text(each.code, each.values, each.near) for each in caught.value.faults)
    return [(each.place.line, each.place.column, each.code) for each in caught.value.faults]


def fault_in(statement: str) -> tuple[int, int, PF]:
    """Of a statement that begins in line 3, column 5: its one fault."""
    (found,) = faults(f"name: A\nstatements:\n  - {statement}\n")
    return found


FORMS = {
    "{never: {group: Audit}, sees: {service: VAT}}": st.Never(
        members=st.MembersMeant(groups=frozenset({AUDIT})), clients=st.ClientsMeant(services=frozenset({VAT}))
    ),
    "{only: [Ann, Bob], see: Acme}": st.Only(
        members=st.MembersMeant(members=frozenset({ANN, BOB})),
        clients=st.ClientsMeant(clients=frozenset({ACME})),
    ),
    "{at_least: 2, see: all}": st.AtLeast(number=2, clients=ALL),
    "{at_most: 0, see: confidential}": st.AtMost(number=0, clients=st.ClientsMeant(confidential=True)),
    "{at_most: 3, clients: confidential, by: everyone}": st.AtMostClients(
        number=3, clients=st.ClientsMeant(confidential=True), members=EVERYBODY
    ),
    "{at_most_level: none, on: all, by: {role: auditor}}": st.AtMostLevel(
        level=Level.NONE, clients=ALL, members=st.MembersMeant(roles=frozenset({Role.AUDITOR}))
    ),
    "{check: {member: Ann, client: Acme, service: VAT, level: none, reason: wall}}": st.CheckIs(
        member=ANN, client=ACME, service=VAT, level=Level.NONE, reason=Reason.WALL
    ),
    "{member: Ann, sees: [Acme, Bolt]}": st.MemberSees(member=ANN, clients=frozenset({ACME, BOLT})),
    "{client: Acme, open_to: []}": st.OpenTo(client=ACME, members=frozenset()),
}


@pytest.mark.parametrize("text", FORMS)
def test_each_form_of_a_statement_is_read(text: str) -> None:
    assert one(text) == FORMS[text]


MEMBERS = {
    "Ann": st.MembersMeant(members=frozenset({ANN})),
    "everyone": EVERYBODY,
    "{members: everyone, except: [Ann, Bob]}": st.MembersMeant(everyone=True, without=frozenset({ANN, BOB})),
    "[Ann, {group: Audit}]": st.MembersMeant(members=frozenset({ANN}), groups=frozenset({AUDIT})),
    "{group: Audit, role: [auditor, principal], except: Ann}": st.MembersMeant(
        groups=frozenset({AUDIT}),
        roles=frozenset({Role.AUDITOR, Role.PRINCIPAL}),
        without=frozenset({ANN}),
    ),
}


@pytest.mark.parametrize("text", MEMBERS)
def test_members_are_meant_by_name_group_role_or_all_with_exceptions(text: str) -> None:
    assert one(f"{{never: {text}, sees: all}}") == st.Never(members=MEMBERS[text], clients=ALL)


CLIENTS = {
    "Acme": st.ClientsMeant(clients=frozenset({ACME})),
    "{clients: all, except: [Acme]}": st.ClientsMeant(all=True, without=frozenset({ACME})),
    "{clients: confidential, except: Acme}": st.ClientsMeant(confidential=True, without=frozenset({ACME})),
    "[Bolt, {service: VAT}]": st.ClientsMeant(clients=frozenset({BOLT}), services=frozenset({VAT})),
}


@pytest.mark.parametrize("text", CLIENTS)
def test_clients_are_meant_by_name_service_or_all_with_exceptions(text: str) -> None:
    assert one(f"{{at_least: 1, see: {text}}}") == st.AtLeast(number=1, clients=CLIENTS[text])


def test_a_word_that_means_all_is_a_name_within_a_list() -> None:
    assert fault_in("{never: [everyone], sees: all}") == (3, 14, PF.UNKNOWN_MEMBER)


def test_each_document_of_a_file_is_a_policy_with_its_own_text_and_places() -> None:
    text = "# one\nname: A\nmode: refuse\nstatements:\n  - {at_least: 1, see: all}\n---\n# two\nname: B\n"
    first, second = read(f"{text}statements: [{{at_most: 9, see: all}}]\n")
    assert (first.name, first.mode, first.place, first.places) == (
        "A",
        "refuse",
        FilePlace(2, 7),
        (FilePlace(5, 5),),
    )
    assert first.text == "# one\nname: A\nmode: refuse\nstatements:\n  - {at_least: 1, see: all}\n"
    assert (second.name, second.mode, second.places) == ("B", None, (FilePlace(9, 14),))
    assert second.text == "# two\nname: B\nstatements: [{at_most: 9, see: all}]\n"
    assert [read(each.text)[0].statements for each in (first, second)] == [
        first.statements,
        second.statements,
    ]


def test_a_file_may_be_json() -> None:
    (policy,) = read('{"name": "A", "statements": [{"at_least": 1, "see": "all"}]}')
    assert policy.statements == (st.AtLeast(number=1, clients=ALL),)


FAULTY = {
    "": (1, 1, PF.EMPTY),
    "# only a remark\n": (1, 1, PF.EMPTY),
    "name: [A\n": (2, 1, PF.NOT_YAML),
    "name: A\n\tstatements: []": (2, 1, PF.NOT_YAML),
    "name: \x01": (1, 7, PF.NOT_YAML),
    "- a\n": (1, 1, PF.NOT_A_POLICY),
    "name: A\nstatement: []\nstatements: [{at_least: 1, see: all}]": (2, 1, PF.UNKNOWN_KEY),
    "name: A\nname: B\nstatements: [{at_least: 1, see: all}]": (2, 1, PF.KEY_TWICE),
    "name: A": (1, 1, PF.KEY_MISSING),
    "name: [A]\nstatements: [{at_least: 1, see: all}]": (1, 7, PF.NO_TEXT),
    'name: " "\nstatements: [{at_least: 1, see: all}]': (1, 7, PF.NAME_EMPTY),
    f"name: {'A' * 101}\nstatements: [{{at_least: 1, see: all}}]": (1, 7, PF.NAME_TOO_LONG),
    'name: "A\\x07"\nstatements: [{at_least: 1, see: all}]': (1, 7, PF.NAME_CONTROL),
    "name: A\nmode: stop\nstatements: [{at_least: 1, see: all}]": (2, 7, PF.NO_MODE),
    "name: A\nstatements: []": (2, 13, PF.NO_STATEMENTS),
    "name: A\nstatements: [{at_least: 1, see: all}]\n---\nname: a\nstatements: [{at_most: 9, see: all}]": (
        (4, 7, PF.NAME_TWICE)
    ),
    f"name: A\nstatements: {'[' * 40}x{']' * 40}": (2, 25, PF.TOO_DEEP),
    f"name: A\nstatements: {'[' * 9000}": (1, 1, PF.TOO_DEEP),
    "x" * 200_001: (1, 1, PF.TOO_LONG),
    f"name: A\nstatements: [{{at_least: 1, see: all}}]\n#{'x' * 20_000}": (1, 1, PF.POLICY_TOO_LONG),
}


@pytest.mark.parametrize("text", FAULTY, ids=lambda text: text[:30])
def test_what_is_wrong_with_a_file_is_told_with_line_and_column(text: str) -> None:
    assert faults(text)[0] == FAULTY[text]


FAULTY_STATEMENTS = {
    "nobody": (3, 5, PF.NO_STATEMENT),
    "{sees: all}": (3, 5, PF.NO_STATEMENT),
    "{never: Ann}": (3, 5, PF.KEY_MISSING),
    "{never: Ann, sees: all, by: Bob}": (3, 29, PF.UNKNOWN_KEY),
    "{never: Anne, sees: all}": (3, 13, PF.UNKNOWN_MEMBER),
    "{never: {group: Audits}, sees: all}": (3, 21, PF.UNKNOWN_GROUP),
    "{never: {role: boss}, sees: all}": (3, 20, PF.NO_ROLE),
    "{never: {}, sees: all}": (3, 13, PF.NO_MEMBERS),
    "{never: [], sees: all}": (3, 13, PF.NOBODY),
    "{never: [Ann, Ann], sees: all}": (3, 19, PF.TWICE_NAMED),
    "{never: [[Ann]], sees: all}": (3, 14, PF.NO_MEMBERS),
    "{never: ~, sees: all}": (3, 13, PF.NO_TEXT),
    "{never: Ann, sees: Acme Ltd}": (3, 24, PF.UNKNOWN_CLIENT),
    "{never: Ann, sees: {service: Tax}}": (3, 34, PF.UNKNOWN_SERVICE),
    "{never: Ann, sees: {except: Acme}}": (3, 24, PF.NO_CLIENTS),
    "{at_least: two, see: all}": (3, 16, PF.NO_NUMBER),
    "{at_least: 0, see: all}": (3, 16, PF.NUMBER_RANGE),
    "{at_most: -1, see: all}": (3, 15, PF.NO_NUMBER),
    "{at_most: 1.5, see: all}": (3, 15, PF.NO_NUMBER),
    "{at_most_level: owner, on: all, by: everyone}": (3, 21, PF.NO_LEVEL),
    "{check: {member: Ann, client: Acme}}": (3, 13, PF.KEY_MISSING),
    "{check: {member: Ann, client: Bolt, service: VAT, level: none}}": (3, 50, PF.CLIENT_WITHOUT_SERVICE),
    "{check: {member: Ann, client: Acme, level: none, reason: luck}}": (3, 62, PF.NO_REASON),
    "{never: &all [Ann], sees: all}": (3, 13, PF.ANCHOR),
    "{never: !!python/name:os.system x, sees: all}": (3, 13, PF.TAG),
}


@pytest.mark.parametrize("text", FAULTY_STATEMENTS)
def test_what_is_wrong_with_a_statement_is_told_with_line_and_column(text: str) -> None:
    assert fault_in(text) == FAULTY_STATEMENTS[text]


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = "name: A\nmode: stop\nstatements:\n  - {never: Anne, sees: Acne}\n  - {at_least: x, see: all}\n"
    assert [code for _line, _column, code in faults(text)] == [
        *(PF.NO_MODE, PF.UNKNOWN_MEMBER, PF.UNKNOWN_CLIENT, PF.NO_NUMBER)
    ]


def test_a_key_or_word_that_is_nearly_right_is_proposed() -> None:
    with pytest.raises(FaultyPolicies) as caught:
        read("nmae: A\nmode: refuze\nstatements: [{at_most_level: editr, on: all, by: everyone}]")
    assert [each.near for each in caught.value.faults] == ["name", "refuse", "editor"]


def test_a_statement_whose_only_key_of_its_own_is_misspelt_is_told_the_nearest_at_that_key() -> None:
    with pytest.raises(FaultyPolicies) as caught:
        read("name: A\nstatements:\n  - {at_leest: 2, see: all}\n  - {see: all, at_mots: 3}")
    assert [(each.code, each.place, each.near) for each in caught.value.faults] == [
        (PF.NO_STATEMENT, FilePlace(3, 6), "at_least"),
        (PF.NO_STATEMENT, FilePlace(4, 16), "at_most"),
    ]


@pytest.mark.parametrize("written", ["{}", "nobody", "{sees: all}"])
def test_whoever_wrote_no_statement_is_shown_every_form(written: str) -> None:
    with pytest.raises(FaultyPolicies) as caught:
        read(f"name: A\nstatements: [{written}]")
    (fault,) = caught.value.faults
    assert ALL_FORMS in policy_fault_text(fault.code, fault.values, fault.near)


def test_a_file_that_is_not_utf8_is_told_where() -> None:
    with pytest.raises(FaultyPolicies) as caught:
        decoded(b"name: A\nmode: w\xe9")
    assert [(each.code, each.place) for each in caught.value.faults] == [(PF.NOT_UTF8, FilePlace(2, 8))]


def test_every_fault_has_a_sentence_and_every_sentence_a_fault() -> None:
    assert set(FAULTS) == {each.value for each in PF}
