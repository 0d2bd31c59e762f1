"""The top-level facts of a scenario as a firm: settings, members, groups, clients, grants and the rest.

Set without checking authority (rules.md 8).
"""

from collections.abc import Mapping
from datetime import UTC, date
from typing import Any

import msgspec

from ringfence.core.commands.definitions import On
from ringfence.core.commands.parsing import Arguments, BadArgument
from ringfence.core.commands.statement_arguments import mode, statements
from ringfence.core.days import close_of
from ringfence.core.events import Text
from ringfence.core.settings import PROFILES, Settings, changed
from ringfence.core.specification.facts import Client, Engagement, Facts, Grant
from ringfence.core.state.state import State
from ringfence.core.statements import Policy, named
from ringfence.core.terms import EVERYONE, GENERAL, Instant, Level, Role, Subject, Target, Thing
from ringfence.core.values import Delegation, Member, Wall

from .bridge import state_of
from .files import mapping, mappings, names_in
from .memory import MemoryDirectory


class Book:
    """Who is meant by a word of the scenario: by name, in a directory that changes with the steps."""

    def __init__(self) -> None:
        self.directory = MemoryDirectory()
        self.state = State.empty()
        self.gone: dict[tuple[Thing, str], int] = {}

    def number(self, thing: Thing, name: str) -> int:
        return self.directory.spoken_of(thing, name)

    def engagement(self, client: int, service: int) -> int:
        return self.state.register.engagement_for(client, service) or 0

    def close_of(self, day: date) -> Instant:
        """A scenario's firm lives by UTC."""
        return close_of(day, UTC)

    def name(self, thing: Thing, number: int) -> str:
        return self.directory.text(thing, number, "name")


def build(document: Mapping[str, Any]) -> Book:
    """The firm of a scenario; raises `BadArgument` for facts that cannot be read."""
    book = Book()
    facts = _Facts(book)
    facts.members(mapping(document, "members"))
    facts.services(names_in(document.get("services") or [], "services"))
    facts.groups(mapping(document, "groups"))
    facts.clients(mapping(document, "clients"))
    book.state = state_of(facts.so_far(_settings(mapping(document, "firm"))))
    facts.grants(mappings(document, "grants"))
    facts.delegations(mappings(document, "delegations"))
    facts.walls(mappings(document, "walls"))
    facts.policies(mappings(document, "policies"))
    book.state = state_of(facts.so_far(book.state.settings))
    return book


def _settings(firm: Mapping[str, Any]) -> Settings:
    values = {key: value for key, value in firm.items() if key != "control"}
    profile = values.get("profile", "agency")
    if not isinstance(profile, str) or profile not in PROFILES:
        raise BadArgument(f"profile must be one of: {', '.join(PROFILES)}; not {profile!r}")
    try:
        settings = changed(PROFILES[profile], {**values, "profile": profile})
    except msgspec.ValidationError as fault:
        raise BadArgument(f"firm: {fault}") from None
    control = firm.get("control", settings.control)
    if control not in (True, False, "on", "off"):
        raise BadArgument(f"control must be on or off, not {control!r}")
    return msgspec.structs.replace(settings, control=control in (True, "on"))


