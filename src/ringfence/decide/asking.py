"""One request's view of its firm: at which moment, by whose authority, in which language; what texts name.

A subject or resource that is not there, or that the token may not ask about, is 0: nothing in the answer
tells it from one that never was (rules.md 2, step 1).
"""

from collections.abc import Mapping
from typing import NamedTuple

from ringfence.core.authority.asked import Action
from ringfence.core.decision.moment import Moment
from ringfence.core.settings import Settings
from ringfence.core.terms import Scope, Target
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


class FirmAsked(NamedTuple):
    """What every question of one request is put to."""

    source: Source
    kept: KeptFirm
    moment: Moment
    language: str
    """Of texts for the user."""
    scopes: Scope
    token: int
    own: int
    """The member whose token it is."""
    reads_all: bool
    """Whether that one may read everybody's access; else the token may ask about them alone (rules.md 5)."""

    @property
    def settings(self) -> Settings:
        return self.moment.state.settings

    @property
    def explains(self) -> bool:
        """Whether every fact is told: never to software of somebody who may not know them all themselves."""
        return self.reads_all and Scope.EXPLAIN in self.scopes

    @property
    def reader(self) -> object:
        """All besides the question itself that an answer depends on."""
        return self.language, self.explains, 0 if self.reads_all else self.own

    def asks_about(self, member: int) -> bool:
        """Whether the token may ask about the member."""
        return self.reads_all or member == self.own

    def member(self, subject: Entity) -> int:
        """The member that a subject is; 0 for nobody that may be asked about."""
        if subject.type != USER:
            return 0
        number = self.kept.texts.member(self.source, subject.id)
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
        """``client`` or ``engagement`` for a type of resource; empty for one that is not known."""
        return name if name in (CLIENT, ENGAGEMENT) else ""

    def action(self, deed: ActionAsked) -> Action | None:
        """What is to be done; None for what nobody has described."""
        return ACTIONS.get(deed.name)

    def action_names(self) -> Mapping[str, Action]:
        """Everything that an action may be called."""
        return ACTIONS
