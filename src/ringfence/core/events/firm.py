"""What happens to the firm as a whole: its settings, services, what software calls things, words."""

from ringfence.core.settings import Settings
from ringfence.core.terms import Thing
from ringfence.core.values import SoftwareNames

from .base import EventBase


class FirmCreated(EventBase, frozen=True, tag="firm.created"):
    """The first event of every firm. Makes the group Everyone and the service General."""

    settings: Settings


class ControlTurned(EventBase, frozen=True, tag="control.turned"):
    on: bool


class SettingsChanged(EventBase, frozen=True, tag="settings.changed"):
    """Only the settings whose value is another now, by name."""

    values: dict[str, str | bool | int]


class ServiceAdded(EventBase, frozen=True, tag="service.added"):
    service: int


class ServiceRemoved(EventBase, frozen=True, tag="service.removed"):
    service: int


class NamesSet(EventBase, frozen=True, tag="names.set"):
    """What the firm's other software calls types of resources and actions, all of it. No name of anybody."""

    names: SoftwareNames


class SuccessorSet(EventBase, frozen=True, tag="successor.set"):
    """Who takes over where the directory deactivates somebody who cannot be done without; 0 for nobody."""

    member: int


class Described(EventBase, frozen=True, tag="described"):
    """A name, reference or address changed; the text itself lies beside the chain."""

    thing: Thing
    number: int
    erased: tuple[tuple[int, int], ...] | None = None
    """Of an erasure, the texts that it erased: entry and place. None for every other change, and for erasures
    of before they were written down (docs/ledger-file.md)."""
