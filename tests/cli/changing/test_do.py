"""`ringfence do` and `preview`: every command of rules.md 7, who gives it, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from ringfence.access import entries, firm_state
from ringfence.core.commands.parsing import COMMAND_NAMES
from ringfence.core.terms import Target, group_subject, member_subject
from ringfence.firms.models import Firm
from tests.cli.listing import refuse, succeed

Answer = Callable[..., Any]

BETH, GWEN = "beth@ace.example", "gwen@ace.example"

EVERY_COMMAND = """
settings.change profile=practice requests=true personal_defaults=true everyone_grants=yes
control.turn_off
control.turn_on
member.add member=Tom email=tom@ace.example role=standard access=yes
member.change member=tom@ace.example name=Tomos manage_access=true
member.deactivate member=tom@ace.example
member.reactivate member=tom@ace.example
service.add service=PAYE
service.rename service=PAYE to=Payroll
service.remove service=Payroll
group.create group=Old members=beth@ace.example,gwen@ace.example on=F500 level=reader
group.rename group=Old to=New
group.remove_members group=New members=gwen@ace.example
group.add_members group=New members=gwen@ace.example,tom@ace.example
group.change group=New directory=true
group.change group=New directory=false
group.delete group=New
client.add client=Acme services={VAT: "GB1"} reference=ACM kind=Company grants=[{to: Beth, level: owner}]
client.import rows=[{client: One, reference: R1}, {client: Two, services: [VAT]}] grants=[]
client.change client=ACM name=Acme+Ltd confidential=true
client.remove client=R1
client.restore client=R1
engagement.add client=R1 service=VAT reference=GB2
engagement.change client=R1 service=VAT reference=GB3
engagement.remove client=R1 service=VAT
engagement.import rows=[{client: R1, service: VAT, reference: GB4}, {client: ACM, service: Income+Tax}]
grant.set to=Beth on=VALA level=owner fee_split=12.5 expires=2099-12-31
grant.remove to=Beth on=VALA
grant.set to=group:Big on=service:VAT level=editor
grant.exclude group=Big service=VAT client=VALA,ACM
grant.include group=Big service=VAT client=ACM
delegation.set from=Beth to=Gwen cap=reader cascades=false
delegation.remove from=Beth to=Gwen
names.set types={record: client} actions={open_file: view}
successor.set member=Beth
defaults.set member=Beth grants=[{to: {group: Big}, level: editor}]
access.copy from=Beth to=Gwen
wall.raise name=Bid sides=[{members: [Beth], clients: [ACM]}, {members: [Gwen], clients: [R1]}]
wall.change name=Bid sides=[{members: [Beth], clients: [ACM]}, {members: [Tomos], clients: [R1]}]
wall.acknowledge name=Bid --as=Tomos
wall.lower name=Bid
policy.set policy=Enough mode=warn statements=[{at_least: 1, see: [ACM]}]
policy.remove policy=Enough
settings.change emergency=reader emergency_hours=4
emergency.open client=ACM reason=Night --as=Tomos
emergency.acknowledge client=ACM member=Tomos
emergency.end client=ACM member=Tomos
review.start name=Yearly scope=all due=2099-12-31 undecided=keep reviewers=[beth@ace.example]
review.decide review=Yearly items=1 decision=keep
review.hand_over review=Yearly items=2 to=Gwen
review.extend review=Yearly due=2099-12-30
review.close review=Yearly
review.schedule name=Quarterly scope=all first=2099-01-01 every=quarter days=30
review.unschedule review=Quarterly
request.open client=ACM reason=Please --as=Tomos
request.withdraw client=ACM --as=Tomos
request.open client=ACM reason=Please level=reader --as=Tomos
request.decline client=ACM member=Tomos
request.open client=ACM reason=Please level=reader --as=Tomos
request.grant client=ACM member=Tomos
"""


def words(line: str) -> list[str]:
    """The arguments in a line: a blank parts them where a NAME= or an option follows; + is a blank."""
    found: list[str] = []
    for word in line.split(" "):
        if not found or ("=" in word and "{" not in word.partition("=")[0]):
            found.append(word)
        else:
            found[-1] += f" {word}"
    return [word.replace("+", " ") for word in found]


def test_every_command_of_the_rules_can_be_given(agency: str, answer: Answer) -> None:
    given = []
    for line in EVERY_COMMAND.strip().splitlines():
        command, *arguments = words(line)
        answer("do", command, *arguments)
        given.append(command)
    # Tokens are made by `ringfence token`, which alone shows what it made (decision 52).
    assert set(given) == {name for name in COMMAND_NAMES if not name.startswith("token.")} - {"review.begin"}
    assert succeed("ledger", "verify").startswith("Ace Agents: whole.")


def test_the_operator_is_named_where_no_member_is(agency: str, answer: Answer) -> None:
    done = answer("do", "service.add", "service=PAYE")
    (entry,) = entries(done["firm"], after=done["version"] - 1)
    assert (entry.command, entry.actor.kind) == ("service.add", "operator")


def test_as_a_member_the_ledger_names_them_and_keeps_the_reason(agency: str, answer: Answer) -> None:
    done = answer("do", "service.add", "service=PAYE", "--as", "Alphie", "--reason", "New trade")
    (entry,) = entries(done["firm"], after=done["version"] - 1)
    assert (entry.actor.member, entry.reason) == (1, "New trade")


def test_a_member_may_do_no_more_than_in_the_browser(agency: str) -> None:
    said = refuse("do", "grant.set", f"to={GWEN}", "on=VALA", "level=editor", "--as", GWEN)
    assert "not_permitted" in said
    assert "Nothing was changed" in said


def test_a_client_that_the_member_may_not_know_of_is_not_found(agency: str) -> None:
    succeed("do", "wall.raise", "name=Bid", f"sides=[{{members: [{GWEN}]}}, {{clients: [F500]}}]")
    said = refuse("do", "client.change", "client=F500", "name=X", "--as", GWEN)
    assert "not_found" in said


def test_a_day_ends_at_its_close_in_the_firms_time_zone(agency: str, answer: Answer) -> None:
    succeed("do", "grant.set", "to=Gwen", "on=VALA", "level=reader", "expires=2099-07-01")
    assert expiry("VALA") == datetime(2099, 7, 1, 23, 0, tzinfo=UTC)


def test_a_time_without_a_zone_is_the_firms(agency: str) -> None:
    succeed("do", "grant.set", "to=Gwen", "on=VALA", "level=reader", "expires=2099-07-01T12:00")
    assert expiry("VALA") == datetime(2099, 7, 1, 11, 0, tzinfo=UTC)


def expiry(reference: str) -> datetime:
    """When Gwen's grant on the client ends."""
    from ringfence.cli.naming.finding import FirmNames
    from ringfence.cli.options import as_datetime
    from ringfence.core.terms import Thing

    firm = Firm.objects.get()
    names = FirmNames(firm)
    gwen, client = names.need(Thing.MEMBER, "Gwen"), names.need(Thing.CLIENT, reference)
    held = firm_state(firm.pk).moment.state.held_by(member_subject(gwen))
    standing = held.grant_on(Target("client", client))
    assert standing is not None
    assert standing.expires is not None
    return as_datetime(standing.expires)


