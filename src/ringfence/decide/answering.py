"""One question, one answer: the judgement of the core, with the level, a reason and a text for the user.

The reason is the one that is safe for the user (rules.md 2, end): a wall, a block and plain absence read
alike, and where clients are hidden all of them read as if there were no such client. A token with the scope
`explain` is told the true one, with every fact.
"""

from typing import Any, NamedTuple

import msgspec

from ringfence.core.authority.asked import NEEDED, Action, Judgement, judge
from ringfence.core.authority.capability import may
from ringfence.core.authority.requesting import requestable
from ringfence.core.explanation.explanation import explain
from ringfence.core.settings import Settings
from ringfence.core.terms import Capability, Level, Reason, Target
from ringfence.core.values import Member
from ringfence.wording.catalogue import in_language
from ringfence.wording.explanation import for_administrator
from ringfence.wording.levels_and_roles import level_text
from ringfence.wording.reasons import TELLABLE, member_reason_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import in_words_of

from .access_requests import may_request, requestable_context
from .asking import FirmAsked
from .metadata import request_page
from .names_looked_up import NamesLookedUp
from .wire import ActionAsked, Entity

UNKNOWN_ACTION = "unknown_action"
"""The reason for an action that nobody has described: no reason of the rules, since nothing was decided."""

_ENCODE = msgspec.json.Encoder().encode


class DecisionAnswer(NamedTuple):
    """One answer as it goes over the wire, and what a decision log notes of it."""

    body: bytes
    """A JSON object whose last member is the object `context`."""
    allowed: bool
    reason: str
    """The true one."""
    member: int
    target: Target
    action: Action | None
    requestable: bool = False
    """Whether the member could ask to have it lifted."""

    def with_version(self, version: int) -> bytes:
        """The answer alone, with the firm's version in its context."""
        return b'%b,"version":%d}}' % (self.body[:-2], version)


def answer(asking: FirmAsked, subject: Entity, deed: ActionAsked, resource: Entity) -> DecisionAnswer:
    """May the subject do that to the resource?"""
    answers = asking.answers
    key = answer_key(subject, deed, resource)
    found: DecisionAnswer | None = answers.get(key)
    if found is None or deed.properties:
        action = asking.action(deed)
        if action is None:
            return _undescribed(deed.name)
        found = _answer(asking, asking.member(subject), asking.target(resource), action)
        if found.requestable and may_request(asking, found.member):
            # Access is asked for on the strength of this very answer, so nobody else is given it.
            return _to_be_requested(asking, found, subject, deed, resource)
        if not (asking.explains or deed.properties):
            answers[key] = found
    return found


def answer_key(subject: Entity, deed: ActionAsked, resource: Entity) -> tuple[str, ...]:
    """Texts lead to the same numbers as long as the version is the same, and so to the same answer."""
    return subject.id, resource.id, deed.name, resource.type, subject.type


def refused(text: str, status: int = 400) -> DecisionAnswer:
    """The answer to one of several questions that cannot be understood: no, and why."""
    body = {"decision": False, "context": {"error": {"status": status, "message": text}}}
    return DecisionAnswer(_ENCODE(body), False, "", 0, Target("client", 0), None)


def _undescribed(name: str) -> DecisionAnswer:
    told = f"{name[:100]!r} is no action here: write view, edit, remove, share, or one that the firm names."
    body = {"decision": False, "context": {"level": "none", "reason": UNKNOWN_ACTION, "message": told}}
    return DecisionAnswer(_ENCODE(body), False, UNKNOWN_ACTION, 0, Target("client", 0), None)


def _to_be_requested(
    asking: FirmAsked, found: DecisionAnswer, subject: Entity, deed: ActionAsked, resource: Entity
) -> DecisionAnswer:
    """The denial with what other software needs to ask for access by itself (decision 57)."""
    assert found.action is not None
    with in_language(asking.language), in_words_of(asking.settings):
        client = client_of(asking, found.target)
        told = requestable_context(asking, client, NEEDED[found.action], subject, deed, resource)
    # Behind the last member of the context, which is the last of the answer.
    return found._replace(body=b"%b,%b}" % (found.body[:-2], _ENCODE(told)[1:])) if told else found


def _answer(asking: FirmAsked, member: int, target: Target, action: Action) -> DecisionAnswer:
    judgement = judge(asking.moment, member, target, action)
    told = safe_reason(judgement, asking.moment.state.members.get(member), asking.settings)
    page = _request_page(asking, judgement, told, member, target, action)
    body = _body(asking, judgement, told, member, target, action, page)
    reason = judgement.reason.value
    return DecisionAnswer(body, judgement.allowed, reason, member, target, action, bool(page))


