"""Cerbos as a server, asked at its AuthZEN endpoint. It holds no facts: each question brings them."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from ringfence.core.terms import Level

from .practice import NEEDED, Action, Practice, Question

POLICY = """
apiVersion: api.cerbos.dev/v1
resourcePolicy:
  version: default
  resource: client
  rules:
    - actions: [view]
      effect: EFFECT_ALLOW
      roles: [member]
      condition:
        match:
          any:
            of:
              - expr: P.id in R.attr.own_view
              - all:
                  of:
                    - expr: "!(P.id in R.attr.own)"
                    - expr: "!hasIntersection(P.attr.groups, R.attr.team_blocked)"
                    - expr: hasIntersection(P.attr.groups, R.attr.team_view) ||
                            hasIntersection(P.attr.passed_view, R.attr.team_view)
    - actions: [edit]
      effect: EFFECT_ALLOW
      roles: [member]
      condition:
        match:
          any:
            of:
              - expr: P.id in R.attr.own_edit
              - all:
                  of:
                    - expr: "!(P.id in R.attr.own)"
                    - expr: "!hasIntersection(P.attr.groups, R.attr.team_blocked)"
                    - expr: hasIntersection(P.attr.groups, R.attr.team_edit) ||
                            hasIntersection(P.attr.passed_edit, R.attr.team_edit)
"""
SETTINGS = """
server:
  httpListenAddr: "127.0.0.1:{port}"
  grpcListenAddr: "127.0.0.1:{next_port}"
telemetry: {{disabled: true}}
storage:
  driver: disk
  disk: {{directory: "{policies}", watchForChanges: false}}
"""
PATH = "/access/v1/evaluation"
START_SECONDS = 20


class Cerbos:
    """Its log of requests is off, as ours is."""

    name = "Cerbos, AuthZEN over HTTP"
    cannot = "holds no facts, walks no delegations: the caller sends both with each question"

    def __init__(self, practice: Practice, program: Path, port: int) -> None:
        self._practice = practice
        self._ready: dict[Question, bytes] = {}
        self.port = port
        self._folder = tempfile.TemporaryDirectory(prefix="ringfence-cerbos-")
        folder = Path(self._folder.name)
        policies = folder / "policies"
        policies.mkdir()
        (policies / "client.yaml").write_text(POLICY)
        settings = folder / "settings.yaml"
        settings.write_text(SETTINGS.format(port=port, next_port=port + 1, policies=policies))
        self._process = subprocess.Popen(
            [program, "server", "--config", settings, "--log-level", "error"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def body(self, question: Question) -> bytes:
        """The request with all that the policy looks at."""
        practice = self._practice
        own, teams = practice.on_client[question.client]
        member = {
            "cerbos.roles": ["member"],
            "groups": practice.groups_of.get(question.member, []),
            "passed_view": sorted(practice.passed_groups(question.member, "view")),
            "passed_edit": sorted(practice.passed_groups(question.member, "edit")),
        }
        client = {
            "own": [str(number) for number in own],
            "own_view": [str(number) for number in _at_least(own, "view")],
            "own_edit": [str(number) for number in _at_least(own, "edit")],
            "team_view": _at_least(teams, "view"),
            "team_edit": _at_least(teams, "edit"),
            "team_blocked": [number for number, level in teams.items() if level == Level.BLOCKED],
        }
        return json.dumps(
            {
                "subject": {"type": "member", "id": str(question.member), "properties": member},
                "action": {"name": question.action},
                "resource": {"type": "client", "id": str(question.client), "properties": client},
            }
        ).encode()

    def prepare(self, questions: Sequence[Question]) -> None:
        """Gather what each question needs: what a firm's own software would do, and pay for."""
        self._ready = {question: self.body(question) for question in questions}

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        connection = HTTPConnection("127.0.0.1", self.port)
        found = []
        for question in questions:
            connection.request("POST", PATH, self._ready[question], {"Content-Type": "application/json"})
            found.append(bool(json.loads(connection.getresponse().read())["decision"]))
        connection.close()
        return found

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()

    def _wait(self) -> None:
        until = monotonic() + START_SECONDS
        while monotonic() < until:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
            with suppress(OSError):
                connection.request("GET", "/_cerbos/health")
                if connection.getresponse().status == 200:
                    return
            sleep(0.1)
        self.close()
        raise TimeoutError("Cerbos did not start")


def _at_least(levels: dict[int, Level], action: Action) -> list[int]:
    return [number for number, level in levels.items() if NEEDED[action] <= level < Level.BLOCKED]
