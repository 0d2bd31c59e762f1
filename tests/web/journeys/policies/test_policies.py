"""The firm's own policies on pages: listed, added by plain questions and as text, changed, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from ringfence.access import firm_state
from ringfence.core import statements as st
from ringfence.core.commands.definitions import On, SetGrant, SetPolicy
from ringfence.core.terms import Level, Role, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, VAT, VAT_GROUP, Cast, do, grouped
from tests.web.reading import document, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

POLICY = 1
CAI_KEEPS_OUT = st.Never(
    members=st.MembersMeant(members=frozenset({CAI})), clients=st.ClientsMeant(clients=frozenset({BAKER}))
)


def address(route: str, cast: Cast, *rest: int | str) -> str:
    return reverse(route, args=[cast.firm, *rest])


def kept(cast: Cast) -> dict[int, st.Policy]:
    return dict(firm_state(cast.firm).policies)


def keep(cast: Cast, statement: st.Statement = CAI_KEEPS_OUT, mode: st.PolicyMode = "warn") -> None:
    do(cast.firm, SetPolicy(name="Cai keeps out", mode=mode, statements=(statement,)))


def agree(client: PageClient, cast: Cast) -> None:
    page = client.get(address("policy-check", cast))
    client.post(address("policy-check", cast), {"agreed": value(page, "agreed")})


def written(client: PageClient, cast: Cast) -> str:
    """What stands in the field of the policy's text."""
    return str(document(client.get(address("policy-text", cast))).find(".//textarea").text)


