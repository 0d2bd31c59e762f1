"""An explanation in sentences: the proof for administrators, the safe part for the member (rules.md 2)."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from ringfence.core.explanation.explanation import Explanation
from ringfence.core.explanation.grants import Delegator, GrantFact, Hop, Path, Use
from ringfence.core.settings import Settings
from ringfence.core.terms import Level, Reason

from .levels_and_roles import level_name
from .names_by_number import NamesByNumber, engagement_text, own_on_client, subject_text, target_text
from .reasons import member_reason_text, reason_text
from .saying import LazyText, gettext_lazy
from .saying import gettext as _

USES: dict[Use, LazyText] = {
    Use.WON: gettext_lazy("This decided."),
    Use.OVERRIDDEN: gettext_lazy("It counts, but something that goes before it gave the answer."),
    Use.EXPIRED: gettext_lazy("It has expired and gives nothing any more."),
    Use.INACTIVE: gettext_lazy("The [member] is not active, so it gives nothing."),
    Use.EXCLUDED: gettext_lazy("This [client] has been left out of it."),
    Use.EMPTY_GROUP: gettext_lazy("No active [member] is in the [group], so it gives nobody anything."),
    Use.FOR_OTHERS: gettext_lazy("It is for others."),
    Use.NOTHING_TO_PASS: gettext_lazy("The delegator has no access to pass on."),
    Use.NOT_PASSED_ON: gettext_lazy("It goes no further than the first delegate."),
    Use.SWITCHED_OFF: gettext_lazy("Delegation is turned off in this firm."),
}
"""What became of a fact."""


class Kind(StrEnum):
    """What a line of the proof is, for pages that set them apart."""

    ANSWER = "answer"
    REASON = "reason"
    WAY = "way"
    FACT = "fact"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the proof."""

    kind: Kind
    text: str


def for_administrator(explanation: Explanation, names: NamesByNumber) -> tuple[Line, ...]:
    """The full proof: answer, reason, every way that won, then every fact that was looked at.

    Never for the member concerned: it names walls, blocks and other people's access.
    """
    reason = explanation.decision.reason
    if reason is Reason.OUTSIDE_FIRM:
        return (Line(kind=Kind.REASON, text=reason_text(reason, "", "")),)
    who = names.member(explanation.member)
    where = engagement_text(names, explanation.client, explanation.service)
    answer = _("%(member)s for %(client)s: %(level)s") % {
        "member": who,
        "client": where,
        "level": level_name(explanation.decision.level, own=reason is Reason.DIRECT),
    }
    lines = [
        Line(kind=Kind.ANSWER, text=answer),
        Line(kind=Kind.REASON, text=reason_text(reason, who, where)),
    ]
    lines += [Line(kind=Kind.WAY, text=_way(explanation, path, names)) for path in explanation.paths]
    lines += [Line(kind=Kind.FACT, text=text) for text in _facts(explanation, names)]
    return tuple(lines)


def _way(explanation: Explanation, path: Path, names: NamesByNumber) -> str:
    """``John → Susan (delegation, at most: Editor) → Team A → Acme: Editor``."""
    stops = [names.member(explanation.member)]
    stops += [
        _("%(delegator)s (delegation, at most: %(level)s)")
        % {"delegator": names.member(hop.delegator), "level": level_name(hop.cap)}
        for hop in path.hops
    ]
    if path.grant.subject.kind == "group":
        stops.append(names.group(path.grant.subject.number))
    stops.append(
        f"{target_text(names, path.grant.target, explanation.client, explanation.service)}: "
        f"{level_name(path.grant.level, own=own_on_client(path.grant.subject, path.grant.target))}"
    )
    return " → ".join(stops)


def _facts(explanation: Explanation, names: NamesByNumber) -> Iterator[str]:
    for wall in explanation.walls:
        yield _("Wall between the two: %(wall)s.") % {"wall": names.wall(wall)}
    for fact in explanation.grants:
        yield _grant(explanation, fact, names)
    people = {one.member: one for one in explanation.delegators}
    for hop in explanation.hops:
        yield _hop(hop, names)
        if hop.use not in {Use.WON, Use.EXPIRED, Use.NOT_PASSED_ON, Use.SWITCHED_OFF}:
            yield _delegator(explanation, people[hop.delegator], names)
    yield from _openness(explanation, names)


