"""Mail over a real server: what waits when a process ends or a server is away is sent later, once."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from ringfence.firms.models import User
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.running import pause
from ringfence.jobs.send_password_link import send_password_link
from ringfence.jobs.standing import standing
from tests.support.jobs import do_waiting, let_time_pass
from tests.support.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that settings name."""
    with (
        mail_server() as found,
        override_settings(
            EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
            SENDS_MAIL=True,
            ADDRESS="https://ringfence.example",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=found.port,
            EMAIL_USE_TLS=False,
        ),
    ):
        yield found


@pytest.fixture
def dilys() -> User:
    return User.objects.create(email="dilys@pike.example", name="Dilys")


def test_a_mail_goes_to_the_server_with_its_link(server: MailServer, dilys: User) -> None:
    enqueue(send_password_link, dilys.pk, 0)
    do_waiting()
    (message,) = server.received
    assert message["To"] == "dilys@pike.example"
    assert message["Subject"] == "Set your password for Ringfence"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    for part in ("plain", "html"):
        body = message.get_body((part,))
        assert body is not None
        assert "https://ringfence.example/set-password/" in body.get_content()


def test_a_mail_waits_while_the_server_is_away_and_is_sent_once_it_is_back(
    server: MailServer, dilys: User, capsys: pytest.CaptureFixture[str]
) -> None:
    server.stop()
    enqueue(send_password_link, dilys.pk, 0)
    do_waiting()
    (waiting,) = standing()
    assert (waiting.status, waiting.fault) == ("waiting", "MailServerAway")
    server.start()
    let_time_pass(pause(1))
    do_waiting()
    assert len(server.received) == 1
    assert "dilys" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("refusal", "status"), [("550 no such person", "failed"), ("451 come again later", "waiting")]
)
def test_what_the_server_refuses_for_good_has_failed_and_what_it_puts_off_waits(
    server: MailServer, dilys: User, refusal: str, status: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.refusal = refusal
    enqueue(send_password_link, dilys.pk, 0)
    do_waiting()
    assert [count.status for count in standing()] == [status]
    kept = " ".join(map(str, DBTaskResult.objects.values_list().get()))
    assert "dilys" not in kept + capsys.readouterr().err


def test_whoever_may_not_sign_in_any_more_gets_no_link(server: MailServer, dilys: User) -> None:
    enqueue(send_password_link, dilys.pk, 0)
    User.objects.update(is_active=False)
    do_waiting()
    assert server.received == []
    assert [count.status for count in standing()] == ["done"]


def test_a_mail_for_nobody_is_none(server: MailServer, dilys: User) -> None:
    enqueue(send_password_link, 0, 0)
    do_waiting()
    assert server.received == []


def test_the_page_that_asks_for_a_link_sends_nothing_itself(server: MailServer, dilys: User) -> None:
    from tests.web.checks import PageClient

    server.may_answer.clear()
    PageClient().post(reverse("password-link"), {"email": "dilys@pike.example"})
    assert server.received == []
    server.may_answer.set()
    do_waiting()
    assert len(server.received) == 1
