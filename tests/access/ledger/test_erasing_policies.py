"""Nothing that a policy says of somebody erased stays: not its file, name, versions, nor one half made."""

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Actor
from ringfence.access.policing.naming import PolicyNames
from ringfence.access.policing.versions import policy_versions
from ringfence.access.policing.writing import written
from ringfence.core import statements as st
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing
from ringfence.firms.models import Draft, LedgerEntry, Policy
from tests.access.cast import ADMIN, Cast
from tests.access.ledger.test_erasing import words_in_database

pytestmark = pytest.mark.both_databases

ACME = 1
KEPT_OUT = "Robert keeps out of Acme"
FILE = "name: Robert keeps out of Acme\nstatements:\n  - {never: Robert, sees: Acme}\n"
NEVER = st.Never(
    members=st.MembersMeant(members=frozenset({2})), clients=st.ClientsMeant(clients=frozenset({ACME}))
)
ALL_SEEN = st.AtLeast(number=1, clients=st.ClientsMeant(all=True))


@pytest.fixture
def bob(firm: Cast) -> int:
    """A member who left, about whom a policy and several of its versions were written."""
    number = firm.member("Robert")
    assert (number, firm.client("Acme", reference="ACME-9")) == (2, ACME)
    firm.do(w.SetPolicy(name=KEPT_OUT, statements=(NEVER,), text=FILE, reason="Robert fell out"), by=ADMIN)
    firm.do(w.SetPolicy(policy=1, statements=(NEVER, ALL_SEEN), text=f"# By ROBERT\n{FILE}"))
    return number


def left(firm: Cast, bob: int) -> None:
    firm.do(w.DeactivateMember(member=bob))


def policy(number: int = 1) -> tuple[str, str]:
    found = Policy.objects.get(number=number)
    return found.name, found.text


def test_of_an_erased_member_no_policy_and_none_of_its_versions_says_a_word(firm: Cast, bob: int) -> None:
    left(firm, bob)
    access.erase_member(firm.firm, bob, actor=Actor(ADMIN))
    assert list(words_in_database(("robert",))) == []
    assert policy() == ("#2 keeps out of Acme", "")
    assert not any("Robert" in each.name + each.text for each in policy_versions(firm.firm, 1))


def test_of_an_erased_client_no_policy_and_none_of_its_versions_says_a_word(firm: Cast, bob: int) -> None:
    firm.do(w.SetPolicy(name="Nothing by number", statements=(ALL_SEEN,), text="# But for acme-9\n"))
    firm.do(w.RemoveClient(client=ACME))
    access.erase_client(firm.firm, ACME, actor=Actor(ADMIN))
    assert list(words_in_database(("acme",))) == []
    assert policy() == ("Robert keeps out of #1", "")
    assert policy(2) == ("Nothing by number", "")


def test_what_a_policy_means_stays_and_is_written_anew_by_number(firm: Cast, bob: int) -> None:
    left(firm, bob)
    before = firm.view.policies
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert firm.view.policies == before
    assert "{never: ['#2'], sees: [Acme]}" in written(policy()[0], before[1], PolicyNames(firm.view, None))


def test_the_ledger_still_proves_itself_and_its_last_entry_names_the_policy(firm: Cast, bob: int) -> None:
    left(firm, bob)
    version = access.erase_member(firm.firm, bob, actor=OPERATOR)
    report = access.verify(firm.firm)
    assert report.problems == ()
    assert report.erased > 0
    (entry,) = access.entries(firm.firm, after=version - 1)
    assert [(each.thing, each.number) for each in entry.texts] == [(Thing.POLICY, 1)]
    assert LedgerEntry.objects.get(firm=firm.firm, number=version).command == "member.erase"


def test_what_was_said_of_a_policy_that_is_gone_goes_too(firm: Cast, bob: int) -> None:
    firm.do(w.RemovePolicy(policy=1))
    left(firm, bob)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert list(words_in_database(("robert",))) == []
    assert access.verify(firm.firm).problems == ()


def test_former_names_in_a_policy_go_too(firm: Cast, bob: int) -> None:
    firm.do(w.ChangeMember(member=bob, name="R. Jones"))
    left(firm, bob)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert list(words_in_database(("robert",))) == []


def test_a_half_made_policy_goes_too(firm: Cast, bob: int) -> None:
    left(firm, bob)
    for purpose in ("policy.set", "group.create"):
        values = {"text": f"{FILE}" if purpose == "policy.set" else "Night shift"}
        Draft.objects.create(firm_id=firm.firm, member=ADMIN, purpose=purpose, values=values)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert [each.purpose for each in Draft.objects.all()] == ["group.create"]


def test_policies_that_say_nothing_of_them_keep_their_files(firm: Cast, bob: int) -> None:
    text = "# Robertson and the others\nname: Seen"
    firm.do(w.SetPolicy(name="Seen by Robertson", statements=(ALL_SEEN,), text=text))
    left(firm, bob)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert policy(2) == ("Seen by Robertson", text)
    assert policy_versions(firm.firm, 2)[0].text == text


def test_two_policies_that_differed_by_the_erased_name_alone_stay_two(firm: Cast, bob: int) -> None:
    firm.do(w.SetPolicy(name="#2 keeps out of Acme", statements=(ALL_SEEN,)))
    left(firm, bob)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert policy()[0] == "#2 keeps out of Acme (1)"
    assert access.verify(firm.firm).problems == ()


def test_a_policy_that_lost_its_words_can_be_set_again_and_undone(firm: Cast, bob: int) -> None:
    left(firm, bob)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    done = firm.do(w.SetPolicy(policy=1, mode="refuse"))
    assert done.after.policies[1].statements == (NEVER, ALL_SEEN)
    assert access.verify(firm.firm).problems == ()
