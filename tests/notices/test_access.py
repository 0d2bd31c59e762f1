"""Access given or taken, access that ends, clients left to nobody: to whom it matters, once, with what they
may be told of then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core import mail
from django.db.models import F
from django.test import override_settings

from ringfence.access import Actor, Batch, firm_state, rehearse, save
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.access.notices import NoticeKind, choose_by_mail
from ringfence.access.undoing import Undoing, ask_undoing
from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeSettings,
    CreateGroup,
    DeactivateMember,
    DeleteGroup,
    GrantRequest,
    On,
    OpenRequest,
    RaiseWall,
    RemoveGrant,
    SetDelegation,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import EVERYONE, Instant, Level, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Firm, Notice, User
from ringfence.jobs.notices_due import warn_of_endings
from ringfence.jobs.prune import prune
from ringfence.jobs.send_control_turned import send_control_turned
from ringfence.jobs.tell_changes import Ledgers
from tests.notices.people import all_kept, everybody_came_in, give, in_days, kept, own, sent, told
from tests.support.jobs import do_waiting
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, PLAIN, make_cast


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def firm(db: None) -> int:
    """Pike & Marlow with control on: Cai holds Fortune 500, Baker & Sons and Plain Person are Owen's."""
    firm = make_cast().firm
    own(firm, CAI)
    own(firm, OWEN, client=BAKER)
    own(firm, OWEN, client=PLAIN)
    give(firm, TurnOn())
    everybody_came_in()
    nothing_to_tell()
    return firm


def test_whoever_is_given_access_is_told_which_and_by_whom(firm: int) -> None:
    own_by_owen(firm, DILYS)
    found = sent()
    assert list(found) == told("dilys")
    said = found["dilys@pike.example"]
    assert said.startswith("Your access in Pike & Marlow has changed\nOwen made a change on ")
    assert "You can now open 1 client, or more of it than before:\n\n- Fortune 500\n" in said
    assert f"/clients/{FORTUNE}\n" in said
    assert "Choose what comes to you by e-mail: https://ringfence.example/firms/" in said


def own_by_owen(firm: int, member: int, *clients: int) -> None:
    to = (member_subject(member),)
    give(firm, SetGrant(to=to, on=On.client(*clients or (FORTUNE,)), level=Level.EDITOR), OWEN)


def test_whoever_is_linked_to_a_client_that_was_open_is_told(db: None) -> None:
    firm = make_cast("practice").firm
    everybody_came_in()
    nothing_to_tell()
    own(firm, DILYS)
    said = sent()["dilys@pike.example"]
    levels = "(before: can view and manage; after: can view, manage and remove)"
    assert f"You may do more or less than before with 1 client {levels}:\n\n- Fortune 500\n" in said


def test_clients_that_change_from_and_to_other_levels_are_told_apart(db: None) -> None:
    firm = make_cast("planning").firm
    everybody_came_in()
    for client, level in ((FORTUNE, Level.READER), (BAKER, Level.READER), (PLAIN, Level.OWNER)):
        own(firm, CAI, client=client)
        give(firm, SetGrant(to=(member_subject(DILYS),), on=On.client(client), level=level))
    nothing_to_tell()
    to = (member_subject(DILYS),)
    give(firm, SetGrant(to=to, on=On.client(FORTUNE, BAKER, PLAIN), level=Level.EDITOR), OWEN)
    said = " ".join(sent()["dilys@pike.example"].split())
    raised = "2 clients (before: Reader; after: Editor): - Baker & Sons - Fortune 500 "
    assert f"You may do more or less than before with {raised}" in said
    lowered = "1 client (before: Owner; after: Editor): - Plain Person "
    assert f"You may do more or less than before with {lowered}" in said


def test_a_notice_that_was_kept_without_levels_is_told_as_it_was(db: None) -> None:
    firm = make_cast("practice").firm
    everybody_came_in()
    nothing_to_tell()
    own(firm, DILYS)
    Ledgers().tell()
    row = Notice.objects.get(firm=firm, member=DILYS)
    Notice.objects.filter(pk=row.pk).update(facts={k: v for k, v in row.facts.items() if k != "shifts"})
    do_waiting()
    (said,) = [message.body for message in mail.outbox if message.to == told("dilys")]
    assert "You may do more or less than before with 1 client:\n\n- Fortune 500\n" in said


