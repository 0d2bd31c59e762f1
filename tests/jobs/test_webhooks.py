"""Events sent to a real receiver: signed, in order, at least once; again after pauses, and then no more."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from django.test import override_settings
from standardwebhooks import Webhook as Verifier

from ringfence import access
from ringfence.access import OPERATOR, Actor, clock, create_firm, execute
from ringfence.access.changes import told_after
from ringfence.access.webhooks import (
    KeptWebhook,
    SendFault,
    WebhookState,
    add_webhook,
    change_webhook,
    deliveries,
    pause_webhook,
    resume_webhook,
    rotate_secret,
    secret_text,
    webhook_numbered,
)
from ringfence.access.webhooks.sending import GIVEN_UP, LONGEST_PAUSE, PAUSES
from ringfence.core.commands.definitions import AddMember
from ringfence.core.terms import Instant
from ringfence.firms.models import Notice, Webhook
from ringfence.jobs import webhooks
from ringfence.jobs.posting import post
from ringfence.jobs.webhooks import SENDERS, Webhooks, post_now, send_due
from tests.support.receiver import Receiver, receiver

ADMIN = 1
SECOND = 1_000_000
OWN = (ip_network("127.0.0.0/8"),)


class Time:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = clock.clock()

    def pass_(self, seconds: float) -> None:
        self.now = Instant(self.now + int(seconds * SECOND))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    found = Time()
    stands = SimpleNamespace(time_ns=lambda: 1000 * found.now, monotonic=lambda: 0.0)
    monkeypatch.setattr(clock, "time", stands)
    return found


@pytest.fixture
def there() -> Iterator[Receiver]:
    with override_settings(WEBHOOK_NETWORKS=OWN), receiver() as found:
        yield found


@pytest.fixture
def firm(db: None, time: Time) -> int:
    return create_firm("Pike", "kyc", admin_email="owen@pike.example", admin_name="Owen").firm


@pytest.fixture
def hook(firm: int, there: Receiver) -> KeptWebhook:
    """To the receiver, which knows its secret."""
    made = add_webhook(firm, there.address, actor=Actor(ADMIN), own=OWN)
    there.secret = secret_text(made)
    return made


def now_of(hook: KeptWebhook) -> KeptWebhook:
    found = webhook_numbered(hook.firm, hook.number)
    assert found is not None
    return found


def add_member(firm: int, name: str) -> None:
    execute(firm, AddMember(name=name, email=f"{name}@pike.example".lower()), actor=OPERATOR)


def send(hook: KeptWebhook) -> None:
    send_due(hook.firm, hook.number)


def test_what_happens_arrives_signed_and_in_order(hook: KeptWebhook, there: Receiver) -> None:
    add_member(hook.firm, "Dilys")
    add_member(hook.firm, "Gwen")
    send(hook)
    expected = told_after(hook.firm, hook.place, limit=100).events
    assert there.ids == [event.id for event in expected]
    assert [body["type"] for body in there.bodies][:2] == ["ringfence.webhook.change", "ringfence.member.add"]
    assert there.forged == 0
    assert now_of(hook).behind == 0
    send(hook)
    assert len(there.bodies) == len(expected)


def test_a_body_is_a_cloudevent_and_its_id_the_messages(hook: KeptWebhook, there: Receiver) -> None:
    send(hook)
    assert there.headers[0]["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert there.headers[0]["webhook-id"] == there.bodies[0]["id"]
    assert there.bodies[0]["specversion"] == "1.0"


def test_what_is_not_taken_is_tried_again_after_pauses_that_grow_and_nothing_overtakes_it(
    hook: KeptWebhook, there: Receiver, time: Time
) -> None:
    add_member(hook.firm, "Dilys")
    there.answer(500, 302, 429)
    for pause in PAUSES[:3]:
        send(hook)
        assert there.bodies == []
        time.pass_(pause - 1)
        send(hook)
        assert there.bodies == []
        time.pass_(1)
    assert [each.status for each in deliveries(hook.firm, hook.number)] == [429, 302, 500]
    send(hook)
    assert there.ids == [event.id for event in told_after(hook.firm, hook.place, limit=100).events]
    assert now_of(hook).attempts == 0


def test_a_receiver_that_asks_to_be_left_alone_is_left_alone(
    hook: KeptWebhook, there: Receiver, time: Time
) -> None:
    there.answer(503, Retry_After="100")
    send(hook)
    time.pass_(99)
    send(hook)
    assert there.bodies == []
    time.pass_(1)
    send(hook)
    assert there.bodies


def test_what_was_sent_and_not_written_down_is_sent_again(hook: KeptWebhook, there: Receiver) -> None:
    class Killed(BaseException):
        pass

    def killed(hook: KeptWebhook, event: object) -> object:
        post_now(hook, event)  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        send_due(hook.firm, hook.number, killed)  # type: ignore[arg-type]
    send(hook)
    assert len(there.bodies) == 1
    Webhook.objects.update(leased_until=0)
    send(hook)
    assert there.ids[0] == there.ids[1]


def test_two_processes_send_nothing_twice(hook: KeptWebhook, there: Receiver) -> None:
    def other(hook: KeptWebhook, event: object) -> object:
        send(hook)
        return post_now(hook, event)  # type: ignore[arg-type]

    send_due(hook.firm, hook.number, other)  # type: ignore[arg-type]
    assert len(there.ids) == len(set(there.ids)) == 1


def test_nothing_goes_to_an_address_once_it_was_changed(hook: KeptWebhook, there: Receiver) -> None:
    add_member(hook.firm, "Dilys")
    add_member(hook.firm, "Gwen")
    addresses: list[str] = []

    def changed_meanwhile(hook: KeptWebhook, event: object) -> object:
        addresses.append(hook.address)
        if len(addresses) == 1:
            change_webhook(hook.firm, hook.number, f"{there.address}new", actor=Actor(ADMIN), own=OWN)
        return post_now(hook, event)  # type: ignore[arg-type]

    send_due(hook.firm, hook.number, changed_meanwhile)  # type: ignore[arg-type]
    assert addresses == [there.address]
    send_due(hook.firm, hook.number, changed_meanwhile)  # type: ignore[arg-type]
    assert set(addresses[1:]) == {f"{there.address}new"}


def test_what_a_clock_that_was_ahead_put_off_is_sent_once_it_is_right(
    hook: KeptWebhook, there: Receiver, time: Time
) -> None:
    time.pass_(365 * 86_400)
    there.answer(500)
    send(hook)
    assert there.ids == []
    Webhook.objects.update(leased_until=time.now)
    time.pass_(-365 * 86_400)
    send(hook)
    assert len(there.ids) == 1


def test_after_three_days_it_is_paused_in_the_ledger_and_administrators_are_told_once(
    hook: KeptWebhook, there: Receiver, time: Time
) -> None:
    there.answer(*[500] * 200)
    sending = Webhooks()
    began = time.now
    while now_of(hook).active:
        send(hook)
        sending.warn()
        sending.warn()
        time.pass_(LONGEST_PAUSE)
    assert now_of(hook).standing is WebhookState.FAILED
    assert GIVEN_UP <= time.now - began <= GIVEN_UP + 3 * 3600 * SECOND
    (entry,) = [each for each in access.entries(hook.firm) if each.number == now_of(hook).version]
    assert (entry.command, entry.actor) == ("webhook.change", OPERATOR)
    told = [notice.facts for notice in Notice.objects.filter(firm=hook.firm, member=ADMIN)]
    assert told == [{"webhook": 1}, {"webhook": 1, "stopped": True}]


def test_what_waited_while_it_was_paused_arrives_once_it_is_resumed(
    hook: KeptWebhook, there: Receiver
) -> None:
    pause_webhook(hook.firm, hook.number, actor=Actor(ADMIN))
    add_member(hook.firm, "Dilys")
    send(hook)
    assert there.bodies == []
    resume_webhook(hook.firm, hook.number, actor=Actor(ADMIN))
    send(hook)
    assert there.ids == [event.id for event in told_after(hook.firm, hook.place, limit=100).events]


def test_whoever_skips_what_waited_is_told_from_then_on(hook: KeptWebhook, there: Receiver) -> None:
    pause_webhook(hook.firm, hook.number, actor=Actor(ADMIN))
    add_member(hook.firm, "Dilys")
    resume_webhook(hook.firm, hook.number, actor=Actor(ADMIN), skip=True)
    send(hook)
    assert [body["type"] for body in there.bodies] == ["ringfence.webhook.change"]


def test_a_receiver_that_is_gone_for_good_is_sent_nothing_more(hook: KeptWebhook, there: Receiver) -> None:
    there.answer(410)
    send(hook)
    assert now_of(hook).standing is WebhookState.GONE


def test_after_a_rotation_both_secrets_sign_for_a_day(hook: KeptWebhook, there: Receiver, time: Time) -> None:
    send(hook)
    earlier = there.secret
    made = rotate_secret(hook.firm, hook.number, actor=Actor(ADMIN))
    newer = secret_text(made)
    assert newer != earlier
    there.secret = ""
    send(hook)
    assert signs(earlier, there)
    assert signs(newer, there)
    time.pass_(24 * 3600)
    add_member(hook.firm, "Dilys")
    send(hook)
    assert not signs(earlier, there)
    assert signs(newer, there)


def signs(secret: str, there: Receiver) -> bool:
    """Whether the last event that came is signed with the secret."""
    headers = there.headers[-1]
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    signature = Verifier(secret).sign(headers["webhook-id"], at, there.raw[-1].decode())
    return signature in headers["webhook-signature"].split(" ")


def test_only_what_was_chosen_is_sent(firm: int, there: Receiver) -> None:
    hook = add_webhook(firm, there.address, actor=Actor(ADMIN), families={"group"}, own=OWN)
    add_member(firm, "Dilys")
    send(hook)
    assert there.bodies == []
    assert now_of(hook).behind == 0


def test_a_signature_in_july_is_of_the_same_second_as_the_header(hook: KeptWebhook, there: Receiver) -> None:
    event = told_after(hook.firm, hook.place, limit=1).events[0]
    july = datetime(2026, 7, 1, 12, 30, 15, 400_000, tzinfo=timezone(timedelta(hours=1)))
    there.secret = ""
    post(hook, event, now=july, own=OWN)
    signed_at = datetime(2026, 7, 1, 11, 30, 15, tzinfo=UTC)
    assert there.headers[0]["webhook-timestamp"] == str(int(signed_at.timestamp()))
    there.secret = secret_text(hook)
    assert signs(there.secret, there)


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("http://127.0.0.1:1/", SendFault.CONNECTION),
        ("https://nowhere.invalid/", SendFault.NAME),
        ("http://10.1.2.3/", SendFault.PRIVATE),
        ("https://[::1]/", SendFault.PRIVATE),
        ("https://localhost/", SendFault.PRIVATE),
    ],
)
def test_what_cannot_be_reached_is_told_apart(hook: KeptWebhook, address: str, fault: SendFault) -> None:
    Webhook.objects.update(address=address)
    own = OWN if fault is SendFault.CONNECTION else ()
    event = told_after(hook.firm, hook.place, limit=1).events[0]
    sent = post(now_of(hook), event, now=datetime.now(UTC), own=own)
    assert (sent.status, sent.fault) == (None, fault)


def test_a_restored_ledger_that_is_shorter_begins_anew(hook: KeptWebhook, there: Receiver) -> None:
    Webhook.objects.update(entry=100)
    send(hook)
    add_member(hook.firm, "Dilys")
    send(hook)
    assert there.bodies[0]["type"] == "ringfence.member.add"


def test_a_firm_with_many_webhooks_that_lag_keeps_no_other_firm_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = [(1, number) for number in range(1, 21)]
    monkeypatch.setattr(webhooks, "due_webhooks", lambda: [*many, (2, 1)])
    sending = Webhooks()
    begun: list[tuple[int, int]] = []
    monkeypatch.setattr(sending._threads, "submit", lambda _turn, place: begun.append(place))
    sending.send()
    assert len(begun) == SENDERS
    assert (2, 1) in begun
    served = set(begun)
    for _ in range(2):
        sending._busy.clear()
        begun.clear()
        sending.send()
        served.update(begun)
    assert served == {*many, (2, 1)}
    sending.stop()


def test_a_webhook_that_waits_has_its_turn_before_those_that_just_gave_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = [(1, number) for number in range(1, SENDERS + 3)]
    sending = Webhooks()
    # What is being sent to is leased, and so not due.
    monkeypatch.setattr(
        webhooks, "due_webhooks", lambda: [place for place in many if place not in sending._busy]
    )
    begun: list[tuple[int, int]] = []
    monkeypatch.setattr(sending._threads, "submit", lambda _turn, place: begun.append(place))
    sending.send()
    sending.send()
    sending._busy.clear()
    sending.send()
    assert set(begun) == set(many)
    sending.stop()
