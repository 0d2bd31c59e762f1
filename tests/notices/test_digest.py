"""The daily digest: once a day, what happened at the clients that its reader sees when it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import override_settings

from ringfence.access import firm_state
from ringfence.access.client_details import write_details
from ringfence.access.clock import clock
from ringfence.access.digest import days
from ringfence.access.digest.choices import choose
from ringfence.access.digest.days import Stretch
from ringfence.access.documents import write_document
from ringfence.core.commands.definitions import (
    AddClient,
    ChangeClient,
    ChangeSettings,
    ClientRow,
    CreateGroup,
    DeactivateMember,
    DeleteGroup,
    GrantTo,
    ImportClients,
    On,
    RaiseWall,
    RemoveGrant,
    SetGrant,
    TurnOff,
    TurnOn,
)
from ringfence.core.days import instant
from ringfence.core.terms import EVERYONE, Instant, Level, group_subject, member_subject
from ringfence.core.values import Side
from ringfence.firms.models import Firm, User
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.hand_out_digests import hand_out_digests, set_digests
from ringfence.notices.digest import readers
from tests.support.jobs import do_waiting, waiting
from tests.support.mail_server import mail_server
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    OWEN,
    PLAIN,
    do,
    make_cast,
)

HOUR = 3600 * 1_000_000


@pytest.fixture(autouse=True)
def mail_is_sent() -> Iterator[None]:
    """As with a mail server."""
    with override_settings(SENDS_MAIL=True, ADDRESS="https://ringfence.example"):
        yield


@pytest.fixture
def firm(db: None) -> int:
    """Pike & Marlow as a company that keeps to the kyc document: control on, everything shared with all.

    The digest of the day begins now.
    """
    firm = make_cast("kyc").firm
    do(firm, TurnOn())
    Firm.objects.update(digested=clock())
    return firm


@pytest.fixture
def next_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarter past seven of the next day, as the digest's clock has it."""
    monkeypatch.setattr(days, "clock", lambda: Instant(clock() + 25 * HOUR))


def today(firm: int) -> Stretch:
    """From where the day began until now."""
    return Stretch(firm=firm, since=Instant(Firm.objects.get(pk=firm).digested), until=Instant(clock() + 1))


def sent(firm: int) -> dict[str, str]:
    """What everybody's digest says that is sent now, by first name."""
    mail.outbox.clear()
    hand_out_digests.func(firm)
    do_waiting()
    return {message.to[0].partition("@")[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}


pytestmark = pytest.mark.usefixtures("next_morning")


def rename(firm: int, client: int = FORTUNE, by: int = OWEN, name: str = "Renamed") -> None:
    do(firm, ChangeClient(client=client, name=name), by)


def test_everybody_is_told_what_others_did_at_the_clients_they_can_open(firm: int) -> None:
    rename(firm)
    found = sent(firm)
    assert sorted(found) == ["cai", "dilys"]
    said = found["cai"]
    assert "Renamed\n-------\nhttps://ringfence.example/firms/" in said
    assert "- Name, reference or kind changed by Owen\n" in said


def test_no_client_is_named_in_the_subject(firm: int) -> None:
    rename(firm)
    subject = sent(firm)["cai"].partition("\n")[0]
    assert subject.startswith("Daily digest of ")
    assert "Pike & Marlow" in subject
    assert "Renamed" not in subject


def test_where_nothing_happened_no_mail_comes(firm: int) -> None:
    assert sent(firm) == {}
    assert waiting() == []


def test_what_one_did_oneself_is_left_out(firm: int) -> None:
    rename(firm, by=CAI)
    assert "cai" not in sent(firm)


@pytest.mark.both_databases
def test_what_is_in_a_record_is_not_told(firm: int) -> None:
    write_document(firm, member=OWEN, title="Merger", text="Very secret", engagement=FORTUNE_VAT)
    write_details(firm, member=OWEN, client=FORTUNE, values={"contact": "Beth"}, after=0)
    said = sent(firm)["cai"]
    assert "- A note on VAT written by Owen\n- Details changed by Owen\n" in said
    assert not any(word in said for word in ("Merger", "secret", "Beth"))


def test_what_happened_twice_is_told_once(firm: int) -> None:
    rename(firm, name="One")
    rename(firm, name="Two")
    assert "- Name, reference or kind changed by Owen (2 times)\n" in sent(firm)["cai"]


def only_for(firm: int, client: int, member: int, engagement: int = 0) -> None:
    """Take the client from Everyone and give it, or one of its services, to one member."""
    do(firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(client)))
    on = On.engagement(engagement) if engagement else On.client(client)
    do(firm, SetGrant(to=(member_subject(member),), on=on, level=Level.EDITOR))


