"""Checkpoints sent to a real receiver and a real mail server: proved there, sent again while they fail."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Thread
from typing import Any

import pytest

from ringfence.access import OPERATOR, Actor, create_firm, execute
from ringfence.access.proof import HowPublished, checkpoints_signed, keys_of, set_publishing
from ringfence.core.commands.definitions import AddMember
from ringfence.firms.models import Firm, Publishing
from ringfence.jobs import publish_checkpoints
from ringfence.jobs.publish_checkpoints import publish_due
from ringfence.proof.signed_checkpoints import open_checkpoint
from tests.support.jobs import do_waiting, let_time_pass, waiting
from tests.support.mail_server import mail_server

pytestmark = pytest.mark.django_db
OWN = (ip_network("127.0.0.0/8"),)


class Outsider:
    """A server that keeps what it is sent, and answers what it is told to."""

    status = 204

    def __init__(self) -> None:
        self.notes: list[bytes] = []
        self.tries = 0
        outsider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outsider.tries += 1
                if outsider.status < 300:
                    outsider.notes.append(body)
                self.send_response(outsider.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing is told."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/checkpoints"


@pytest.fixture
def outsider(settings: Any) -> Iterator[Outsider]:
    settings.WEBHOOK_NETWORKS, settings.TIMESTAMPS = OWN, ""
    found = Outsider()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def firm() -> int:
    return create_firm("Pike", "kyc", admin_email="owen@pike.example", admin_name="Owen").firm


def publish_to(firm: int, **how: Any) -> None:
    set_publishing(firm, HowPublished(hours=24, **how), actor=OPERATOR, own=OWN)


def sent(firm: int) -> dict[str, str]:
    return checkpoints_signed(firm, 1)[0].sent


def test_a_receiver_gets_a_note_that_the_firms_key_proves(firm: int, outsider: Outsider) -> None:
    publish_to(firm, address=outsider.address)
    publish_due.call()
    do_waiting()
    (note,) = outsider.notes
    head = open_checkpoint(note.decode(), [keys_of(firm)[0].verifier])
    row = Firm.objects.get(pk=firm)
    assert (head.entry, head.hash, head.uid) == (row.version, bytes(row.head), str(row.uid))


def test_a_receiver_that_fails_gets_the_same_note_later_and_once(firm: int, outsider: Outsider) -> None:
    publish_to(firm, address=outsider.address)
    outsider.status = 503
    publish_due.call()
    do_waiting()
    assert sent(firm) == {"webhook": "status 503"}
    let_time_pass(timedelta(minutes=2))
    do_waiting()
    outsider.status = 204
    for _ in range(3):
        let_time_pass(timedelta(hours=2))
        do_waiting()
    assert (outsider.tries, sent(firm)) == (3, {"webhook": ""})
    assert outsider.notes == [checkpoints_signed(firm, 1)[0].note.encode()]


def test_nothing_is_sent_again_once_a_newer_checkpoint_is_signed(firm: int, outsider: Outsider) -> None:
    publish_to(firm, address=outsider.address)
    outsider.status = 503
    publish_due.call()
    do_waiting()
    execute(firm, AddMember(name="Gwen"), actor=Actor(1))
    outsider.status = 204
    publish_checkpoints.publish_checkpoint.call(firm)
    let_time_pass(timedelta(hours=2))
    do_waiting()
    assert outsider.notes == [checkpoints_signed(firm, 1)[0].note.encode()]


def test_mailboxes_get_it_once_the_mail_server_is_back(firm: int, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.SENDS_MAIL, settings.EMAIL_HOST, settings.TIMESTAMPS = True, "127.0.0.1", ""
    with mail_server() as server:
        settings.EMAIL_PORT, settings.EMAIL_USE_TLS = server.port, False
        publish_to(firm, mails=("auditor@example.org",))
        server.stop()
        publish_due.call()
        do_waiting()
        assert sent(firm) == {"mail": "mail_away"}
        server.start()
        let_time_pass(timedelta(minutes=2))
        do_waiting()
        (letter,) = server.received
    (file,) = letter.iter_attachments()
    assert letter["To"] == "auditor@example.org"
    assert file.get_payload(decode=True) == checkpoints_signed(firm, 1)[0].note.encode()


def test_a_process_that_ends_before_it_hands_the_work_over_loses_no_time(
    firm: int, outsider: Outsider, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_to(firm, address=outsider.address)

    def ends(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(publish_checkpoints, "enqueue", ends)
        with pytest.raises(SystemExit):
            publish_due.call()
    assert Publishing.objects.get().looked_at == 0
    publish_due.call()
    publish_due.call()
    assert waiting() == [("publish_checkpoint", [firm])]
