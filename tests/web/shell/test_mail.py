"""Mail is sent beside the pages, over a connection of its own, to a mail server that may be slow."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from ringfence.firms.models import User
from ringfence.web.journeys.sign_in import password_link
from ringfence.web.shell.mail import Sender
from tests.web.checks import PageClient
from tests.web.reading import heading

SECONDS = 60.0


class MailServer:
    """A mail server for one message, which it accepts only once it `may_answer`."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.received = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.may_answer.set()
        self._listener.close()
        self._thread.join(SECONDS)

    def _serve(self) -> None:
        try:
            caller, _address = self._listener.accept()
        except OSError:
            return
        with caller, caller.makefile("rwb", 0) as talk:
            self.may_answer.wait(SECONDS)
            talk.write(b"220 ready\r\n")
            while line := talk.readline():
                word = line.split()[0].upper()
                if word == b"DATA":
                    talk.write(b"354 go on\r\n")
                    while (part := talk.readline()) != b".\r\n":
                        self.received += part
                talk.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
                if word == b"QUIT":
                    return


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that settings name."""
    found = MailServer()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        SENDS_MAIL=True,
        ADDRESS="https://ringfence.example",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=found.port,
        EMAIL_USE_TLS=False,
    ):
        yield found
    found.close()


@pytest.mark.django_db(transaction=True)
def test_the_page_answers_while_the_mail_server_is_silent_and_the_mail_comes_later(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create(email="dilys@pike.example", name="Dilys")
    connection.close()
    sender = Sender()
    monkeypatch.setattr(password_link, "SENDER", sender)
    response = PageClient().post(reverse("password-link"), {"email": "dilys@pike.example"})
    assert heading(response) == "Look into your e-mail"
    assert server.received == b""
    server.may_answer.set()
    sender.finish()
    message = message_from_bytes(server.received)
    assert message["To"] == "dilys@pike.example"
    assert "https://ringfence.example/set-password/" in str(message.get_payload())


def test_what_finds_no_room_is_dropped_with_a_line_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    sender, go_on, done = Sender(waiting=1), threading.Event(), []

    def wait() -> None:
        begun.set()
        go_on.wait(SECONDS)

    begun = threading.Event()
    sender.hand_over(wait)
    assert begun.wait(SECONDS)
    sender.hand_over(lambda: done.append("second"))
    sender.hand_over(lambda: done.append("third"))
    go_on.set()
    sender.finish()
    assert done == ["second"]
    assert "1 mails wait already: one more was not sent" in capsys.readouterr().err


def test_a_mail_that_fails_does_not_end_the_sending(capsys: pytest.CaptureFixture[str]) -> None:
    sender, done = Sender(), []

    def fail() -> None:
        raise TimeoutError

    sender.hand_over(fail)
    sender.hand_over(lambda: done.append("next"))
    sender.finish()
    assert done == ["next"]
    assert "A mail could not be sent" in capsys.readouterr().err