def test_a_client_that_one_cannot_open_is_in_no_digest(firm: int) -> None:
    only_for(firm, FORTUNE, DILYS)
    rename(firm)
    assert "cai" not in sent(firm)


def test_of_a_service_that_one_does_not_see_nothing_is_told(firm: int) -> None:
    only_for(firm, FORTUNE, CAI, FORTUNE_INCOME_TAX)
    do(firm, SetGrant(to=(member_subject(OWEN),), on=On.client(FORTUNE), level=Level.EDITOR))
    Firm.objects.update(digested=clock())
    write_document(firm, member=OWEN, title="T", text="Text", engagement=FORTUNE_VAT)
    assert sent(firm) == {}
    write_document(firm, member=OWEN, title="T", text="Text", engagement=FORTUNE_INCOME_TAX)
    Firm.objects.update(digested=clock() - HOUR)
    assert "A note on Income Tax" in sent(firm)["cai"]


def lose_access(firm: int) -> None:
    sides = (Side(members=frozenset({CAI})), Side(clients=frozenset({FORTUNE})))
    do(firm, RaiseWall(name="Quiet", sides=sides))


@pytest.mark.parametrize(
    "meanwhile",
    [
        lose_access,
        lambda firm: do(firm, DeactivateMember(member=CAI)),
        lambda firm: do(firm, TurnOff()),
        lambda firm: do(firm, ChangeSettings(values={"digest": False})),
        lambda firm: choose(firm, CAI, wanted=False),
        lambda firm: choose(firm, CAI, wanted=False, client=FORTUNE),
    ],
    ids=["wall", "deactivated", "control off", "digest off", "unsubscribed", "client left out"],
)
def test_what_holds_when_it_is_sent_counts(firm: int, meanwhile: Callable[[int], object]) -> None:
    rename(firm)
    hand_out_digests.func(firm)
    assert [arguments[1] for _, arguments in waiting()] == [CAI, DILYS]
    meanwhile(firm)
    do_waiting()
    assert "cai@pike.example" not in [message.to[0] for message in mail.outbox]


@pytest.mark.both_databases
def test_who_wants_none_and_who_left_the_client_out_are_not_written_to(firm: int) -> None:
    choose(firm, CAI, wanted=False)
    choose(firm, DILYS, wanted=False, client=FORTUNE)
    rename(firm)
    rename(firm, client=BAKER, name="Bakers")
    found = sent(firm)
    assert list(found) == ["dilys"]
    assert "Bakers" in found["dilys"]
    assert "Renamed" not in found["dilys"]


def test_a_firm_without_digests_sends_none(firm: int) -> None:
    do(firm, ChangeSettings(values={"digest": False}))
    rename(firm)
    assert sent(firm) == {}


def test_while_control_is_off_none_is_sent(firm: int) -> None:
    do(firm, TurnOff())
    rename(firm)
    assert sent(firm) == {}


def give_to_sales(firm: int) -> None:
    do(firm, CreateGroup(name="Sales", members=frozenset({DILYS}), on=On.client(FORTUNE)), OWEN)