def _body(
    asking: FirmAsked,
    judgement: Judgement,
    told: Reason,
    member: int,
    target: Target,
    action: Action,
    page: str,
) -> bytes:
    """The same text for all who are told the same, unless it names something."""
    if page:
        return _written(asking, judgement, told, member, target, action, page)
    names = asking.explains or (told is Reason.NOT_ASSIGNED and asking.settings.inaccessible == "named")
    if names:
        return _written(asking, judgement, told, member, target, action)
    key = (judgement.allowed, judgement.level, told, judgement.partial, action is Action.SHARE)
    bodies = asking.kept.answers(asking.moment, ("bodies", asking.language))
    found: bytes | None = bodies.get(key)
    if found is None:
        found = bodies[key] = _written(asking, judgement, told, member, target, action)
    return found


def _request_page(
    asking: FirmAsked, judgement: Judgement, told: Reason, member: int, target: Target, action: Action
) -> str:
    """Where the member can ask for what is refused; empty for who cannot (decision 62).

    An answer that reads as if there were no such client says nothing more.
    """
    settings, moment = asking.settings, asking.moment
    if judgement.allowed or action is Action.SHARE or told is Reason.OUTSIDE_FIRM or not settings.requests:
        return ""
    needed = NEEDED[action]
    if settings.levels != "four" and needed is Level.OWNER:
        # The firm's screens offer Editor alone (rules.md 1).
        return ""
    client = client_of(asking, target)
    if needed not in requestable(moment, member, client):
        return ""
    if may(moment.state, member, Capability.MANAGE_ACCESS):
        # They would answer their own request: they give themselves access, within sight of the others.
        return ""
    return request_page(asking.kept.texts.firm, client)


def _written(
    asking: FirmAsked,
    judgement: Judgement,
    told: Reason,
    member: int,
    target: Target,
    action: Action,
    page: str = "",
) -> bytes:
    with in_language(asking.language), in_words_of(asking.settings):
        context: dict[str, Any] = {
            "level": judgement.level.word,
            "reason": (judgement.reason if asking.explains else told).value,
            "message": _message(asking, judgement, told, target, action),
        }
        if judgement.partial:
            context["partial"] = True
        if page:
            context["request_at"] = page
        if asking.explains:
            context["explanation"] = parts = _explanation(asking, member, target)
            ends = [part["emergency_until"] for part in parts if "emergency_until" in part]
            if ends and judgement.allowed:
                context["emergency_until"] = min(ends)
    return _ENCODE({"decision": judgement.allowed, "context": context})


def safe_reason(judgement: Judgement, person: Member | None, settings: Settings) -> Reason:
    """The reason that the member may know."""
    if judgement.level is not Level.NONE:
        return judgement.reason
    if person is not None and not person.active:
        return Reason.INACTIVE_MEMBER
    if person is not None and not person.access:
        return Reason.NO_ACCESS_PERMISSION
    if judgement.partial or (settings.inaccessible == "named" and judgement.reason in TELLABLE):
        return Reason.NOT_ASSIGNED
    return Reason.OUTSIDE_FIRM


def _message(asking: FirmAsked, judgement: Judgement, told: Reason, target: Target, action: Action) -> str:
    """A sentence for the user, in their language and the firm's words."""
    if judgement.level is not Level.NONE and not judgement.allowed:
        return _("You cannot share this [client].") if action is Action.SHARE else level_text(judgement.level)
    client = ""
    if told is Reason.NOT_ASSIGNED and asking.settings.inaccessible == "named":
        client = NamesLookedUp(asking).client(client_of(asking, target))
    return member_reason_text(told, asking.settings, client)


def client_of(asking: FirmAsked, target: Target) -> int:
    """The client that is asked about, 0 for none."""
    return target.number if target.kind == "client" else asking.moment.client_of(target.number)


def _explanation(asking: FirmAsked, member: int, target: Target) -> list[dict[str, Any]]:
    """Every fact that counted, engagement by engagement, in sentences (rules.md 2, end)."""
    moment, register = asking.moment, asking.moment.state.register
    names = NamesLookedUp(asking)
    numbers = [target.number] if target.kind == "engagement" else register.engagements_of(target.number)
    found = []
    for number in numbers or [0]:
        one = explain(moment, member, number)
        part = {
            "engagement": f"id:{number}" if one.client else "",
            "service": names.service(one.service) if one.client else "",
            "level": one.decision.level.word,
            "reason": one.decision.reason.value,
            "step": one.step,
            "lines": [line.text for line in for_administrator(one, names)],
        }
        if one.emergency_until is not None:
            part["emergency_until"] = one.emergency_until
        found.append(part)
    return found
