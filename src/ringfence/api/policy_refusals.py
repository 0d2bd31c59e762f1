"""What stands against a policy that is set, by names and statements, as pages and the command line say it.

What may not be known to who asks is told as what is not there (rules.md 5, knowing).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from ringfence.access import ListRefused, Refused
from ringfence.access.asking_in_words import NamedWord
from ringfence.access.policing.contradicting import contradicted
from ringfence.core.commands.definitions import Command, SetPolicy
from ringfence.core.refusals import Problem
from ringfence.core.terms import Thing
from ringfence.wording.policy_faults import policy_fault_text
from ringfence.wording.saying import LazyText
from ringfence.wording.saying import gettext_lazy as _

from .caller import Caller

UNKNOWN: dict[Problem, tuple[Thing, LazyText]] = {
    Problem.UNKNOWN_MEMBER: (
        Thing.MEMBER,
        _("There is no [member] “%(name)s”. Name one by e-mail address or by id."),
    ),
    Problem.UNKNOWN_CLIENT: (
        Thing.CLIENT,
        _("There is no [client] “%(name)s”. Name one by reference or by id."),
    ),
    Problem.UNKNOWN_GROUP: (
        Thing.GROUP,
        _("There is no [group] “%(name)s”. Name one as the firm does, or by id."),
    ),
    Problem.UNKNOWN_SERVICE: (
        Thing.SERVICE,
        _("There is no service “%(name)s”. Name one as the firm does, or by id."),
    ),
}
NAMED = 10
"""Names that are said; of the others nothing is."""


class PolicyRefused(Exception):
    """A refusal of a policy, said in full; `place` is which command of a list it was (from 0)."""

    def __init__(self, refused: Refused, detail: str, place: int | None = None) -> None:
        super().__init__(detail)
        self.refused, self.detail, self.place = refused, detail, place


@contextmanager
def said_in_full(
    caller: Caller, commands: Sequence[Command], words: Sequence[Sequence[NamedWord]]
) -> Iterator[None]:
    """Refusals of policies among these commands are raised as `PolicyRefused`; `words` are each one's."""
    try:
        yield
    except Refused as refused:
        if len(commands) == 1:
            _say(caller, commands[0], words[0], refused, None)
        raise
    except ListRefused as stopped:
        _say(caller, commands[stopped.place], words[stopped.place], stopped.refused, stopped.place)
        raise


def _say(
    caller: Caller, command: Command, words: Sequence[NamedWord], refused: Refused, place: int | None
) -> None:
    if not isinstance(command, SetPolicy) or refused.field != "statements":
        return
    if refused.problem is Problem.POLICY_CONTRADICTS:
        told = contradicted(caller.now, caller.actor.member, command, refused.row or 0)
        detail = policy_fault_text("contradicts", told) if told else ""
    else:
        detail = _unknown(caller, words, refused.problem)
    if detail:
        raise PolicyRefused(refused, detail, place) from refused


def _unknown(caller: Caller, words: Sequence[NamedWord], problem: Problem) -> str:
    if problem not in UNKNOWN:
        return ""
    thing, sentence = UNKNOWN[problem]
    known = _known(caller, thing)
    missing = dict.fromkeys(each.word for each in words if each.thing is thing and not known(each.number))
    return " ".join(str(sentence) % {"name": word} for word in list(missing)[:NAMED])


def _known(caller: Caller, thing: Thing) -> Callable[[int], bool]:
    """Of which number the caller may be told that it is there."""
    now, member = caller.now, caller.actor.member
    if thing is Thing.CLIENT:
        return now.known_clients(member).__contains__
    if thing is Thing.SERVICE:
        return now.offered_services(member).__contains__
    return (now.members if thing is Thing.MEMBER else now.groups).__contains__