def test_whose_access_it_was_is_told_to_who_may_share_the_client(firm: int) -> None:
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    Firm.objects.update(digested=clock())
    give_to_sales(firm)
    found = sent(firm)
    assert "- Access given to Sales by Owen\n" in found["cai"]
    assert "- Access changed by Owen\n" in found["dilys"]
    assert "Sales" not in found["dilys"]


def test_of_ones_own_access_one_is_told_as_such(firm: int) -> None:
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR), OWEN)
    assert "- Access given to you by Owen\n" in sent(firm)["cai"]


def test_where_clients_are_hidden_nobody_else_is_told_of_access(firm: int) -> None:
    do(firm, ChangeSettings(values={"inaccessible": "hidden"}))
    give_to_sales(firm)
    assert sent(firm) == {}


def test_what_a_new_client_starts_with_is_part_of_its_being_added(firm: int) -> None:
    do(firm, AddClient(client=ClientRow(name="Newcomer")), OWEN)
    do(firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(PLAIN + 1), level=Level.EDITOR))
    said = sent(firm)["cai"]
    assert "Newcomer" in said
    assert "- Added by Owen\n- Access changed by whoever runs Ringfence\n" in said


def test_what_was_done_to_many_clients_at_once_is_counted(firm: int) -> None:
    rows = tuple(ClientRow(name=f"Client {number}") for number in range(30))
    everyone = (GrantTo(to=group_subject(EVERYONE), level=Level.EDITOR),)
    do(firm, ImportClients(rows=rows, grants=everyone), OWEN)
    said = sent(firm)["cai"]
    assert "30 client relationships: Added by Owen" in said


def test_a_long_digest_names_some_and_counts_the_rest(firm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.notices.digest.MOST_CLIENTS", 1)
    monkeypatch.setattr("ringfence.notices.digest.MOST_LINES", 1)
    rename(firm)
    rename(firm, client=BAKER, name="Bakers")
    write_details(firm, member=OWEN, client=BAKER, values={"contact": "Beth"}, after=0)
    said = sent(firm)["cai"]
    assert "Bakers" in said
    assert "- and 1 more\n" in said
    assert "Renamed" not in said
    assert "And something happened at 1 more client relationship." in said


def test_a_digest_is_in_its_readers_language(firm: int) -> None:
    User.objects.filter(email="cai@pike.example").update(language="cy")
    rename(firm)
    found = sent(firm)
    assert "gan Owen" in found["cai"]
    assert "by Owen" in found["dilys"]


def test_in_welsh_a_preposition_changes_what_is_said_after_it_and_no_name(firm: int) -> None:
    User.objects.filter(email="cai@pike.example").update(language="cy")
    do(firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    Firm.objects.update(digested=clock())
    do(firm, CreateGroup(name="Onboarding", members=frozenset({OWEN}), on=On.client(FORTUNE)), OWEN)
    do(firm, DeleteGroup(group=2), OWEN)
    do(firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(FORTUNE), level=Level.READER))
    do(firm, CreateGroup(name="Caffael", members=frozenset({OWEN}), on=On.client(FORTUNE)), OWEN)
    said = sent(firm)["cai"]
    assert "- Rhoddwyd mynediad i gyn-grŵp gan Owen\n" in said
    assert "- Rhoddwyd mynediad i Bawb gan bwy bynnag sy’n rhedeg Ringfence\n" in said
    assert "- Rhoddwyd mynediad i Caffael gan Owen\n" in said


def test_a_digest_says_how_it_is_stopped(firm: int) -> None:
    rename(firm)
    sent(firm)
    message = mail.outbox[0]
    assert isinstance(message, EmailMultiAlternatives)
    stop = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop.startswith("https://ringfence.example/daily-digest/stop/")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html, _kind = message.alternatives[0]
    for form in (message.body, str(html)):
        assert stop in form
        assert "/your-account/daily-digest" in form


def test_a_mail_server_is_given_all_of_it(firm: int) -> None:
    rename(firm)
    with (
        mail_server() as server,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=server.port,
            EMAIL_USE_TLS=False,
        ),
    ):
        sent(firm)
    assert sorted(message["To"] for message in server.received) == ["cai@pike.example", "dilys@pike.example"]
    message = server.received[0]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"].strip().startswith("<https://ringfence.example/daily-digest/stop/")
    for part in ("plain", "html"):
        body = message.get_body((part,))
        assert body is not None
        assert "Name, reference or kind changed by Owen" in body.get_content()