def test_a_policy_is_added_by_plain_questions(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    owen.post(address("add-policy", cast), {"form": "never"})
    said = {"who": "group", "group": VAT_GROUP, "which": "service", "service": VAT, "but": "F500"}
    owen.post(address("policy-statement", cast, "never"), said)
    owen.post(address("policy-name", cast), {"name": "No VAT", "mode": "refuse"})
    agree(owen, cast)
    wanted = st.Never(
        members=st.MembersMeant(groups=frozenset({VAT_GROUP})),
        clients=st.ClientsMeant(services=frozenset({VAT}), without=frozenset({FORTUNE})),
    )
    assert kept(cast) == {POLICY: st.Policy(mode="refuse", statements=(wanted,))}


FORMS = {
    "only": (
        {"who": "role", "role": "auditor", "which": "all"},
        st.Only(members=st.MembersMeant(roles=frozenset({Role.AUDITOR})), clients=st.ClientsMeant(all=True)),
    ),
    "at-least": (
        {"number": "2", "which": "clients", "clients": "Baker & Sons\nF500"},
        st.AtLeast(number=2, clients=st.ClientsMeant(clients=frozenset({BAKER, FORTUNE}))),
    ),
    "at-most": (
        {"number": "0", "which": "confidential"},
        st.AtMost(number=0, clients=st.ClientsMeant(confidential=True)),
    ),
    "at-most-clients": (
        {"number": "3", "who": "everyone", "without": "Dilys", "which": "confidential"},
        st.AtMostClients(
            number=3,
            clients=st.ClientsMeant(confidential=True),
            members=st.MembersMeant(everyone=True, without=frozenset({DILYS})),
        ),
    ),
    "at-most-level": (
        {"level": "none", "who": "members", "members": "Cai", "which": "all"},
        st.AtMostLevel(
            level=Level.NONE,
            clients=st.ClientsMeant(all=True),
            members=st.MembersMeant(members=frozenset({CAI})),
        ),
    ),
    "open-to": (
        {"client": "f500", "people": "Cai\nDilys"},
        st.OpenTo(client=FORTUNE, members=frozenset({CAI, DILYS})),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_kind_of_statement_has_its_questions(cast: Cast, owen: PageClient, form: str) -> None:
    answers, statement = FORMS[form]
    owen.post(address("add-policy", cast), {"form": form})
    owen.post(address("policy-statement", cast, form), answers)
    owen.post(address("policy-name", cast), {"name": "A", "mode": "warn"})
    agree(owen, cast)
    assert kept(cast)[POLICY].statements == (statement,)


def test_a_policy_may_have_several_statements(cast: Cast, owen: PageClient) -> None:
    owen.post(address("add-policy", cast), {"form": "at-least"})
    owen.post(address("policy-statement", cast, "at-least"), {"number": "1", "which": "all"})
    owen.post(address("policy-name", cast), {"name": "A", "mode": "warn"})
    owen.post(address("add-policy", cast) + "?more", {"form": "at-most"})
    owen.post(address("policy-statement", cast, "at-most"), {"number": "9", "which": "all"})
    agree(owen, cast)
    assert len(kept(cast)[POLICY].statements) == 2


def test_a_name_that_nobody_bears_is_told_at_its_field_with_the_nearest(cast: Cast, owen: PageClient) -> None:
    said = {"who": "members", "members": "Cay", "which": "clients", "clients": "Bakr & Sons"}
    page = owen.post(address("policy-statement", cast, "never"), said)
    assert "Did you mean “Cai”?" in text(page)
    assert "Did you mean “Baker & Sons”?" in text(page)


def test_a_form_says_what_is_missing(cast: Cast, owen: PageClient) -> None:
    page = text(owen.post(address("policy-statement", cast, "at-most-clients"), {"number": "two"}))
    for told in ("Enter a whole number", "Select which team members", "Select which clients"):
        assert told in page


def test_a_text_is_kept_with_the_policy_it_came_as(cast: Cast, owen: PageClient) -> None:
    written = "# ours\nname: Two see all\nstatements:\n  - {at_least: 2, see: all}\n"
    owen.post(address("policy-text", cast), {"text": written})
    agree(owen, cast)
    assert written.strip() in owen.get(address("firm-policy", cast, POLICY)).content.decode()


def test_faults_of_a_text_are_told_with_their_places_and_nothing_is_kept(
    cast: Cast, owen: PageClient
) -> None:
    page = owen.post(address("policy-text", cast), {"text": "name: A\nstatements: [{never: Cay, sees: all}]"})
    assert "Line 2, column 22: There is no team member “Cay”." in text(page)
    assert not kept(cast)


def test_of_very_many_faults_the_first_fifty_are_told(cast: Cast, owen: PageClient) -> None:
    names = ", ".join(f"Cay {number}" for number in range(60))
    said = text(
        owen.post(
            address("policy-text", cast), {"text": f"name: A\nstatements: [{{never: [{names}], sees: all}}]"}
        )
    )
    assert "“Cay 49”" in said
    assert "“Cay 50”" not in said
    assert "and 10 more" in said


def test_the_check_says_whether_it_holds_and_who_is_to_blame(cast: Cast, owen: PageClient) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    owen.post(address("policy-text", cast), {"text": "name: A\nstatements: [{never: Cai, sees: B-01}]"})
    page = owen.get(address("policy-check", cast))
    assert ["Baker & Sons", "Cai", "Own access"] in rows(page)
    assert "It does not hold now." in text(page)


def test_a_policy_that_contradicts_another_is_not_kept(cast: Cast, owen: PageClient) -> None:
    keep(cast)
    page = owen.post(
        address("policy-text", cast), {"text": "name: B\nstatements: [{client: B-01, open_to: Cai}]"}
    )
    assert (
        "Line 2, column 14: This cannot hold together with statement 1 of the policy “Cai keeps out”"
        in text(page)
    )
    assert set(kept(cast)) == {POLICY}


def test_the_list_has_what_is_broken_first(cast: Cast, owen: PageClient) -> None:
    do(
        cast.firm,
        SetPolicy(name="All see all", statements=(st.AtLeast(number=1, clients=st.ClientsMeant(all=True)),)),
    )
    keep(cast, mode="refuse")
    page = owen.get(address("firm-policies", cast))
    assert [row[0] for row in rows(page)] == ["Cai keeps out", "All see all"]
    assert "Broken" in rows(page)[0][1]
    assert rows(page)[0][2] == "Refuses"


def test_the_page_of_a_policy_names_the_way_and_leads_to_where_it_is_changed(
    cast: Cast, owen: PageClient
) -> None:
    grouped(cast.firm)
    keep(
        cast,
        st.Never(
            members=st.MembersMeant(members=frozenset({CAI})),
            clients=st.ClientsMeant(services=frozenset({VAT})),
        ),
    )
    page = owen.get(address("firm-policy", cast, POLICY))
    assert "Access group VAT team" in text(page)
    assert reverse("group", args=[cast.firm, VAT_GROUP]) in page.content.decode()


def test_an_auditor_reads_policies_and_changes_none(cast: Cast, ada: PageClient) -> None:
    keep(cast)
    assert "Nobody among Cai sees any of Baker & Sons." in text(ada.get(address("firm-policy", cast, POLICY)))
    assert ada.get(address("add-policy", cast)).status_code == 403


def test_a_policy_is_changed_as_text_and_keeps_its_versions(cast: Cast, owen: PageClient) -> None:
    keep(cast)
    owen.post(address("change-firm-policy", cast, POLICY))
    given = written(owen, cast).replace("Cai keeps out", "Dilys keeps out")
    owen.post(
        address("policy-text", cast),
        {"text": given.replace("[Cai]", "[Dilys]").replace("never: Cai", "never: Dilys")},
    )
    agree(owen, cast)
    assert kept(cast)[POLICY].statements[0] != CAI_KEEPS_OUT
    page = owen.get(address("firm-policy", cast, POLICY))
    assert [row[0] for row in rows(page) if row[0].startswith("Version")] == ["Version 2", "Version 1"]
    first = min(each for each in range(1, firm_state(cast.firm).version + 1) if _is_version(owen, cast, each))
    assert "Nobody among Cai sees" in text(owen.get(address("firm-policy-version", cast, POLICY, first)))


def _is_version(client: PageClient, cast: Cast, entry: int) -> bool:
    return client.get(address("firm-policy-version", cast, POLICY, entry)).status_code == 200


def test_what_a_policy_does_is_changed(cast: Cast, owen: PageClient) -> None:
    keep(cast)
    owen.post(address("firm-policy-mode", cast, POLICY), {"mode": "refuse"})
    assert kept(cast)[POLICY].mode == "refuse"


def test_a_policy_is_removed_after_yes(cast: Cast, owen: PageClient) -> None:
    keep(cast)
    where = address("remove-firm-policy", cast, POLICY)
    page = owen.get(where)
    owen.post(where, {"answer": "yes", "version": value(page, "version"), "agreed": value(page, "agreed")})
    assert not kept(cast)


def test_policies_are_nobody_elses_business(cast: Cast, cai: PageClient) -> None:
    keep(cast)
    assert cai.get(address("firm-policies", cast)).status_code == 403
    assert cai.get(address("firm-policy", cast, POLICY)).status_code == 403


def test_whoever_manages_the_firm_gives_the_policy(cast: Cast, owen: PageClient) -> None:
    owen.post(address("policy-text", cast), {"text": "name: A\nstatements: [{at_least: 1, see: all}]"})
    agree(owen, cast)
    assert "Owen" in rows(owen.get(address("firm-policy", cast, POLICY)))[0]
    assert OWEN