# --- Preview


def test_a_preview_tells_who_gains_and_loses_and_changes_nothing(agency: str, answer: Answer) -> None:
    before = firm_state(Firm.objects.get().pk).version
    found = answer("preview", "group.create", "group=Team", f"members={GWEN}", "on=VALA")
    assert (found["loses"], found["gains"], found["closes"]) == ({"1": [2], "2": [2]}, {}, [2])
    assert firm_state(Firm.objects.get().pk).version == before


def test_the_preview_of_another_profile_names_every_setting_that_changes(agency: str) -> None:
    said = succeed("preview", "settings.change", "profile=planning")
    assert "- Levels that pages offer: Four (was: One)" in said
    assert "- An owner for every client: Required (was: Not required)" in said
    assert "Fee splits" not in said
    assert "(was: " not in succeed("preview", "service.add", "service=PAYE")


def test_a_delegation_that_leads_back_is_made_and_said_to_be_harmless(agency: str) -> None:
    succeed("do", "settings.change", "delegation=true")
    back = ("do", "delegation.set", f"from={GWEN}", f"to={BETH}")
    assert "circle" not in succeed("do", "delegation.set", f"from={BETH}", f"to={GWEN}")
    for said in (succeed(*back, "--preview"), succeed(*back)):
        assert "Such a circle is allowed and harmless" in said