def test_many_clients_are_one_mail(firm: int) -> None:
    own_by_owen(firm, DILYS, FORTUNE, BAKER, PLAIN)
    assert "You can now open 3 clients" in sent()["dilys@pike.example"]
    assert kept(firm, DILYS) == [NoticeKind.ACCESS_CHANGED]


def test_a_list_that_is_saved_at_once_is_one_mail(firm: int) -> None:
    to = (member_subject(DILYS),)
    commands = [SetGrant(to=to, on=On.client(client), level=Level.EDITOR) for client in (FORTUNE, BAKER)]
    commands.append(SetGrant(to=to, on=On.client(PLAIN), level=Level.EDITOR))
    batches = [Batch("grant.set", (command,)) for command in commands]
    save(rehearse(firm, batches, actor=Actor(OWEN), version=firm_state(firm).version))
    said = sent()["dilys@pike.example"]
    assert "Owen made several changes at once on " in said
    assert "You can now open 3 clients" in said
    assert kept(firm, DILYS) == [NoticeKind.ACCESS_CHANGED]


def test_what_is_taken_together_with_an_answer_to_a_request_is_told(firm: int) -> None:
    give(firm, ChangeSettings(values={"requests": True, "inaccessible": "named"}))
    own(firm, DILYS, client=BAKER)
    give(firm, OpenRequest(client=FORTUNE, level=Level.EDITOR, reason="Cover"), DILYS)
    nothing_to_tell()
    granted = Batch("request.grant", (GrantRequest(client=FORTUNE, member=DILYS),))
    taken = Batch("grant.remove", (RemoveGrant(to=(member_subject(DILYS),), on=On.client(BAKER)),))
    save(rehearse(firm, [granted, taken], actor=Actor(OWEN), version=firm_state(firm).version))
    Ledgers().tell()
    (notice,) = Notice.objects.filter(firm=firm, member=DILYS, kind=NoticeKind.ACCESS_CHANGED)
    assert not notice.facts["gained"]
    assert notice.facts["lost"]["numbers"] == [BAKER]


def test_changes_of_two_people_are_two_notices(firm: int) -> None:
    own_by_owen(firm, DILYS)
    own(firm, DILYS, client=BAKER)
    assert kept(firm, DILYS) == [NoticeKind.ACCESS_CHANGED] * 2


def test_whoever_joins_a_group_is_told_and_who_was_in_it_is_not(firm: int) -> None:
    give(firm, CreateGroup(name="Fortune", members=frozenset({CAI}), on=On.client(FORTUNE)))
    nothing_to_tell()
    give(firm, AddToGroup(group=2, members=frozenset({DILYS})), OWEN)
    assert list(sent()) == told("dilys")


def test_whoever_is_reached_by_a_delegation_is_told(firm: int) -> None:
    give(firm, ChangeSettings(values={"delegation": True}))
    nothing_to_tell()
    give(firm, SetDelegation(delegator=CAI, delegate=DILYS), CAI)
    found = sent()
    assert list(found) == told("dilys")
    assert "Cai made a change" in found["dilys@pike.example"]


def test_what_one_does_oneself_is_no_notice(firm: int) -> None:
    give(firm, RemoveGrant(to=(member_subject(OWEN),), on=On.client(PLAIN)), OWEN)
    assert kept(firm, OWEN) == []


def test_access_taken_is_told_without_names_where_the_client_is_hidden_now(firm: int) -> None:
    own(firm, DILYS)
    nothing_to_tell()
    give(firm, RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE)), OWEN)
    said = sent()["dilys@pike.example"]
    assert "You can no longer open 1 client" in said
    assert "1 is not named here" in said
    assert "Fortune" not in said


def test_access_taken_is_told_by_name_where_clients_are_named(firm: int) -> None:
    own(firm, DILYS)
    give(firm, ChangeSettings(values={"inaccessible": "named"}))
    nothing_to_tell()
    give(firm, RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE)), OWEN)
    assert "before:\n\n- Fortune 500\n" in sent()["dilys@pike.example"]


def test_of_clients_that_a_wall_keeps_away_now_nothing_is_told(firm: int) -> None:
    own(firm, DILYS)
    nothing_to_tell()
    give(firm, RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE)), OWEN)
    Ledgers().tell()
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    give(firm, RaiseWall(name="Quiet", sides=sides))
    assert sent() == {}


def test_a_wall_is_no_notice(firm: int) -> None:
    own(firm, DILYS)
    nothing_to_tell()
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    give(firm, RaiseWall(name="Quiet", sides=sides), OWEN)
    assert kept(firm, DILYS) == []


