"""Cedar, by cedarpy. It holds no facts: each question brings those that matter, made ready beforehand."""

from collections.abc import Sequence

from cedarpy import Decision, PolicySet, is_authorized

from ringfence.core.terms import Level

from .practice import NEEDED, Action, Practice, Question

POLICIES = """
permit (principal, action == Action::"view", resource)
when { resource.own_view.contains(principal) };
permit (principal, action == Action::"edit", resource)
when { resource.own_edit.contains(principal) };

permit (principal, action == Action::"view", resource)
when { !resource.own.contains(principal) && !(principal in resource.team_blocked) &&
       (principal in resource.team_view || principal.passed_view.containsAny(resource.team_view)) };
permit (principal, action == Action::"edit", resource)
when { !resource.own.contains(principal) && !(principal in resource.team_blocked) &&
       (principal in resource.team_edit || principal.passed_edit.containsAny(resource.team_edit)) };
"""


class Cedar:
    """Policies parsed once; entities of each question gathered before the clock runs."""

    name = "Cedar (cedarpy), a ready slice"
    cannot = "holds no facts, walks no delegations: the caller gathers both for each question"

    def __init__(self, practice: Practice) -> None:
        self._practice = practice
        self._policies = PolicySet.from_str(POLICIES)
        self._ready: dict[Question, tuple[dict[str, object], list[dict[str, object]]]] = {}

    def prepare(self, questions: Sequence[Question]) -> None:
        """Gather what each question needs: what a firm's own software would do, and pay for."""
        for question in questions:
            self._ready[question] = (_request(question), self._slice(question))

    def answers(self, questions: Sequence[Question]) -> list[bool]:
        policies = self._policies
        return [
            is_authorized(*_with(policies, self._ready[question])).decision is Decision.Allow
            for question in questions
        ]

    def _slice(self, question: Question) -> list[dict[str, object]]:
        practice = self._practice
        own, teams = practice.on_client[question.client]
        groups = practice.groups_of.get(question.member, [])
        member = {
            "uid": _uid("Member", question.member),
            "attrs": {
                "passed_view": _groups(practice.passed_groups(question.member, "view")),
                "passed_edit": _groups(practice.passed_groups(question.member, "edit")),
            },
            "parents": [_uid("Group", group) for group in groups],
        }
        client = {
            "uid": _uid("Client", question.client),
            "attrs": {
                "own": [_entity("Member", number) for number in own],
                "own_view": [_entity("Member", number) for number in _at_least(own, "view")],
                "own_edit": [_entity("Member", number) for number in _at_least(own, "edit")],
                "team_view": _groups(_at_least(teams, "view")),
                "team_edit": _groups(_at_least(teams, "edit")),
                "team_blocked": _groups(number for number, level in teams.items() if level == Level.BLOCKED),
            },
            "parents": [],
        }
        return [member, client]


def _with(
    policies: PolicySet, ready: tuple[dict[str, object], list[dict[str, object]]]
) -> tuple[dict[str, object], PolicySet, list[dict[str, object]]]:
    return ready[0], policies, ready[1]


def _request(question: Question) -> dict[str, object]:
    return {
        "principal": f'Member::"{question.member}"',
        "action": f'Action::"{question.action}"',
        "resource": f'Client::"{question.client}"',
        "context": {},
    }


def _at_least(levels: dict[int, Level], action: Action) -> list[int]:
    return [number for number, level in levels.items() if NEEDED[action] <= level < Level.BLOCKED]


def _groups(numbers: "Sequence[int] | set[int] | object") -> list[dict[str, object]]:
    return [_entity("Group", number) for number in numbers]  # type: ignore[union-attr]


def _uid(kind: str, number: int) -> dict[str, object]:
    return {"__entity": {"type": kind, "id": str(number)}}


_entity = _uid
