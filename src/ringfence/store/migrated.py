"""Whether the tables are those of this release: asked before a process says that it is ready."""

from functools import cache
from importlib.resources import files

from .engines import source_for
from .sources import Connection, StateUnavailable, driver_errors

APP = "firms"


@cache
def known_migrations() -> frozenset[str]:
    """The names of this release's migrations."""
    folder = files(f"ringfence.{APP}.migrations")
    found = (each.name.removesuffix(".py") for each in folder.iterdir() if each.name.endswith(".py"))
    return frozenset(name for name in found if name != "__init__")


def tables_fit(connection: Connection) -> bool:
    """Whether every migration of this release was run, and none of a later one.

    Raises `StateUnavailable` where it cannot be asked.
    """
    source = source_for(connection)
    try:
        source.prove_in_place()
        rows = source.rows("SELECT name FROM django_migrations WHERE app = ?", APP)
    except driver_errors() as problem:
        raise StateUnavailable(f"the database does not answer: {problem}") from problem
    return {name for (name,) in rows} == known_migrations()
