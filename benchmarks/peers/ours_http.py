"""Ringfence's decision service in a process of its own, asked with a token at its AuthZEN endpoint."""

import json
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import NamedTuple

from .founding import email, reference
from .practice import Question


class Service(NamedTuple):
    """Where it answers, and for whom."""

    port: int
    token: str


PATH = "/access/v1/evaluation"


class OursOverHttp:
    """One connection that stays open, one question after another, each answered by the present version."""

    name = "Ringfence, AuthZEN over HTTP"
    cannot = ""

    def __init__(self, service: Service) -> None:
        self._connection = HTTPConnection("127.0.0.1", service.port)
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {service.token}"}
        self._ready: dict[Question, bytes] = {}

    def prepare(self, questions: Sequence[Question]) -> None:
        """Write the requests, as is done for the others."""
        self._ready = {question: body(question) for question in questions}

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        found = []
        for question in questions:
            self._connection.request("POST", PATH, self._ready[question], self._headers)
            found.append(bool(json.loads(self._connection.getresponse().read())["decision"]))
        return found

    def close(self) -> None:
        self._connection.close()


def body(question: Question) -> bytes:
    """The request."""
    return json.dumps(
        {
            "subject": {"type": "user", "id": email(question.member)},
            "action": {"name": question.action},
            "resource": {"type": "client", "id": reference(question.client)},
        }
    ).encode()