def test_what_everybody_gets_or_loses_is_no_notice(firm: int) -> None:
    give(firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(FORTUNE), level=Level.EDITOR), OWEN)
    give(firm, TurnOff(), OWEN)
    assert kept(firm, DILYS) == []


def test_what_undoing_gives_back_is_told(firm: int) -> None:
    own(firm, DILYS)
    give(firm, RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE)), OWEN)
    nothing_to_tell()
    undoing = ask_undoing(firm, firm_state(firm).version, actor=Actor(OWEN))
    assert isinstance(undoing, Undoing)
    save(undoing.rehearsal)
    assert "You can now open 1 client" in sent()["dilys@pike.example"]


def test_whoever_is_not_active_any_more_gets_no_mail(firm: int) -> None:
    own_by_owen(firm, DILYS)
    Ledgers().tell()
    give(firm, DeactivateMember(member=DILYS), OWEN)
    assert "dilys@pike.example" not in sent()


def test_what_was_taken_again_before_the_mail_is_not_told(firm: int) -> None:
    own_by_owen(firm, DILYS)
    Ledgers().tell()
    give(firm, RemoveGrant(to=(member_subject(DILYS),), on=On.client(FORTUNE)))
    sent()
    (message,) = mail.outbox
    assert "You can now" not in str(message.body)


def test_who_wants_no_mails_of_a_kind_has_the_notice_all_the_same(firm: int) -> None:
    choose_by_mail(firm, DILYS, {NoticeKind.ACCESS_CHANGED: False}, at=Instant(1))
    own_by_owen(firm, DILYS)
    assert sent() == {}
    assert kept(firm, DILYS) == [NoticeKind.ACCESS_CHANGED]
    choose_by_mail(firm, DILYS, {NoticeKind.ACCESS_CHANGED: True}, at=Instant(2))
    own_by_owen(firm, DILYS, BAKER)
    assert list(sent()) == told("dilys")


def test_who_has_not_come_in_yet_gets_no_mail_but_finds_the_notice(firm: int) -> None:
    User.objects.update(password="!")
    own_by_owen(firm, DILYS)
    assert sent() == {}
    assert kept(firm, DILYS) == [NoticeKind.ACCESS_CHANGED]


def test_without_a_mail_server_there_are_notices_all_the_same(firm: int) -> None:
    with override_settings(SENDS_MAIL=False):
        own_by_owen(firm, DILYS)
        assert kept(firm, DILYS) == [NoticeKind.ACCESS_CHANGED]
    assert sent() == {}


def test_administrators_are_told_when_the_last_holder_of_a_client_leaves(firm: int) -> None:
    give(firm, DeactivateMember(member=CAI), OWEN)
    said = sent()["owen@pike.example"]
    assert said.startswith("Nobody can open 1 client in Pike & Marlow any more\n")
    assert "- Fortune 500\n" in said


def test_what_a_deleted_group_opens_to_everybody_is_no_notice(firm: int) -> None:
    own(firm, OWEN, client=4)
    give(firm, CreateGroup(name="One", members=frozenset({DILYS}), on=On.client(5)))
    nothing_to_tell()
    give(firm, DeleteGroup(group=2), OWEN)
    # The client is in no group any more, and so open to everybody.
    assert sent() == {}


def test_access_that_ends_within_a_week_is_told_once(firm: int) -> None:
    for client, days in ((FORTUNE, 6), (BAKER, 9)):
        on, ends = On.client(client), in_days(firm, days)
        give(firm, SetGrant(to=(member_subject(DILYS),), on=on, level=Level.EDITOR, expires=ends))
    nothing_to_tell()
    warn_of_endings.call()
    warn_of_endings.call()
    found = sent()
    assert list(found) == told("dilys")
    said = found["dilys@pike.example"]
    assert said.startswith("Some of your access in Pike & Marlow ends soon\n")
    assert "- Fortune 500: until " in said
    assert "Baker" not in said
    assert "ask one of these:\n\n- Owen\n" in said
    assert [notice.kind for notice in all_kept(firm, DILYS)] == [NoticeKind.ACCESS_ENDS]


def test_what_ends_later_is_told_when_its_week_has_come(firm: int) -> None:
    on, ends = On.client(BAKER), in_days(firm, 9)
    give(firm, SetGrant(to=(member_subject(DILYS),), on=on, level=Level.EDITOR, expires=ends))
    nothing_to_tell()
    warn_of_endings.call()
    assert sent() == {}
    # As two days ago.
    Firm.objects.update(warned=in_days(firm, 5))
    on, ends = On.client(BAKER), in_days(firm, 6.9)
    give(firm, SetGrant(to=(member_subject(DILYS),), on=on, level=Level.EDITOR, expires=ends))
    nothing_to_tell()
    warn_of_endings.call()
    assert "Baker & Sons: until" in sent()["dilys@pike.example"]