def test_do_with_preview_answers_the_same(agency: str, answer: Answer) -> None:
    command = ("grant.set", "to=Gwen", "on=VALA", "level=blocked")
    assert answer("do", *command, "--preview") == answer("preview", *command)


def test_people_read_names_in_a_preview(agency: str) -> None:
    said = succeed("preview", "group.create", "group=Team", f"members={GWEN}", "on=VALA")
    assert "2 team members would no longer see 1 client, 2 pairs:" in said
    assert "1 client would become closed: Vala Subsid A Ltd." in said


def test_a_preview_says_from_which_level_to_which_access_would_change(agency: str, answer: Answer) -> None:
    succeed("do", "grant.set", "to=Gwen", "on=VALA", "level=owner")
    command = ("grant.set", "to=Gwen", "on=VALA", "level=reader")
    said = succeed("preview", *command)
    (row,) = [line for line in said.splitlines() if line.strip().startswith("Gwen")]
    assert row.split("  ")[-1].strip() == "owner to reader"
    assert answer("preview", *command)["levels"] == {"3": [{"from": "owner", "to": "reader", "clients": [2]}]}


def test_a_preview_of_several_levels_says_of_how_many_clients_each_is(agency: str) -> None:
    succeed("do", "grant.set", "to=Gwen", "on=VALA", "level=owner")
    succeed("do", "grant.set", "to=Gwen", "on=F500", "level=editor")
    said = succeed("preview", "grant.set", "to=Gwen", "on=F500,VALA", "level=reader")
    assert "editor to reader on 1 client; owner to reader on 1 client" in said


def test_a_preview_names_the_client_that_would_be_added(agency: str) -> None:
    assert "Brand New" in succeed("preview", "client.add", "client=Brand New")


def test_a_preview_lists_the_personal_defaults_that_are_left_out(agency: str, answer: Answer) -> None:
    succeed("do", "settings.change", "personal_defaults=true")
    succeed("do", "defaults.set", "grants=[{to: Gwen, level: owner}]", "--as", "Gwen")
    said = succeed("preview", "client.add", "client=New", "--as", "Gwen")
    assert "Left out of the personal defaults: owner for Gwen" in said
    found = answer("preview", "client.add", "client=New", "--as", "Gwen")
    assert found["left_out"] == [{"member": 3, "level": "owner"}]
    assert answer("preview", "client.add", "client=New")["left_out"] == []


def test_a_preview_without_effect_says_so(agency: str) -> None:
    assert "Nobody's access would change" in succeed("preview", "service.add", "service=PAYE")


def test_a_preview_lists_the_clients_that_the_rule_finds_without_an_owner(
    agency: str, answer: Answer
) -> None:
    succeed("do", "grant.set", "to=Beth", "on=F500", "level=owner")
    found = answer("preview", "settings.change", "owner_required=true")
    assert (found["without_owner"], found["owners_walled_off"]) == ([2], [])
    said = succeed("do", "settings.change", "owner_required=true", "--preview")
    assert "Nobody's access would change." in said
    assert "1 client would have no Owner who is a person, which the firm requires: Vala Subsid A Ltd." in said


def test_a_preview_of_a_wall_says_whose_last_owner_it_keeps_out(agency: str, answer: Answer) -> None:
    succeed("do", "grant.set", "to=Beth", "on=F500", "level=owner")
    succeed("do", "settings.change", "owner_required=true")
    command = ("wall.raise", "name=Bid", f"sides=[{{members: [{BETH}]}}, {{clients: [F500, VALA]}}]")
    found = answer("preview", *command)
    assert (found["without_owner"], found["owners_walled_off"]) == ([], [1])
    said = succeed("preview", *command)
    assert "1 client would have every Owner who is a person kept out by a wall: Fortune 500" in said


def test_a_preview_of_what_would_be_refused_is_refused(agency: str) -> None:
    assert "conflict" in refuse("preview", "control.turn_on")


