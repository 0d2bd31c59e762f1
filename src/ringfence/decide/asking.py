"""One request's view of its firm: at which moment, by whose authority, in which language; what texts name.

A subject or resource that is not there, or that the token may not ask about, is 0: nothing in the answer
tells it from one that never was (rules.md 2, step 1).
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from ringfence.core.authority.asked import Action
from ringfence.core.authority.capability import may
from ringfence.core.decision.moment import Moment
from ringfence.core.settings import Settings
from ringfence.core.state.state import State
from ringfence.core.terms import Capability, Scope, Target
from ringfence.core.values import Token
from ringfence.store.sources import Source

from .kept import KeptFirm
from .wire import ActionAsked, Entity

USER = "user"
CLIENT = "client"
ENGAGEMENT = "engagement"

ACTIONS: Mapping[str, Action] = {
    "view": Action.VIEW,
    "read": Action.VIEW,
    "edit": Action.EDIT,
    "write": Action.EDIT,
    "save": Action.EDIT,
    "submit": Action.EDIT,
    "remove": Action.REMOVE,
    "delete": Action.REMOVE,
    "share": Action.SHARE,
}
"""What software calls the four things that can be done, in the order in which a search names them."""
NOTHING = Target("client", 0)

_ENCODE = msgspec.json.Encoder().encode


class NamedAction(NamedTuple):
    """An action under one of its names, and what a request must say besides to mean it."""

    name: str
    properties: tuple[tuple[str, str], ...]
    """Key, and the JSON text of its value."""
    action: Action

    def asked(self) -> dict[str, Any]:
        """As a request writes it."""
        if not self.properties:
            return {"name": self.name}
        return {
            "name": self.name,
            "properties": {key: msgspec.Raw(text.encode()) for key, text in self.properties},
        }


class Asker(msgspec.Struct, frozen=True):
    """Who asks, as far as an answer depends on it: the same until the firm changes."""

    token: int
    own: int
    """The member whose token it is."""
    language: str
    """Of texts for the user."""
    reads_all: bool
    """Whether that one may read everybody's access; else the token may ask about them alone (rules.md 5)."""
    explains: bool
    """Whether every fact is told: never to software of somebody who may not know them all themselves."""
    requests: bool
    """Whether access is asked for with the token, for its member alone (decision 57)."""
    reader: object
    """All besides the question itself that an answer depends on."""

    @classmethod
    def of(cls, state: State, number: int, token: Token, language: str) -> "Asker":
        """The holder of a token that stands."""
        reads_all = may(state, token.member, Capability.READ_CONTROL)
        explains = reads_all and Scope.EXPLAIN in token.scopes
        requests = Scope.REQUEST in token.scopes
        reader = language, explains, requests, 0 if reads_all and not requests else token.member
        return cls(number, token.member, language, reads_all, explains, requests, reader)


class FirmAsked(msgspec.Struct, frozen=True, eq=False):
    """What every question of one request is put to."""

    source: Source
    kept: KeptFirm
    moment: Moment
    asker: Asker

    @property
    def settings(self) -> Settings:
        return self.moment.state.settings

    @property
    def language(self) -> str:
        return self.asker.language

    @property
    def explains(self) -> bool:
        return self.asker.explains

    @property
    def answers(self) -> dict[Any, Any]:
        """What was answered already to such a reader."""
        return self.kept.answers(self.moment, self.asker.reader)

    def asks_about(self, member: int) -> bool:
        """Whether the token may ask about the member."""
        return self.asker.reads_all or member == self.asker.own

    def member(self, subject: Entity) -> int:
        """The member that a subject is; 0 for nobody that may be asked about."""
        if subject.type != USER:
            return 0
        number = self.kept.texts.member(subject.id)
        return number if number in self.moment.state.members and self.asks_about(number) else 0

    def target(self, resource: Entity) -> Target:
        """The client or engagement that a resource is; number 0 for none."""
        kind = self.kind(resource.type)
        if kind == CLIENT:
            return Target("client", self.kept.texts.client(self.source, resource.id))
        return Target("engagement", self._engagement(resource.id)) if kind == ENGAGEMENT else NOTHING

    def _engagement(self, text: str) -> int:
        """``id:12``, or a client and the name of a service: ``C-12/VAT``."""
        texts, register = self.kept.texts, self.moment.state.register
        client, slash, service = text.rpartition("/")
        if not slash:
            return texts.number(text)
        found = texts.client(self.source, client)
        named = found and texts.service(self.source, service)
        return (named and register.engagement_for(found, named)) or 0

    def kind(self, name: str) -> str:
        """``client`` or ``engagement`` for a type of resource; empty for one that is not known.

        The firm's own names come first (decision 53).
        """
        own = self.moment.state.names.types.get(name)
        return own or (name if name in (CLIENT, ENGAGEMENT) else "")

    def action(self, deed: ActionAsked) -> Action | None:
        """What is to be done; None for what nobody has described.

        Of the firm's own names, the one counts that asks for most properties of those that fit the request.
        """
        own = [each for each in self.moment.state.names.actions if each.name == deed.name]
        if own:
            said = {(key, _ENCODE(value).decode()) for key, value in deed.properties.items()}
            fitting = [each for each in own if said.issuperset(each.properties)]
            if fitting:
                return Action(max(fitting, key=lambda each: len(each.properties)).action)
        return ACTIONS.get(deed.name)

    def action_names(self) -> Iterator[NamedAction]:
        """Everything that an action may be called: what everybody calls it, then what the firm does."""
        own = self.moment.state.names.actions
        renamed = {each.name for each in own if not each.properties}
        for name, action in ACTIONS.items():
            if name not in renamed:
                yield NamedAction(name, (), action)
        for each in own:
            yield NamedAction(each.name, each.properties, Action(each.action))
