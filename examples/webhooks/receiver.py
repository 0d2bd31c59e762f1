"""A document store that shuts its documents at once when somebody loses a client in Ringfence.

Needs `pip install standardwebhooks`, and nothing else. Start it with the secret that Ringfence has shown:

    RINGFENCE_WEBHOOK_SECRET=whsec_… python receiver.py 9000

It verifies each event, acts once on it however often it comes, and answers before Ringfence loses patience.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

MOST = 1_000_000
"""Bytes of an event: longer ones are not Ringfence's."""


class DocumentStore:
    """Who may open the documents of which client. Yours is a database; so is the list of what was done."""

    def __init__(self) -> None:
        self.open_to: dict[str, set[str]] = {}
        """By a client's reference, the e-mail addresses of those who may open its documents."""
        self.stale: set[str] = set()
        """The e-mail addresses of those of whom all is to be asked anew."""
        self._done: set[str] = set()

    def act_on(self, event: dict[str, Any]) -> None:
        """Do what the event says, once."""
        if event["id"] in self._done:
            return
        data = event["data"]
        match event["type"]:
            case "ringfence.access.lost":
                for client in data["clients"]:
                    members = self.open_to.get(client.get("reference", client["id"]), set())
                    members.difference_update(member["email"] for member in data["members"])
            case "ringfence.access.gained":
                for client in data["clients"]:
                    members = self.open_to.setdefault(client.get("reference", client["id"]), set())
                    members.update(member["email"] for member in data["members"])
            case "ringfence.access.many":
                # Too many to be named: all that these members have is shut until they were asked about.
                for member in data["members"]:
                    self.stale.add(member["email"])
                    for members in self.open_to.values():
                        members.discard(member["email"])
        self._done.add(event["id"])


STORE = DocumentStore()


class Receiver(BaseHTTPRequestHandler):
    """Takes events. An answer of 2xx says that it has been dealt with; anything else brings it again."""

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if not 0 < length <= MOST:
            return self._answer(413)
        body = self.rfile.read(length)
        try:
            Webhook(os.environ["RINGFENCE_WEBHOOK_SECRET"]).verify(body, dict(self.headers))
        except WebhookVerificationError:
            return self._answer(401)
        event = json.loads(body)
        STORE.act_on(event)
        sys.stdout.write(f"{event['type']} {event.get('subject', '')}\n")
        sys.stdout.flush()
        return self._answer(204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing but what was dealt with is told."""


if __name__ == "__main__":
    if not os.environ.get("RINGFENCE_WEBHOOK_SECRET", "").startswith("whsec_"):
        sys.exit("RINGFENCE_WEBHOOK_SECRET is missing: it begins with whsec_; the webhook's page shows it.")
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = HTTPServer(("localhost", port), Receiver)
    sys.stdout.write(f"Listening on http://localhost:{port}/\n")
    sys.stdout.flush()
    server.serve_forever()