def test_a_delegation_that_ends_is_told_to_who_has_it(firm: int) -> None:
    give(firm, ChangeSettings(values={"delegation": True}))
    give(firm, SetDelegation(delegator=CAI, delegate=DILYS, expires=in_days(firm, 3)))
    nothing_to_tell()
    warn_of_endings.call()
    found = sent()
    assert list(found) == told("dilys")
    assert "- What Cai lets you reach: until " in found["dilys@pike.example"]
    assert "ask one of these:\n\n- Cai\n- Owen\n" in found["dilys@pike.example"]


def test_what_was_prolonged_before_the_mail_is_not_told_to_end(firm: int) -> None:
    on = On.client(FORTUNE)
    to = (member_subject(DILYS),)
    give(firm, SetGrant(to=to, on=on, level=Level.EDITOR, expires=in_days(firm, 6)))
    nothing_to_tell()
    warn_of_endings.call()
    give(firm, SetGrant(to=to, on=on, level=Level.EDITOR))
    nothing_to_tell()
    do_waiting()
    assert sent() == {}


def given_late(firm: int, days: float, client: int = BAKER) -> None:
    """Give Dilys a client until so many days from now, in a firm whose next week was looked at already."""
    Firm.objects.update(warned=in_days(firm, 7))
    on, to = On.client(client), (member_subject(DILYS),)
    give(firm, SetGrant(to=to, on=on, level=Level.EDITOR, expires=in_days(firm, days)))
    nothing_to_tell()


def test_access_given_for_days_is_told_to_end_on_its_last_day(firm: int) -> None:
    given_late(firm, 3)
    warn_of_endings.call()
    assert sent() == {}
    given_late(firm, 0.9)
    warn_of_endings.call()
    Firm.objects.update(warned=F("warned") - 1)
    warn_of_endings.call()
    assert "Baker & Sons: until" in sent()["dilys@pike.example"]
    assert [notice.kind for notice in all_kept(firm, DILYS)] == [NoticeKind.ACCESS_ENDS]


def test_what_was_told_a_week_before_is_not_told_on_its_last_day(firm: int) -> None:
    given_late(firm, 0.9)
    Firm.objects.update(warned=0)
    warn_of_endings.call()
    assert list(sent()) == told("dilys")
    Firm.objects.update(warned=F("warned") - 1)
    warn_of_endings.call()
    assert sent() == {}


def test_a_delegation_given_for_hours_is_told_to_end(firm: int) -> None:
    Firm.objects.update(warned=in_days(firm, 7))
    give(firm, ChangeSettings(values={"delegation": True}))
    give(firm, SetDelegation(delegator=CAI, delegate=DILYS, expires=in_days(firm, 0.5)))
    nothing_to_tell()
    warn_of_endings.call()
    assert "- What Cai lets you reach: until " in sent()["dilys@pike.example"]


def test_the_warning_leads_to_where_longer_access_is_asked_for(firm: int) -> None:
    give(firm, ChangeSettings(values={"requests": True}))
    given_late(firm, 0.5)
    warn_of_endings.call()
    said = sent()["dilys@pike.example"]
    assert f"/firms/{firm}/clients/{BAKER}/share\n" in said
    assert "To ask for longer access to a client named above, follow its link." in said


def test_notices_are_forgotten_after_a_year_but_the_last(firm: int) -> None:
    own_by_owen(firm, DILYS)
    kept(firm, DILYS)
    own_by_owen(firm, DILYS, BAKER)
    assert len(kept(firm, DILYS)) == 2
    Notice.objects.update(at=0)
    prune.call()
    [left] = all_kept(firm, DILYS)
    assert left.number == 2
    own_by_owen(firm, DILYS, PLAIN)
    kept(firm, DILYS)
    prune.call()
    assert [notice.number for notice in all_kept(firm, DILYS)] == [3]


def test_a_mail_about_control_that_an_older_ringfence_left_waiting_becomes_a_notice(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    nothing_to_tell()
    for _twice in range(2):
        send_control_turned.call(firm, firm_state(firm).version, OWEN)
    assert kept(firm, OWEN) == [NoticeKind.CONTROL_TURNED]
