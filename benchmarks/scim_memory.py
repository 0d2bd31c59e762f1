"""scim2-server with its own storage in memory, for the same resources: what ours is measured beside.

For granian: `granian --interface wsgi benchmarks.scim_memory:app`. Requests without a body get a length,
since the library reads granian's input in a way that fails without one.
"""

from typing import Any

from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage

from ringfence.scim.resources import PROVIDER

_APPLICATION = WSGIApplication(InMemoryStorage(), PROVIDER)


def app(environ: dict[str, Any], start: Any) -> Any:
    environ.setdefault("CONTENT_LENGTH", "0")
    environ["PATH_INFO"] = environ["PATH_INFO"].removeprefix("/scim")
    return _APPLICATION(environ, start)