# --- When


@pytest.mark.both_databases
def test_each_firm_is_told_once_however_many_processes_look(firm: int) -> None:
    rename(firm)
    set_digests()
    set_digests()
    assert [name for name, arguments in waiting() if arguments == [firm]] == ["hand_out_digests"]
    hand_out_digests.func(firm)
    do_waiting()
    set_digests()
    do_waiting()
    assert sorted(message.to[0] for message in mail.outbox) == ["cai@pike.example", "dilys@pike.example"]


def test_who_comes_to_it_second_hands_nothing_over(firm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process does the whole of it while this one still works out whom to tell."""
    rename(firm)

    def slowly(stretch: Stretch) -> list[int]:
        monkeypatch.setattr("ringfence.jobs.hand_out_digests.readers", readers)
        hand_out_digests.func(firm)
        return readers(stretch)

    monkeypatch.setattr("ringfence.jobs.hand_out_digests.readers", slowly)
    hand_out_digests.func(firm)
    assert [arguments[1] for _, arguments in waiting()] == [CAI, DILYS]


def test_a_process_that_breaks_off_has_handed_nothing_over(
    firm: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(firm)
    left = [enqueue]

    def breaks_off(*arguments: object) -> bool:
        if not left:
            raise MemoryError
        return left.pop()(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("ringfence.jobs.hand_out_digests.enqueue", breaks_off)
    with pytest.raises(MemoryError):
        hand_out_digests.func(firm)
    assert waiting() == []
    monkeypatch.setattr("ringfence.jobs.hand_out_digests.enqueue", enqueue)
    assert len(sent(firm)) == 2


def test_what_was_missed_is_told_once(firm: int) -> None:
    """Nobody looked for three days."""
    Firm.objects.filter(pk=firm).update(digested=clock() - 72 * HOUR)
    rename(firm)
    assert "Renamed" in sent(firm)["cai"]
    assert sent(firm) == {}


def test_a_firm_without_digests_does_not_save_them_up(firm: int) -> None:
    do(firm, ChangeSettings(values={"digest": False}))
    rename(firm)
    set_digests()
    do(firm, ChangeSettings(values={"digest": True}))
    assert sent(firm) == {}


def test_before_the_hour_nothing_is_due(firm: int, monkeypatch: pytest.MonkeyPatch) -> None:
    Firm.objects.update(digested=london(2026, 6, 1, 7))
    monkeypatch.setattr(days, "clock", lambda: Instant(london(2026, 6, 2, 7) + days.SLACK - 1))
    assert days.due(firm) is None
    monkeypatch.setattr(days, "clock", lambda: Instant(london(2026, 6, 2, 7) + days.SLACK))
    assert days.due(firm) == Stretch(
        firm=firm, since=Instant(london(2026, 6, 1, 7)), until=Instant(london(2026, 6, 2, 7))
    )


def test_a_zone_that_this_machine_does_not_know_stops_no_other_firm(firm: int) -> None:
    Firm.objects.exclude(pk=firm).update(timezone="Mars/Olympus")
    rename(firm)
    set_digests()
    assert ("hand_out_digests", [firm]) in waiting()


def london(year: int, month: int, day: int, hour: int) -> int:
    """London's hours of summer, an hour before UTC's."""
    return instant(datetime(year, month, day, hour - 1, tzinfo=UTC))


def test_each_reader_is_worked_out_by_the_core(firm: int) -> None:
    rename(firm)
    seeing = {member for member in firm_state(firm).active_members if firm_state(firm).sees(member, FORTUNE)}
    assert set(readers(today(firm))) == seeing - {OWEN}
