"""The texts of a change: exactly the words that its command states, and none of them in the events.

Events go into the chain, texts lie beside it, so that a person can be erased and the chain still holds.
"""

from collections import Counter
from collections.abc import Collection, Iterator

import msgspec
from msgspec import UNSET

from ringfence.core.commands import definitions as w
from ringfence.core.events import Change, encode_events
from ringfence.core.scenario.memory import MemoryDirectory
from ringfence.core.terms import Thing
from tests.core.random_commands import RandomCommands, tried
from tests.core.random_firms import Chance, Firm, firm, hold

THROWS = 500

Word = tuple[Thing, str, str]
"""What it is about, the field, and the text."""

NEW: dict[type[w.Command], Thing] = {
    w.AddService: Thing.SERVICE,
    w.CreateGroup: Thing.GROUP,
    w.RaiseWall: Thing.WALL,
    w.StartReview: Thing.REVIEW,
    w.ScheduleReview: Thing.REVIEW,
    w.BeginReview: Thing.REVIEW,
    w.AddToken: Thing.TOKEN,
}
RENAMED: dict[type[w.Command], tuple[Thing, str]] = {
    w.RenameService: (Thing.SERVICE, "service"),
    w.RenameGroup: (Thing.GROUP, "group"),
}
DESCRIBED: dict[type[w.Command], tuple[Thing, str, tuple[str, ...]]] = {
    w.ChangeMember: (Thing.MEMBER, "member", ("name", "email", "external", "user_name")),
    w.ChangeGroup: (Thing.GROUP, "group", ("external",)),
    w.ChangeClient: (Thing.CLIENT, "client", ("name", "reference", "kind")),
    w.ChangeEngagement: (Thing.ENGAGEMENT, "engagement", ("reference",)),
}


def stated(
    command: w.Command, directory: MemoryDirectory, there: Collection[tuple[int, int]]
) -> Iterator[Word]:
    """The words of a command that is done. What is changed is stated where it is another now.

    `there` has client and service of the engagements that there are: lists pass over those.
    """
    kind = type(command)
    if kind in NEW:
        yield from _of_new(NEW[kind], command)
    elif kind in RENAMED:
        thing, key = RENAMED[kind]
        yield from _differing(directory, thing, getattr(command, key), "name", getattr(command, "to"))  # noqa: B009
    elif kind in DESCRIBED:
        thing, key, fields = DESCRIBED[kind]
        for field in fields:
            yield from _differing(directory, thing, getattr(command, key), field, getattr(command, field))
    elif isinstance(command, w.SetPolicy):
        yield from _of_policy(directory, command)
    elif isinstance(command, w.AddMember):
        yield from _of_member(command)
    else:
        yield from _of_clients(command, there)
        yield from _of_walls(command, directory)
    yield Thing.REQUEST if isinstance(command, w.OpenRequest) else Thing.ENTRY, "reason", command.reason


def _of_walls(command: w.Command, directory: MemoryDirectory) -> Iterator[Word]:
    if isinstance(command, w.ChangeWall) and command.reason.strip():
        # The reason of a change becomes the wall's.
        yield from _differing(directory, Thing.WALL, command.wall, "reason", command.reason)


def _of_clients(command: w.Command, there: Collection[tuple[int, int]]) -> Iterator[Word]:
    if isinstance(command, w.AddEngagement):
        yield Thing.ENGAGEMENT, "reference", command.reference
    elif isinstance(command, w.ImportEngagements):
        for reference in _added(command, there):
            yield Thing.ENGAGEMENT, "reference", reference
    elif isinstance(command, w.AddClient | w.ImportClients):
        for row in command.rows if isinstance(command, w.ImportClients) else [command.client]:
            yield from _of_row(row)


def _of_new(thing: Thing, command: w.Command) -> Iterator[Word]:
    yield thing, "name", getattr(command, "name")  # noqa: B009
    yield thing, "external", getattr(command, "external", "")
    yield thing, "addresses", " ".join(getattr(command, "addresses", ()))
    if isinstance(command, w.RaiseWall):
        yield Thing.WALL, "reason", command.reason


