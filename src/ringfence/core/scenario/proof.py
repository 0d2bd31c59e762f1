"""The explanation of a decision as plain lines, for whoever reads why a statement failed."""

from ringfence.core.decision.moment import Moment
from ringfence.core.explanation.explanation import Explanation, explain
from ringfence.core.explanation.grants import GrantFact, Hop
from ringfence.core.terms import Subject, Target, Thing

from .setup import Book


def proof(book: Book, moment: Moment, member: int, engagement: int) -> list[str]:
    """One line for the step that answered and one for every fact that was looked at."""
    found = explain(moment, member, engagement)
    service = book.name(Thing.SERVICE, found.service)
    answer = found.decision
    lines = [f"{service}: {answer.level.word} by step {found.step} of rules.md 2 ({answer.reason.value})"]
    lines += [_grant_line(book, moment, fact) for fact in found.grants]
    lines += [f"wall {book.name(Thing.WALL, wall)} stands between them" for wall in found.walls]
    lines += [_hop_line(book, hop) for hop in found.hops]
    return [*lines, *_openness_lines(book, moment, found)]


def _grant_line(book: Book, moment: Moment, fact: GrantFact) -> str:
    subject, target = _subject(book, fact.subject), _target(book, moment, fact.target)
    return f"{subject} has {fact.level.word} on {target}: {fact.use.value.replace('_', ' ')}"


def _subject(book: Book, subject: Subject) -> str:
    if subject.kind == "group":
        return f"group {book.name(Thing.GROUP, subject.number)}"
    return book.name(Thing.MEMBER, subject.number)


def _target(book: Book, moment: Moment, target: Target) -> str:
    register = moment.state.register
    match target.kind:
        case "engagement":
            client = book.name(Thing.CLIENT, register.client_of[target.number])
            return f"{client} · {book.name(Thing.SERVICE, register.service_of[target.number])}"
        case "client":
            return book.name(Thing.CLIENT, target.number)
        case "service":
            return f"service {book.name(Thing.SERVICE, target.number)}"
        case "all":
            return "all clients"


def _hop_line(book: Book, hop: Hop) -> str:
    giver, taker = book.name(Thing.MEMBER, hop.delegator), book.name(Thing.MEMBER, hop.delegate)
    return (
        f"{giver} delegates to {taker} up to {hop.cap.word}, passes {hop.passes.word}: "
        f"{hop.use.value.replace('_', ' ')}"
    )


def _openness_lines(book: Book, moment: Moment, found: Explanation) -> list[str]:
    """What step 9 looked at, where the answer got that far."""
    if found.step < 9:
        return []
    lines = [
        f"assigned by {_subject(book, fact.subject)} on {_target(book, moment, fact.target)}"
        for fact in found.openness.assigned_by
    ]
    if found.openness.confidential:
        lines.append("the client is confidential")
    return [*lines, f"the firm leaves unassigned clients open at level {found.openness.level.word}"]
