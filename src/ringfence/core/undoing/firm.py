"""What undoes a change of the firm as a whole, and gives its services back."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing

from . import facts as f
from .around import Around


def firm(around: Around) -> Iterator[w.Command]:
    values = {fact.name: fact.read(around.before) for fact in around.of(f.Setting)}
    if values:
        yield w.ChangeSettings(values=values)
    for called in around.of(f.Called):
        yield w.SetNames(names=called.read(around.before))
    for successor in around.of(f.Successor):
        yield w.SetSuccessor(member=successor.read(around.before) or None)
    for control in around.of(f.Control):
        if not control.read(around.before):
            yield w.TurnOff()
            continue
        # Turning on again must share nothing that was not shared before.
        shares = around.state.settings.on_activation
        if shares != "leave":
            yield w.ChangeSettings(values={"on_activation": "leave"})
        yield w.TurnOn()
        if shares != "leave":
            yield w.ChangeSettings(values={"on_activation": shares})


def services_back(around: Around) -> Iterator[w.Command]:
    for number in around.renumbered.services:
        yield w.AddService(name=around.name(Thing.SERVICE, number))
