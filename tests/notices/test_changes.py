"""Mails about changes: from the ledger, once, to those whom rules.md 5 names, with what they may see then."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from django.core import mail
from django.test import override_settings

from ringfence.access import OPERATOR, Actor, Batch, execute, firm_state, rehearse, save
from ringfence.access.ledger.telling import Notable, notable, nothing_to_tell
from ringfence.access.notices import NoticeKind
from ringfence.access.undoing import Undoing, ask_undoing
from ringfence.core.commands.definitions import (
    AddMember,
    AddToGroup,
    ChangeClient,
    ChangeMember,
    ChangeSettings,
    CreateGroup,
    DeactivateMember,
    LowerWall,
    On,
    RaiseWall,
    ReactivateMember,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.terms import Level, Role, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Firm, LedgerEntry, Notice, User
from ringfence.jobs import tell_changes
from ringfence.jobs.tell_changes import Ledgers
from tests.notices.people import everybody_came_in
from tests.support.jobs import do_waiting, waiting
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, OWEN, PLAIN, Cast, make_cast

GWEN = 6
"""A second administrator."""


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def firm(db: None) -> int:
    """Pike & Marlow with two administrators, Fortune 500's VAT in Cai's group, Baker & Sons confidential.

    Of what was done so far nobody is told.
    """
    cast: Cast = make_cast()
    give(cast.firm, AddMember(name="Gwen", email="gwen@pike.example", role=Role.ADMINISTRATOR))
    give(cast.firm, CreateGroup(name="VAT team", members=frozenset({CAI}), on=On.client(FORTUNE)))
    give(cast.firm, ChangeClient(client=BAKER, confidential=True))
    give(cast.firm, TurnOn())
    everybody_came_in()
    nothing_to_tell()
    return cast.firm


def give(firm: int, command: object, member: int | None = None) -> None:
    execute(firm, command, actor=OPERATOR if member is None else Actor(member))  # type: ignore[arg-type]


def told(*names: str) -> list[str]:
    """Addresses at Pike & Marlow."""
    return [f"{name}@pike.example" for name in names]


def sent() -> dict[str, str]:
    """What every mail says that is sent now, by address."""
    Ledgers().tell()
    do_waiting()
    return {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}


@pytest.mark.parametrize("by", [OWEN, None], ids=["member", "operator"])
def test_all_administrators_are_told_when_control_is_turned_off(firm: int, by: int | None) -> None:
    give(firm, TurnOff(), by)
    found = sent()
    assert sorted(found) == told("gwen", "owen")
    who = "Owen" if by else "Whoever runs Ringfence for your firm"
    assert f"{who} turned off access groups in Pike & Marlow on " in found["gwen@pike.example"]
    assert "https://ringfence.example/firms/" in found["gwen@pike.example"]


def test_the_mail_names_the_confidential_clients_that_are_open_now(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    said = sent()["gwen@pike.example"]
    assert "1 confidential client is open now:\n\n- Baker & Sons\n" in said
    assert "Fortune 500" not in said


def test_what_was_turned_on_again_is_not_told_as_open(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    Ledgers().tell()
    give(firm, TurnOn(), OWEN)
    do_waiting()
    (said,) = [message.body for message in mail.outbox if message.to == told("gwen")]
    assert "By now access groups are turned on again." in said
    assert "Baker" not in said


def test_turning_on_is_told_too(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    nothing_to_tell()
    give(firm, TurnOn(), OWEN)
    told = sent()["gwen@pike.example"]
    assert "Owen turned on access groups in Pike & Marlow" in told
    assert "Once somebody was given access to a client" in " ".join(told.split())


def test_control_that_is_turned_back_by_undoing_is_told_too(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    nothing_to_tell()
    undoing = ask_undoing(firm, firm_state(firm).version, actor=Actor(OWEN))
    assert isinstance(undoing, Undoing)
    save(undoing.rehearsal)
    assert "Owen turned on access groups in Pike & Marlow" in sent()["gwen@pike.example"]


def test_undoing_something_else_is_not_told_as_turning(firm: int) -> None:
    give(firm, AddToGroup(group=2, members=frozenset({DILYS})), OWEN)
    nothing_to_tell()
    undoing = ask_undoing(firm, firm_state(firm).version, actor=Actor(OWEN))
    assert isinstance(undoing, Undoing)
    save(undoing.rehearsal)
    assert not any("turned" in said for said in sent().values())


def test_each_change_is_told_once_whoever_looks(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    Ledgers().tell()
    ledgers = Ledgers()
    ledgers.tell()
    ledgers.tell()
    assert len(waiting()) == 2
    assert [arguments[0] for _, arguments in waiting()] == [firm, firm]


def test_what_another_process_tells_in_part_meanwhile_is_told_once(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(firm, TurnOff(), OWEN)
    give(firm, TurnOn(), OWEN)

    def read(firm: int, *, after: int, until: int) -> list[Notable]:
        found = notable(firm, after=after, until=until)
        monkeypatch.undo()
        # The other one has looked when the first of the two was all there was.
        Firm.objects.filter(pk=firm).update(version=until - 1)
        Ledgers().tell()
        Firm.objects.filter(pk=firm).update(version=until)
        return found

    monkeypatch.setattr(tell_changes, "notable", read)
    ledgers = Ledgers()
    ledgers.tell()
    ledgers.tell()
    rows = Notice.objects.filter(firm=firm, member=GWEN, kind=NoticeKind.CONTROL_TURNED)
    last = firm_state(firm).version
    assert list(rows.order_by("number").values_list("entry", flat=True)) == [last - 1, last]


def test_a_firm_whose_ledger_cannot_be_read_keeps_no_other_firm_waiting(firm: int) -> None:
    first, last = (make_cast(mark=mark).firm for mark in ("2", "3"))
    for each in (first, last):
        give(each, TurnOn())
    nothing_to_tell()
    for each in (first, firm, last):
        give(each, TurnOff(), OWEN)
    broken = Firm.objects.get(pk=firm)
    LedgerEntry.objects.filter(firm=firm, number=broken.version).update(body=b"no entry")
    with pytest.raises(msgspec.DecodeError):
        Ledgers().tell()
    told_of = Notice.objects.values_list("firm", flat=True)
    assert set(told_of) == {first, last}


def test_who_is_no_administrator_any_more_gets_no_mail(firm: int) -> None:
    give(firm, TurnOff(), OWEN)
    Ledgers().tell()
    give(firm, DeactivateMember(member=GWEN), OWEN)
    do_waiting()
    assert [message.to for message in mail.outbox] == [told("owen")]


def test_a_mail_is_in_its_readers_language_else_in_the_firms(firm: int) -> None:
    User.objects.filter(email="gwen@pike.example").update(language="cy")
    give(firm, TurnOff(), OWEN)
    found = sent()
    assert "Pike & Marlow" in found["gwen@pike.example"].splitlines()[0]
    assert found["gwen@pike.example"] != found["owen@pike.example"]
    Firm.objects.update(language="cy")
    mail.outbox.clear()
    give(firm, TurnOn(), OWEN)
    found = sent()
    assert found["gwen@pike.example"] == found["owen@pike.example"]


def test_other_administrators_are_told_of_self_access(firm: int) -> None:
    give(firm, AddToGroup(group=2, members=frozenset({OWEN})), OWEN)
    found = sent()
    assert list(found) == told("gwen")
    said = found["gwen@pike.example"]
    assert said.startswith("Owen gave themselves access in Pike & Marlow")
    assert "1 client" in said
    assert "- Fortune 500\n" in said


def test_who_manages_the_firm_no_more_is_told_of_no_self_access_to_what_they_do_not_hold(firm: int) -> None:
    give(firm, ChangeSettings(values={"inaccessible": "named"}))
    nothing_to_tell()
    give(firm, SetGrant(to=(member_subject(OWEN),), on=On.client(BAKER), level=Level.EDITOR), OWEN)
    Ledgers().tell()
    give(firm, ChangeMember(member=GWEN, role=Role.STANDARD))
    assert "Baker" not in sent().get("gwen@pike.example", "")


def test_what_is_no_self_access_is_not_told(firm: int) -> None:
    give(firm, AddToGroup(group=2, members=frozenset({DILYS})), OWEN)
    assert list(sent()) == told("dilys")


def own_grant(firm: int, member: int, level: Level, client: int = FORTUNE) -> None:
    give(firm, SetGrant(to=(member_subject(member),), on=On.client(client), level=level))


def test_the_owners_of_the_clients_are_told_and_not_who_has_less(firm: int) -> None:
    own_grant(firm, DILYS, Level.OWNER)
    own_grant(firm, CAI, Level.EDITOR)
    give(firm, AddToGroup(group=2, members=frozenset({OWEN})), OWEN)
    found = sent()
    assert sorted(found) == told("dilys", "gwen")
    assert "because you hold access" in found["dilys@pike.example"]


def test_where_a_client_has_no_owner_its_direct_grantees_are_told(firm: int) -> None:
    own_grant(firm, CAI, Level.EDITOR)
    give(firm, AddToGroup(group=2, members=frozenset({OWEN})), OWEN)
    assert sorted(sent()) == told("cai", "gwen")


def test_whoever_holds_some_of_the_clients_is_told_of_those_alone(firm: int) -> None:
    own_grant(firm, DILYS, Level.OWNER)
    own_grant(firm, CAI, Level.OWNER, PLAIN)
    on = On.client(FORTUNE, PLAIN)
    give(firm, SetGrant(to=(member_subject(OWEN),), on=on, level=Level.EDITOR), OWEN)
    found = sent()
    assert "Fortune 500" in found["dilys@pike.example"]
    assert "Plain Person" not in found["dilys@pike.example"]
    assert "Plain Person" in found["cai@pike.example"]
    assert "Fortune 500" not in found["cai@pike.example"]
    assert "2 clients" in found["gwen@pike.example"]


def test_a_client_that_its_holder_may_not_know_of_any_more_is_in_no_mail(firm: int) -> None:
    own_grant(firm, DILYS, Level.OWNER)
    give(firm, AddToGroup(group=2, members=frozenset({OWEN})), OWEN)
    Ledgers().tell()
    sides = (Side(members=frozenset({DILYS})), Side(clients=frozenset({FORTUNE})))
    give(firm, RaiseWall(name="Quiet", sides=sides))
    do_waiting()
    assert [message.to for message in mail.outbox] == [told("gwen")]


def test_that_there_was_a_wall_is_told_to_who_manages_and_not_to_an_owner(firm: int) -> None:
    own_grant(firm, DILYS, Level.OWNER)
    own_grant(firm, OWEN, Level.OWNER)
    give(firm, DeactivateMember(member=GWEN))
    sides = (Side(members=frozenset({OWEN})), Side(clients=frozenset({FORTUNE})))
    give(firm, RaiseWall(name="Quiet", sides=sides))
    nothing_to_tell()
    give(firm, LowerWall(wall=1), OWEN)
    give(firm, ReactivateMember(member=GWEN))
    found = sent()
    assert "The change: Wall lowered." in found["gwen@pike.example"]
    assert "gave themselves access" in found["dilys@pike.example"]
    assert "wall" not in found["dilys@pike.example"].casefold()


def test_who_is_told_that_control_was_turned_off_is_not_told_twice(firm: int) -> None:
    own_grant(firm, DILYS, Level.OWNER)
    nothing_to_tell()
    give(firm, TurnOff(), OWEN)
    Ledgers().tell()
    rows = Notice.objects.filter(firm=firm).order_by("kind", "member").values_list("kind", "member")
    assert list(rows) == [
        (NoticeKind.CONTROL_TURNED, OWEN),
        (NoticeKind.CONTROL_TURNED, GWEN),
        (NoticeKind.SELF_ACCESS, DILYS),
    ]
    assert len(waiting()) == 3


def test_a_self_access_is_told_also_where_control_is_turned_with_it(firm: int) -> None:
    joined = Batch("group.add_members", (AddToGroup(group=2, members=frozenset({OWEN})),))
    turned = Batch("control.turn_off", (TurnOff(),))
    save(rehearse(firm, [joined, turned], actor=Actor(OWEN), version=firm_state(firm).version))
    Ledgers().tell()
    rows = Notice.objects.filter(firm=firm, member=GWEN).values_list("kind", flat=True)
    assert sorted(rows) == [NoticeKind.CONTROL_TURNED, NoticeKind.SELF_ACCESS]


def test_without_a_mail_server_nobody_is_told_not_even_once_there_is_one(firm: int) -> None:
    with override_settings(SENDS_MAIL=False):
        give(firm, TurnOff(), OWEN)
        Ledgers().tell()
        assert waiting() == []
    assert sent() == {}


def test_many_clients_are_counted_and_not_named(firm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.notices.readers.MOST_NAMES", 0)
    give(firm, AddToGroup(group=2, members=frozenset({OWEN})), OWEN)
    said = sent()["gwen@pike.example"]
    assert "Fortune" not in said
    assert "They are too many to name here." in said
