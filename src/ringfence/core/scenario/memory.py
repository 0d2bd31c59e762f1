"""A firm's texts in memory: the `Directory` of scenarios and tests."""

from collections.abc import Collection, Iterable, Mapping

from ringfence.core.directory import tax_key, unique_key
from ringfence.core.events import (
    Event,
    GroupDeleted,
    PolicyRemoved,
    ReviewClosed,
    ReviewUnscheduled,
    ServiceRemoved,
    Text,
    TokenRevoked,
    WallLowered,
)
from ringfence.core.state.register import Register
from ringfence.core.terms import EVERYONE, GENERAL, Thing


class MemoryDirectory:
    """Texts by thing and number. `take` puts in what a command changed; `forget` what its events ended."""

    def __init__(self) -> None:
        self.texts: dict[tuple[Thing, int], dict[str, str]] = {}
        self.services: dict[int, int] = {}
        self.take(
            [
                Text(thing=Thing.GROUP, number=EVERYONE, fields={"name": "Everyone"}),
                Text(thing=Thing.SERVICE, number=GENERAL, fields={"name": "General"}),
            ]
        )

    def take(self, texts: Iterable[Text]) -> None:
        for text in texts:
            if text.thing not in {Thing.REQUEST, Thing.ENTRY}:
                place = (text.thing, text.number)
                # Who was given a reference last has it: a removed client may have had it before.
                if "reference" in text.fields:
                    self.texts[place] = self.texts.pop(place, {})
                self.texts.setdefault(place, {}).update(text.fields)

    def forget(self, events: Iterable[Event], register: Register) -> None:
        """Gives up the names of what has ended, and learns the services of new engagements."""
        for event in events:
            match event:
                case GroupDeleted():
                    self.texts.pop((Thing.GROUP, event.group), None)
                case ServiceRemoved():
                    self.texts.pop((Thing.SERVICE, event.service), None)
                case WallLowered():
                    self.texts.pop((Thing.WALL, event.wall), None)
                case PolicyRemoved():
                    self.texts.pop((Thing.POLICY, event.policy), None)
                case ReviewClosed() | ReviewUnscheduled():
                    self.texts.pop((Thing.REVIEW, event.review), None)
                case TokenRevoked():
                    self.texts.pop((Thing.TOKEN, event.token), None)
                case _:
                    pass
        for thing, number in list(self.texts):
            if thing is Thing.ENGAGEMENT:
                if number in register.ended:
                    del self.texts[thing, number]
                else:
                    self.services[number] = register.service_of[number]

    def text(self, thing: Thing, number: int, field: str) -> str:
        return self.texts.get((thing, number), {}).get(field, "")

    def named(self, thing: Thing, key: str, field: str = "") -> int | None:
        """By name; a member by e-mail or another field, since members' names may repeat."""
        return self._first(thing, field or ("email" if thing is Thing.MEMBER else "name"), key)

    def members_named(self, keys: Mapping[str, str]) -> Mapping[str, int]:
        found = ((field, self.named(Thing.MEMBER, key, field)) for field, key in keys.items())
        return {field: number for field, number in found if number is not None}

    def spoken_of(self, thing: Thing, name: str) -> int:
        """The number of what a scenario calls `name`; 0 where there is nothing of that name."""
        return self._first(thing, "name", unique_key(name)) or 0

    def _first(self, thing: Thing, field: str, key: str) -> int | None:
        for (kind, number), fields in self.texts.items():
            if kind is thing and key and unique_key(fields.get(field, "")) == key:
                return number
        return None

    def clients_by_reference(self, keys: Collection[str]) -> Mapping[str, int]:
        found = {
            unique_key(fields.get("reference", "")): number
            for (thing, number), fields in self.texts.items()
            if thing is Thing.CLIENT
        }
        return {key: found[key] for key in keys if key and key in found}

    def engagements_by_reference(self, service: int, keys: Collection[str]) -> Mapping[str, int]:
        found = {
            tax_key(fields.get("reference", "")): number
            for (thing, number), fields in self.texts.items()
            if thing is Thing.ENGAGEMENT and self.services.get(number, 0) == service
        }
        return {key: found[key] for key in keys if key and key in found}