# --- Mistakes


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("grant.sell",), "There is no command 'grant.sell'. Did you mean"),
        (("group.create",), "group is missing"),
        (("group.create", "Team"), "'Team' is no NAME=VALUE"),
        (("group.create", "group=A", "colour=red"), "group.create takes no colour"),
        (("group.create", "group=A", "group=B"), "group is given 2 times"),
        (("group.create", f"group={'x' * 51}"), "too long"),
        (("group.create", "group=a\tb"), "cannot be shown"),
        (("group.create", "group=Big"), "name_taken"),
        (("grant.set", "to=Beth", "on=VALA", "level=boss"), "level must be reader, editor, owner or blocked"),
        (("grant.set", "to=Beth", "on=VALA", "level=owner", "expires=soon"), "expires must be a day such as"),
        (("grant.set", "to=Beth", "on=VALA", "level=owner", "expires=2001-01-01"), "This time has passed"),
        (("grant.set", "to=Beth", "on={client: VALA", "level=owner"), "on cannot be read"),
        (("grant.set", "to=Beth", "on=NOPE", "level=owner"), "Ace Agents has no client 'NOPE'"),
        (("grant.set", "to=Zed", "on=VALA", "level=owner"), "Ace Agents has no team member 'Zed'"),
        (("grant.set", "to=Big", "on=VALA", "level=owner"), "write group:Big"),
        (("grant.set", "to=group:Zed", "on=VALA", "level=owner"), "Ace Agents has no access group 'Zed'"),
        (("client.add", "client=A", "services=Astrology"), "Ace Agents has no service 'Astrology'"),
        (("client.add", "client=A", "reference=f500"), "name_taken"),
        (
            ("service.add", "service=PAYE", "--as", "nobody@ace.example"),
            "no team member 'nobody@ace.example'",
        ),
        (("service.add", "service=PAYE", "reason=a", "--reason", "b"), "The reason is given twice"),
        (("service.add", "service=PAYE", "--firm", "Other"), "There is no firm 'Other'. There are: 'Ace"),
    ],
)
def test_a_mistake_is_named_with_the_remedy_and_changes_nothing(
    agency: str, arguments: tuple[str, ...], said: str
) -> None:
    before = firm_state(Firm.objects.get().pk).version
    assert said in refuse("do", *arguments)
    assert firm_state(Firm.objects.get().pk).version == before


def test_what_only_a_member_can_do_names_the_option(agency: str) -> None:
    succeed("do", "settings.change", "requests=true")
    assert "Give it with --as MEMBER." in refuse("do", "request.open", "client=VALA", "reason=Please")


def test_emoji_and_formulas_are_names_like_others(agency: str, answer: Answer) -> None:
    for name in ("🦊 & Söhne", "=HYPERLINK(1)"):
        succeed("do", "client.add", f"client={name}")
        assert answer("check", "Alphie", name)["allowed"]


def test_a_text_that_is_too_long_is_refused_with_its_limit(agency: str) -> None:
    assert "Enter 50 characters or fewer." in refuse("do", "group.create", f"group={'x' * 51}")


def test_a_name_of_which_nothing_can_be_seen_is_empty(agency: str) -> None:
    assert "This is empty." in refuse("do", "group.create", "group=\u200b")


@pytest.mark.parametrize(
    ("pair", "values"),
    [
        ("requests=yes", "requests is one of: true, false."),
        ("sharing=all", "sharing is one of: administrators, owners, anyone_with_access."),
        ("colour=red", "The settings are: profile, unassigned,"),
    ],
)
def test_a_setting_that_cannot_be_so_is_refused_with_its_values(agency: str, pair: str, values: str) -> None:
    assert values in refuse("do", "settings.change", pair)


def test_a_group_is_named_alike_within_a_structure(agency: str) -> None:
    succeed("do", "settings.change", "personal_defaults=true")
    structure = '[{"to": "group:Everyone", "level": "editor"}, {"to": ["group:Big"], "level": "reader"}]'
    succeed("do", "defaults.set", "member=Beth", f"grants={structure}")
    held = firm_state(Firm.objects.get().pk).moment.state.defaults[2]
    assert {grant.subject for grant in held} == {group_subject(1), group_subject(2)}


def test_a_member_is_told_the_same_of_a_hidden_client_and_of_none(agency: str) -> None:
    succeed("do", "grant.set", "to=group:Big", "on=VALA", "level=editor")
    hidden, none = (
        refuse("do", "client.change", f"client={word}", "name=New", "--as", "Gwen")
        for word in ("VALA", "NONE")
    )
    assert hidden == none
