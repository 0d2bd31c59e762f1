"""What every command is, and what a grant is to be on."""

import msgspec
from pyroaring import BitMap

from ringfence.core.terms import Target


class On(msgspec.Struct, frozen=True, kw_only=True):
    """What a grant is to be on: any number of targets of each kind."""

    engagements: BitMap = msgspec.field(default_factory=BitMap)
    clients: BitMap = msgspec.field(default_factory=BitMap)
    services: frozenset[int] = frozenset()
    all: bool = False
    excluded: dict[int, BitMap] = msgspec.field(default_factory=dict)
    """Client numbers that the grant on a service, which must be a group's, leaves out from now on as well."""

    @classmethod
    def client(cls, *numbers: int) -> "On":
        return cls(clients=BitMap(numbers))

    @classmethod
    def engagement(cls, *numbers: int) -> "On":
        return cls(engagements=BitMap(numbers))

    @classmethod
    def service(cls, *numbers: int) -> "On":
        return cls(services=frozenset(numbers))

    @classmethod
    def target(cls, target: Target) -> "On":
        return cls(
            engagements=BitMap([target.number] if target.kind == "engagement" else []),
            clients=BitMap([target.number] if target.kind == "client" else []),
            services=frozenset([target.number] if target.kind == "service" else []),
            all=target.kind == "all",
        )

    @property
    def wide(self) -> bool:
        """Names a service or all clients."""
        return bool(self.services) or self.all

    @property
    def empty(self) -> bool:
        return not (self.engagements or self.clients or self.wide)


class CommandBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="command"):
    reason: str = ""
