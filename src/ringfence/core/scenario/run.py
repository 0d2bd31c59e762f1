"""Playing a scenario: its checks, its steps, and what failed, with the explanation of each decision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ringfence.core.commands import Command, Refused, carry_out
from ringfence.core.commands.parsing import Arguments, BadArgument, parse
from ringfence.core.compare.difference import Difference, difference
from ringfence.core.decision.moment import Moment, at
from ringfence.core.decision.single import decide
from ringfence.core.policies.breaking import newly_broken
from ringfence.core.policies.checking import broken
from ringfence.core.refusals import Refusal
from ringfence.core.scenario.proof import proof
from ringfence.core.terms import GIVING, Instant, Level, Reason, Thing

from .files import ScenarioFault, listed, names_in, need, one_of, pairs_of, read
from .setup import Book, build
from .surface import Surface

START = Instant(1_767_225_600_000_000)
"""2026-01-01T00:00:00Z, where every scenario's clock starts."""


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario played: the statements that failed, none when it holds."""

    name: str
    failures: tuple[str, ...]
    statements: int
    """How many statements were looked at."""


def run(text: str, surface: Surface | None = None) -> list[Played]:
    """Plays every document of a scenario file (YAML 1.2 or JSON). Raises `ScenarioFault`.

    A `surface` goes through the same and must answer as memory does: levels, refusals, clients seen.
    """
    return [_play(document, surface) for document in read(text)]


def _play(document: Mapping[str, Any], surface: Surface | None) -> Played:
    name = str(document.get("name", "unnamed"))
    try:
        player = Player(build(document), surface)
        for check in listed(document, "checks"):
            player.check(check)
        for step in listed(document, "steps"):
            player.step(step)
    except BadArgument as fault:
        raise ScenarioFault(f"{name}: {fault}") from None
    if not player.statements:
        raise ScenarioFault(f"{name}: it states nothing. Give it checks, or steps that check or do something")
    return Played(name=name, failures=tuple(player.failures), statements=player.statements)


class Player:
    """A firm in the course of a scenario."""

    def __init__(self, book: Book, surface: Surface | None = None) -> None:
        self.book = book
        self.now = START
        self.failures: list[str] = []
        self.statements = 0
        self.surface = surface
        if surface is not None:
            surface.set_up(book, self.now)

    @property
    def moment(self) -> Moment:
        return at(self.book.state, self.now)

    def _state(self, holds: bool, failure: str, engagements: Sequence[int] = (), member: int = 0) -> None:
        """Counts a statement; one that does not hold is kept with the proof of the decisions it is about."""
        self.statements += 1
        if not holds:
            lines = [line for number in engagements if number for line in self._proof(member, number)]
            self.failures.append("\n    ".join([failure, *lines]))

    def _proof(self, member: int, engagement: int) -> list[str]:
        return proof(self.book, self.moment, member, engagement)

    # --- Steps

    def step(self, step: Any) -> None:
        step = need(step, ("do", "by", "with", "expect", "check", "at"), "a step")
        if "at" in step:
            time = Arguments(step, self.book).when("at")
            if time is None or time < self.now:
                raise BadArgument("the clock of a scenario moves on, not back")
            self.now = time
        elif "check" in step:
            self.check(step["check"])
        elif "do" in step:
            self._do(step)
        else:
            raise BadArgument(f"a step is do, check or at, not {', '.join(map(str, step))}")

    def _do(self, step: Mapping[str, Any]) -> None:
        label = f"{step['do']} by {step.get('by', 'no member')}"
        actor = self._actor(step.get("by"))
        expected = need(
            step.get("expect", {"ok": True}),
            ("ok", "refused", "gains", "loses", "opens", "closes", "breaks"),
            "expect",
        )
        if "refused" in expected:
            one_of(expected["refused"], list(Refusal), "refused")
        if expected.get("ok", True) is not True or {"ok", "refused"} <= expected.keys():
            raise BadArgument("expect is either ok: true or refused with a code such as not_permitted")
        command: Command | None = None
        try:
            command = parse(str(step["do"]), step.get("with") or {}, self.book)
            change, after = carry_out(self.moment, self.book.directory, command, actor=actor)
        except (Refused, BadArgument) as refusal:
            code = refusal.refusal.value if isinstance(refusal, Refused) else "invalid"
            self._state(
                expected.get("refused") == code,
                f"{label}: expected {_wanted(expected)}, was refused with {code} ({refusal})",
            )
            self._carry_out_elsewhere(label, command, actor, code)
            return
        before_now = self.moment
        before = self.book.state
        self.book.state = after
        self.book.directory.take(change.texts)
        self.book.directory.forget(change.events, after.register)
        self._state("refused" not in expected, f"{label}: expected {_wanted(expected)}, was done")
        self._carry_out_elsewhere(label, command, actor, "")
        stated = [key for key in ("gains", "loses", "opens", "closes") if key in expected]
        if "breaks" in expected:
            self._check_breaks(label, newly_broken(before_now, after, change.events), expected["breaks"])
        if stated:
            self._compare(label, difference(before, after, change.events, self.now), expected, stated)

    def _check_breaks(self, label: str, broken: Iterable[int], expected: Any) -> None:
        got = {self.book.name(Thing.POLICY, policy) for policy in broken}
        want = set(names_in(expected, "breaks"))
        self._state(got == want, f"{label}: breaks {_listed(got)}, expected {_listed(want)}")

    def _carry_out_elsewhere(self, label: str, command: Command | None, actor: int | None, code: str) -> None:
        """What cannot be read as a command reaches no surface."""
        if self.surface is not None and command is not None:
            found = self.surface.carry_out(command, actor, self.now)
            self._state(found == code, f"{label}: the surface answers {found or 'ok'}, memory {code or 'ok'}")

    def _actor(self, name: Any) -> int | None:
        if name is None:
            return None
        number = self.book.number(Thing.MEMBER, str(name))
        if not number:
            raise BadArgument(f"there is no member {name!r} who could do a step")
        return number

    def _compare(self, label: str, found: Difference, expected: Mapping[str, Any], stated: list[str]) -> None:
        for key in stated:
            if key in {"gains", "loses"}:
                want = pairs_of(expected[key], key)
                pairs = found.gains if key == "gains" else found.loses
                got = {
                    (self.book.name(Thing.MEMBER, member), self.book.name(Thing.CLIENT, client))
                    for member, clients in pairs.items()
                    for client in clients
                }
                self._state(got == want, f"{label}: {key} {_listed(got)}, expected {_listed(want)}")
            else:
                names = set(names_in(expected[key], key))
                clients = found.opens if key == "opens" else found.closes
                seen = {self.book.name(Thing.CLIENT, client) for client in clients}
                self._state(seen == names, f"{label}: {key} {_listed(seen)}, expected {_listed(names)}")

    # --- Checks

    def check(self, check: Any) -> None:
        known = ("member", "client", "service", "level", "reason", "sees", "open_to", "policy", "holds")
        check = need(check, known, "a check")
        if "sees" in check:
            self._check_sees(need(check, known, "a check", "member"))
        elif "open_to" in check:
            self._check_open_to(need(check, known, "a check", "client"))
        elif "policy" in check:
            self._check_policy(need(check, known, "a check", "policy", "holds"))
        else:
            self._check_level(need(check, known, "a check", "member", "client"))

    def _check_sees(self, check: Mapping[str, Any]) -> None:
        member = self._known(Thing.MEMBER, check["member"])
        clients = self.moment.clients(member)
        if self.surface is not None:
            elsewhere = self.surface.clients(member, self.now)
            self._state(elsewhere == set(clients), f"{check['member']} sees {elsewhere} on the surface")
        got = {self.book.name(Thing.CLIENT, client) for client in clients}
        want = set(names_in(check["sees"], "sees"))
        self._state(got == want, f"{check['member']} sees {_listed(got)}, expected {_listed(want)}")

    def _check_open_to(self, check: Mapping[str, Any]) -> None:
        client = self._known(Thing.CLIENT, check["client"])
        members = self.moment.who(client)
        if self.surface is not None:
            everybody = self.book.state.members
            elsewhere = {each for each in everybody if client in self.surface.clients(each, self.now)}
            self._state(elsewhere == set(members), f"{check['client']} is open to {elsewhere} on the surface")
        got = {self.book.name(Thing.MEMBER, member) for member in members}
        want = set(names_in(check["open_to"], "open_to"))
        self._state(got == want, f"{check['client']} is open to {_listed(got)}, expected {_listed(want)}")

    def _check_policy(self, check: Mapping[str, Any]) -> None:
        policy = self.book.state.policies[self._known(Thing.POLICY, check["policy"])]
        wanted = Arguments(check, self.book).flag("holds")
        holds = not any(broken(self.moment, policy.statements))
        found = "holds" if holds else "does not hold"
        self._state(holds is wanted, f"the policy {check['policy']} {found}, expected otherwise")

    def _known(self, thing: Thing, name: Any) -> int:
        number = self.book.number(thing, str(name))
        if not number:
            raise BadArgument(f"there is no {thing} {name!r} to check")
        return number

    def _check_level(self, check: Mapping[str, Any]) -> None:
        member = self._known(Thing.MEMBER, check["member"])
        client = self.book.number(Thing.CLIENT, str(check["client"]))
        engagements = self._engagements(client, check.get("service"))
        level, reasons = self._found(member, engagements)
        what = f"{check['member']} on {check['client']}"
        if "service" in check:
            what += f" · {check['service']}"
        got = f"{level.word} ({', '.join(sorted(reasons))})"
        if "level" in check:
            want = one_of(check["level"], [level.word for level in (Level.NONE, *GIVING)], "level")
            self._state(level.word == want, f"{what}: {got}, expected {want}", engagements, member)
        if "reason" in check:
            want = one_of(check["reason"], list(Reason), "reason")
            self._state(want in reasons, f"{what}: {got}, expected {want}", engagements, member)

    def _engagements(self, client: int, service: Any) -> list[int]:
        if service is None:
            return self.moment.state.register.engagements_of(client)
        return [self.book.engagement(client, self.book.number(Thing.SERVICE, str(service)))]

    def _found(self, member: int, engagements: list[int]) -> tuple[Level, set[Reason]]:
        """The lowest level over the engagements, and every reason that gives it."""
        decisions = [decide(self.moment, member, engagement) for engagement in engagements]
        if not decisions:
            return Level.NONE, {Reason.OUTSIDE_FIRM}
        for engagement, decision in zip(engagements, decisions, strict=True):
            if self.surface is not None:
                level = self.surface.level(member, engagement, self.now)
                failure = f"member {member}, engagement {engagement}: {level.word} on the surface"
                self._state(level is decision.level, failure, [engagement], member)
        lowest = min(decision.level for decision in decisions)
        return lowest, {decision.reason for decision in decisions if decision.level is lowest}


def _wanted(expected: Mapping[str, Any]) -> str:
    return f"refused {expected['refused']}" if "refused" in expected else "ok"


def _listed(values: set[Any]) -> str:
    shown = [" → ".join(value) if isinstance(value, tuple) else value for value in sorted(values)]
    return f"[{', '.join(shown)}]"
