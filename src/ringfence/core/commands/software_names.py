"""`names.set`: what a firm's other software calls types of resources and actions (decision 53).

What everybody calls them (`client`, `view`, `read` …) is known to whoever answers that software; here is what
comes beside. A name is compared as it is written, since software writes it.
"""

from ringfence.core import events as e
from ringfence.core.refusals import Problem, conflict, invalid
from ringfence.core.texts import SOFTWARE_NAME, clean
from ringfence.core.values import SoftwareNames

from . import definitions as w
from .context import Context

MOST = 200
"""Names of each kind."""
PROPERTIES = 10
"""Properties that one action can ask for."""


def set_names(context: Context, command: w.SetNames) -> list[e.Event]:
    context.need_administrator()
    names = command.names
    if len(names.types) > MOST or len(names.actions) > MOST:
        invalid(Problem.TOO_MANY, "names", limit=MOST)
    for name in [*names.types, *(each.name for each in names.actions)]:
        if clean(name, "names", most=SOFTWARE_NAME) != name:
            invalid(Problem.TEXT_CONTROL, "names")
    _need_each_once(names)
    if names == context.state.names:
        conflict()
    return [e.NamesSet(names=names)]


def _need_each_once(names: SoftwareNames) -> None:
    asked = [(each.name, each.properties) for each in names.actions]
    if len(set(asked)) < len(asked):
        invalid(Problem.NAMED_TWICE, "actions")
    for _, properties in asked:
        if len(properties) > PROPERTIES:
            invalid(Problem.TOO_MANY, "actions", limit=PROPERTIES)
        if len({key for key, _ in properties}) < len(properties):
            invalid(Problem.NAMED_TWICE, "actions")