def _grant(explanation: Explanation, fact: GrantFact, names: NamesByNumber) -> str:
    values = {
        "subject": subject_text(names, fact.subject),
        "level": level_name(fact.level, own=own_on_client(fact.subject, fact.target)),
        "target": target_text(names, fact.target, explanation.client, explanation.service),
    }
    if fact.emergency and fact.expires is not None:
        values["until"] = names.until(fact.expires)
        text = _("%(subject)s on %(target)s, emergency access %(until)s: %(level)s.") % values
    elif fact.expires is None:
        text = _("%(subject)s on %(target)s: %(level)s.") % values
    else:
        values["until"] = names.until(fact.expires)
        text = _("%(subject)s on %(target)s, %(until)s: %(level)s.") % values
    return f"{text} {USES[fact.use]}"


def _hop(hop: Hop, names: NamesByNumber) -> str:
    values = {
        "delegator": names.member(hop.delegator),
        "delegate": names.member(hop.delegate),
        "level": level_name(hop.cap),
    }
    if hop.expires is None:
        text = _("Delegation from %(delegator)s to %(delegate)s, at most: %(level)s.") % values
    else:
        values["until"] = names.until(hop.expires)
        text = _("Delegation from %(delegator)s to %(delegate)s, %(until)s, at most: %(level)s.") % values
    return f"{text} {USES[hop.use]}"


def _delegator(explanation: Explanation, delegator: Delegator, names: NamesByNumber) -> str:
    where = engagement_text(names, explanation.client, explanation.service)
    return reason_text(delegator.decision.reason, names.member(delegator.member), where)


def _openness(explanation: Explanation, names: NamesByNumber) -> Iterator[str]:
    """What step 9 looked at, where the decision came that far."""
    if explanation.step < 9:
        return
    openness = explanation.openness
    if openness.level is Level.NONE:
        yield _("Unassigned [clients] are closed in this firm.")
    elif explanation.decision.reason is Reason.UNASSIGNED:
        yield _("Unassigned [clients] are open in this firm: %(level)s.") % {
            "level": level_name(openness.level)
        }
    if openness.confidential:
        yield _("The [client] is confidential, so it is never open to all.")
    told = set(explanation.grants)
    for fact in openness.assigned_by:
        if fact not in told:
            yield _("Not open to all because of this: %(grant)s") % {
                "grant": _grant(explanation, fact, names)
            }


def for_member(explanation: Explanation, names: NamesByNumber, settings: Settings) -> tuple[str, ...]:
    """What the member themselves may know: the reason, and by which of their groups or delegators.

    A wall, a block and no access at all read alike; nothing that is hidden is named (rules.md 2).
    """
    reason = _told(explanation)
    if not explanation.decision.allowed:
        client = names.client(explanation.client) if explanation.client else ""
        return (member_reason_text(reason, settings, client),)
    level = level_name(explanation.decision.level, own=reason is Reason.DIRECT)
    lines = [_opened_in_an_emergency(explanation, names) or member_reason_text(reason, settings, ""), level]
    match reason:
        case Reason.DIRECT if not explanation.emergency_until:
            ends = (fact.expires for fact in explanation.won if fact.expires is not None)
            lines += [_("It stands %(until)s.") % {"until": names.until(each)} for each in ends]
        case Reason.GROUP:
            numbers = dict.fromkeys(
                fact.subject.number for fact in explanation.won if fact.subject.kind == "group"
            )
            groups = ", ".join(names.group(number) for number in numbers)
            lines.append(_("Through: %(groups)s") % {"groups": groups})
        case Reason.DELEGATED:
            to_them = [hop for hop in explanation.hops if hop.delegate == explanation.member]
            winners = (names.member(hop.delegator) for hop in to_them if hop.use is Use.WON)
            lines.append(_("Delegated by: %(members)s") % {"members": ", ".join(winners)})
    return tuple(lines)


def _opened_in_an_emergency(explanation: Explanation, names: NamesByNumber) -> str:
    """Until when, where emergency access decided; else empty."""
    if (expires := explanation.emergency_until) is None:
        return ""
    return _("You opened this [client] in an emergency, %(until)s.") % {"until": names.until(expires)}


def _told(explanation: Explanation) -> Reason:
    """Who may open nothing at all is told so first: whether there is such a client stays untold."""
    person = explanation.person
    if explanation.decision.reason is Reason.OUTSIDE_FIRM and person is not None:
        if not person.active:
            return Reason.INACTIVE_MEMBER
        if not person.access:
            return Reason.NO_ACCESS_PERMISSION
    return explanation.decision.reason
