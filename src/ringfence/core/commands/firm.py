"""`control.*`, `settings.change` and `service.*` (rules.md 3, 5, 7)."""

import msgspec
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.refusals import Problem, conflict, invalid
from ringfence.core.settings import CHANGEABLE, changed
from ringfence.core.state.holding import EMPTY
from ringfence.core.state.state import State
from ringfence.core.terms import EVERYONE, GENERAL, Level, Target, Thing, group_subject
from ringfence.core.texts import SERVICE_NAME, clean

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts, described


def turn_on(context: Context, command: w.TurnOn) -> list[e.Event]:
    context.need_administrator()
    if context.settings.control:
        conflict()
    events: list[e.Event] = [e.ControlTurned(on=True)]
    if context.settings.on_activation == "share":
        clients = shared_on_activation(context.state)
        if clients:
            events.append(
                e.GrantsSet(
                    subject=group_subject(EVERYONE), kind="client", targets=clients, level=Level.EDITOR
                )
            )
    return events


def shared_on_activation(state: State) -> BitMap:
    """The clients that turning control on shares with Everyone (rules.md 3, `on_activation`)."""
    register = state.register
    everyone = state.held_by(group_subject(EVERYONE))
    if not state.was_on:
        engaged = register.clients_of(everyone.numbers("engagement") & register.engagements)
        return register.clients - everyone.numbers("client") - engaged
    granted = [state.in_emergency]
    for held in state.holdings.values():
        granted.append(held.numbers("client"))
        narrow = held.numbers("engagement")
        for service in held.services:
            left_out = register.spread(held.excluded.get(service, EMPTY))
            narrow = narrow | (register.by_service.get(service, EMPTY) - left_out)
        granted.append(register.clients_of(narrow & register.engagements))
    return register.clients - register.confidential - BitMap.union(*granted)


def turn_off(context: Context, command: w.TurnOff) -> list[e.Event]:
    context.need_administrator()
    if not context.settings.control:
        conflict()
    return [e.ControlTurned(on=False)]


def change_settings(context: Context, command: w.ChangeSettings) -> list[e.Event]:
    context.need_administrator()
    if not command.values:
        invalid(Problem.NOTHING_NAMED, "settings")
    for name, value in command.values.items():
        if name not in CHANGEABLE or not isinstance(value, str | bool | int):
            invalid(Problem.NO_SUCH_SETTING, name)
        try:
            changed(context.settings, {name: value})
        except msgspec.ValidationError:
            invalid(Problem.NO_SUCH_SETTING, name)
    was = msgspec.structs.asdict(context.settings)
    will = msgspec.structs.asdict(changed(context.settings, command.values))
    values = {name: value for name, value in will.items() if value != was[name]}
    if not values:
        conflict()
    return [e.SettingsChanged(values=values)]


def add_service(context: Context, command: w.AddService) -> EventsAndTexts:
    context.need_administrator()
    name = clean(command.name, "service", most=SERVICE_NAME)
    context.free_name(Thing.SERVICE, name, "service")
    number = context.state.numbers.service + 1
    text = e.Text(thing=Thing.SERVICE, number=number, fields={"name": name})
    return [e.ServiceAdded(service=number)], [text]


def rename_service(context: Context, command: w.RenameService) -> EventsAndTexts:
    context.need_administrator()
    context.need_service(command.service)
    name = clean(command.to, "to", most=SERVICE_NAME)
    context.free_name(Thing.SERVICE, name, "to", mine=command.service)
    return described(context, Thing.SERVICE, command.service, {"name": name})


def remove_service(context: Context, command: w.RemoveService) -> list[e.Event]:
    context.need_administrator()
    context.need_service(command.service)
    if command.service == GENERAL:
        invalid(Problem.BUILT_IN_SERVICE, "service")
    register = context.state.register
    in_use = register.by_service.get(command.service, EMPTY) - register.ended
    on_it = Target("service", command.service)
    if in_use or any(held.level_on(on_it) for held in context.state.holdings.values()):
        invalid(Problem.SERVICE_IN_USE, "service")
    return [e.ServiceRemoved(service=command.service)]