def _of_member(command: w.AddMember) -> Iterator[Word]:
    yield Thing.MEMBER, "name", command.name
    yield Thing.MEMBER, "email", command.email
    yield Thing.MEMBER, "external", command.external
    yield Thing.MEMBER, "user_name", command.user_name


def _of_policy(directory: MemoryDirectory, command: w.SetPolicy) -> Iterator[Word]:
    """A text that came before its statements were changed is none of theirs."""
    if not command.policy:
        yield Thing.POLICY, "name", str(command.name)
        yield Thing.POLICY, "text", "" if command.text is UNSET else command.text
        return
    yield from _differing(directory, Thing.POLICY, command.policy, "name", command.name)
    text = "" if command.text is UNSET and command.statements is not UNSET else command.text
    yield from _differing(directory, Thing.POLICY, command.policy, "text", text)


def _added(command: w.ImportEngagements, there: Collection[tuple[int, int]]) -> Iterator[str]:
    """The references of the engagements that are added."""
    added: dict[tuple[int, int], str] = {}
    for row in command.rows:
        added.setdefault((row.client, row.service), row.reference)
    yield from (reference for place, reference in added.items() if place not in there)


def _differing(
    directory: MemoryDirectory, thing: Thing, number: int, field: str, text: object
) -> Iterator[Word]:
    if text is not UNSET and (new := str(text).strip()) != directory.text(thing, number, field):
        yield thing, field, new or "nothing"


def _of_row(row: w.ClientRow) -> Iterator[Word]:
    yield Thing.CLIENT, "name", row.name
    yield Thing.CLIENT, "reference", row.reference
    yield Thing.CLIENT, "kind", row.kind
    for reference in row.services.values():
        yield Thing.ENGAGEMENT, "reference", reference


def carried_out(chance: Chance) -> Iterator[tuple[Firm, w.Command, Change, Counter[Word]]]:
    """Commands that are done, with the words that they state; the firm is the one afterwards."""
    given = firm(chance)
    for _ in range(8):
        random_commands = RandomCommands(chance, given.facts)
        command = random_commands.command()
        there = {(its.client, its.service) for its in given.facts.engagements.values()}
        said = stated(command, given.directory, there)
        words = [(thing, field, text.strip()) for thing, field, text in said]
        change = tried(given, command, random_commands.actor() if chance.odds(0.5) else None)
        if isinstance(change, Change):
            given = given.after(change)
            yield given, command, change, Counter(word for word in words if word[2])


def test_the_texts_of_a_change_are_exactly_the_words_that_its_command_states() -> None:
    def holds(chance: Chance) -> None:
        for _, command, change, words in carried_out(chance):
            found = Counter(
                (text.thing, field, value or "nothing")
                for text in change.texts
                for field, value in text.fields.items()
            )
            # Where there was nothing to review, none begins that would have the name.
            assert found == words or (isinstance(command, w.BeginReview) and not found), command

    hold(holds, THROWS)


def test_each_text_is_about_something_that_is_there() -> None:
    def holds(chance: Chance) -> None:
        for given, command, change, _ in carried_out(chance):
            facts = given.facts
            there = {
                Thing.MEMBER: facts.members.keys(),
                Thing.GROUP: facts.groups.keys(),
                Thing.SERVICE: facts.services,
                Thing.CLIENT: facts.clients.keys(),
                Thing.ENGAGEMENT: facts.engagements.keys(),
                Thing.WALL: facts.walls.keys(),
                Thing.TOKEN: facts.tokens.keys(),
                Thing.POLICY: facts.policies.keys(),
                Thing.REVIEW: facts.reviews.keys() | facts.schedules.keys(),
                Thing.REQUEST: {client for client, _ in facts.requests},
                Thing.ENTRY: {0},
            }
            for text in change.texts:
                assert text.number in there[text.thing], command

    hold(holds, THROWS)


def test_no_word_of_a_command_stands_in_its_events() -> None:
    def holds(chance: Chance) -> None:
        for _, command, change, words in carried_out(chance):
            strings = set(_strings(msgspec.json.decode(encode_events(change.events))))
            assert strings.isdisjoint(text for _, _, text in words), command

    hold(holds, THROWS)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
