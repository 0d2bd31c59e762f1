"""The names of a firm's other software one by one, so that pages add and remove single ones (`names.set` says
all of them)."""

from __future__ import annotations

import msgspec

from ringfence.core.values import ActionName, ResourceType, SoftwareNames

TYPES = ("client", "engagement")
"""What a name of a type may mean; any other means an action."""


class NameSaid(msgspec.Struct, frozen=True, kw_only=True):
    """One name of a firm's other software."""

    name: str
    means: str
    """``client``, ``engagement``, or a word for an action."""
    properties: tuple[tuple[str, str], ...] = ()
    """Of an action: key, and the JSON text of the value that a question must have."""

    @property
    def only(self) -> str:
        """When it means that."""
        return ", ".join(f"{key} = {value}" for key, value in self.properties)


def said(names: SoftwareNames) -> list[NameSaid]:
    """All of them: types and then actions, each by name, the same for as long as none is changed."""
    types = [NameSaid(name=name, means=means) for name, means in names.types.items()]
    actions = [
        NameSaid(name=each.name, means=each.action, properties=each.properties) for each in names.actions
    ]
    return [*sorted(types, key=_key), *sorted(actions, key=_key)]


def with_name(names: SoftwareNames, more: NameSaid) -> SoftwareNames:
    """The same with one more; a type of that name means something else from now on."""
    if more.means in TYPES:
        return SoftwareNames(types={**names.types, more.name: _type(more)}, actions=names.actions)
    return SoftwareNames(types=names.types, actions=(*names.actions, _action(more)))


def without(names: SoftwareNames, less: NameSaid) -> SoftwareNames:
    """The same without one of them."""
    if less.means in TYPES:
        types = {name: means for name, means in names.types.items() if name != less.name}
        return SoftwareNames(types=types, actions=names.actions)
    actions = tuple(each for each in names.actions if each != _action(less))
    return SoftwareNames(types=names.types, actions=actions)


def _type(name: NameSaid) -> ResourceType:
    found: ResourceType = msgspec.convert(name.means, ResourceType)
    return found


def _action(name: NameSaid) -> ActionName:
    return msgspec.convert(
        {"name": name.name, "action": name.means, "properties": name.properties}, ActionName
    )


def _key(name: NameSaid) -> tuple[str, int, tuple[tuple[str, str], ...]]:
    return name.name, len(name.properties), name.properties