class _Facts:
    """Facts being gathered, numbered in the order of the file."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.member_of: dict[int, Member] = {}
        self.group_of: dict[int, frozenset[int]] = {}
        self.service_numbers = {GENERAL}
        self.client_of: dict[int, Client] = {}
        self.engagement_of: dict[int, Engagement] = {}
        self.granted: dict[tuple[Subject, Target], Grant] = {}
        self.delegated: dict[tuple[int, int], Delegation] = {}
        self.wall_of: dict[int, Wall] = {}
        self.policy_of: dict[int, Policy] = {}

    def so_far(self, settings: Settings) -> Facts:
        active = frozenset(number for number, member in self.member_of.items() if member.active)
        return Facts(
            settings=settings,
            was_on=settings.control,
            members=self.member_of,
            groups={EVERYONE: active, **self.group_of},
            services=frozenset(self.service_numbers),
            clients=self.client_of,
            engagements=self.engagement_of,
            grants=frozenset(self.granted.values()),
            delegations=self.delegated,
            walls=self.wall_of,
            requests={},
            defaults={},
            policies=self.policy_of,
        )

    def _call(self, thing: Thing, number: int, **fields: str) -> None:
        if self.book.number(thing, fields.get("name", "")):
            raise BadArgument(f"{fields['name']!r} is there twice: give each {thing} a name of its own")
        self.book.directory.take([Text(thing=thing, number=number, fields=fields)])

    def _reader(self, properties: Any, whose: str) -> Arguments:
        if properties is not None and not isinstance(properties, Mapping):
            raise BadArgument(f"{whose} must have properties such as {{}}, not {properties!r}")
        return Arguments(properties or {}, self.book)

    def members(self, entries: Mapping[str, Any]) -> None:
        for number, (name, properties) in enumerate(entries.items(), 1):
            reader = self._reader(properties, f"member {name}")
            role = reader.maybe("role", reader.role, Role.STANDARD)
            auditor = role is Role.AUDITOR
            self.member_of[number] = Member(
                role=role,
                access=reader.maybe("access", reader.flag, not auditor),
                manage_access=reader.maybe("manage_access", reader.flag, False),
                active=reader.maybe("active", reader.flag, True),
            )
            email = reader.maybe("email", reader.text, "")
            reader.need_all_read(f"member {name}")
            self._call(Thing.MEMBER, number, name=str(name), email=email)

    def services(self, names: list[str]) -> None:
        for name in names:
            self._service(name)

    def _service(self, name: str) -> int:
        number = self.book.number(Thing.SERVICE, name)
        if not number:
            number = max(self.service_numbers) + 1
            self.service_numbers.add(number)
            self._call(Thing.SERVICE, number, name=name)
        return number

    def groups(self, entries: Mapping[str, Any]) -> None:
        for number, (name, members) in enumerate(entries.items(), EVERYONE + 1):
            self._call(Thing.GROUP, number, name=str(name))
            inside = names_in([] if members is None else members, f"group {name}")
            self.group_of[number] = frozenset(self._there(Thing.MEMBER, member) for member in inside)

    def _there(self, thing: Thing, name: str) -> int:
        number = self.book.number(thing, name)
        if not number:
            raise BadArgument(f"there is no {thing} {name!r} in the facts")
        return number

    def clients(self, entries: Mapping[str, Any]) -> None:
        for number, (name, properties) in enumerate(entries.items(), 1):
            reader = self._reader(properties, f"client {name}")
            services = self._services_of(reader.maybe("services", reader.raw, []), f"services of {name}")
            self.client_of[number] = Client(confidential=reader.maybe("confidential", reader.flag, False))
            reference = reader.maybe("reference", reader.text, "")
            reader.need_all_read(f"client {name}")
            self._call(Thing.CLIENT, number, name=str(name), reference=reference)
            for service, tax in services or [(GENERAL, "")]:
                engagement = len(self.engagement_of) + 1
                self.engagement_of[engagement] = Engagement(client=number, service=service)
                if tax:
                    self._call(Thing.ENGAGEMENT, engagement, reference=tax)
                self.book.directory.services[engagement] = service

    def _services_of(self, stated: Any, whose: str) -> list[tuple[int, str]]:
        """Service numbers with tax references, empty for none."""
        names = names_in(list(stated) if isinstance(stated, Mapping) else stated, whose)
        if not isinstance(stated, Mapping):
            return [(self._service(name), "") for name in names]
        taxes = names_in(["" if tax is None else tax for tax in stated.values()], whose)
        return [(self._service(name), tax) for name, tax in zip(names, taxes, strict=True)]

    def grants(self, entries: list[Mapping[str, Any]]) -> None:
        for entry in entries:
            reader = Arguments(entry, self.book)
            subjects, targets = reader.subjects("to"), reader.on("on")
            level = reader.level("level")
            expires: Instant | None = reader.maybe("expires", reader.when, None)
            split: int | None = reader.maybe("fee_split", reader.fee_split, None)
            reader.need_all_read("a grant")
            for left_out in targets.excluded.values():
                self._need(0 not in left_out, entry)
            for subject in subjects:
                self._need(subject.number, entry)
                for target in _targets(targets):
                    self._need(target.number or target.kind == "all", entry)
                    self.granted[subject, target] = Grant(
                        subject=subject,
                        target=target,
                        level=level,
                        expires=expires,
                        fee_split=split,
                        excluded=frozenset(targets.excluded.get(target.number, ()))
                        if target.kind == "service"
                        else frozenset(),
                    )

    def _need(self, there: object, entry: object) -> None:
        if not there:
            raise BadArgument(f"something in this fact is not there: {entry!r}")

    def delegations(self, entries: list[Mapping[str, Any]]) -> None:
        for entry in entries:
            reader = Arguments(entry, self.book)
            pair = (
                self._there(Thing.MEMBER, reader.text("from")),
                self._there(Thing.MEMBER, reader.text("to")),
            )
            self.delegated[pair] = Delegation(
                cap=reader.maybe("cap", reader.level, Level.OWNER),
                expires=reader.maybe("expires", reader.when, None),
                cascades=reader.maybe("cascades", reader.flag, True),
            )
            reader.need_all_read("a delegation")

    def walls(self, entries: list[Mapping[str, Any]]) -> None:
        for number, entry in enumerate(entries, 1):
            reader = Arguments(entry, self.book)
            self._call(Thing.WALL, number, name=reader.text("name"))
            self.wall_of[number] = Wall(
                sides=reader.sides("sides"),
                starts=reader.maybe("starts", reader.start, None),
                ends=reader.maybe("ends", reader.when, None),
            )
            reader.need_all_read("a wall")
            for side in self.wall_of[number].sides:
                self._need(0 not in side.members | side.clients, entry)

    def policies(self, entries: list[Mapping[str, Any]]) -> None:
        usual = self.book.state.settings.policy_mode
        for number, entry in enumerate(entries, 1):
            reader = Arguments(entry, self.book)
            self._call(Thing.POLICY, number, name=reader.text("name"))
            self.policy_of[number] = Policy(
                mode=mode(reader, "mode") if "mode" in reader.left else usual,
                statements=statements(reader, "statements"),
            )
            reader.need_all_read("a policy")
            meant = named(self.policy_of[number].statements)
            numbers = meant.members | meant.groups | meant.clients | meant.services
            self._need(not numbers & {0, -1}, entry)


def _targets(on: On) -> list[Target]:
    found = [Target("engagement", number) for number in on.engagements]
    found += [Target("client", number) for number in on.clients]
    found += [Target("service", number) for number in on.services]
    return [*found, Target("all", 0)] if on.all else found
