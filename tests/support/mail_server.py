"""A mail server for tests: it takes messages over real connections, may be silent, refuse, go and return."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

SECONDS = 60.0


class MailServer:
    """Listens at `port` of this machine once it was started; a port that was had is kept."""

    def __init__(self) -> None:
        self.port = 0
        self.received: list[EmailMessage] = []
        self.may_answer = threading.Event()
        """Cleared, it greets nobody."""
        self.may_answer.set()
        self.refusal = ""
        """How it answers every recipient, as `550 no such person`; empty where it takes them."""
        self._server: socketserver.ThreadingTCPServer | None = None

    def start(self) -> None:
        """Listen, at the same port as before."""

        class Talk(socketserver.StreamRequestHandler):
            def handle(talk) -> None:  # noqa: N805  # `self` is the mail server
                self._talk(talk)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True

        self._server = Server(("127.0.0.1", self.port), Talk)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Be away: connections are refused."""
        self.may_answer.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _talk(self, talk: socketserver.StreamRequestHandler) -> None:
        self.may_answer.wait(SECONDS)
        talk.wfile.write(b"220 ready\r\n")
        while line := talk.rfile.readline():
            word = line.split()[0].upper()
            if word == b"RCPT" and self.refusal:
                talk.wfile.write(f"{self.refusal}\r\n".encode())
                continue
            if word == b"DATA":
                talk.wfile.write(b"354 go on\r\n")
                parts = []
                while (part := talk.rfile.readline()) != b".\r\n":
                    parts.append(part.removeprefix(b".") if part.startswith(b"..") else part)
                message = message_from_bytes(b"".join(parts), policy=policy.default)
                assert isinstance(message, EmailMessage)
                self.received.append(message)
            talk.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")
            if word == b"QUIT":
                return


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that listens, and ends with the test."""
    found = MailServer()
    found.start()
    try:
        yield found
    finally:
        found.stop()
