"""What a name of other software means, as pages say it."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.wording.saying import LazyText, gettext_lazy

TYPES: Mapping[str, LazyText] = {
    "client": gettext_lazy("[A client]"),
    "engagement": gettext_lazy("A service of [a client]"),
}
ACTIONS: Mapping[str, LazyText] = {
    "view": gettext_lazy("To view it"),
    "edit": gettext_lazy("To edit it"),
    "remove": gettext_lazy("To remove it"),
    "share": gettext_lazy("To share it"),
}
MEANINGS: Mapping[str, LazyText] = {**TYPES, **ACTIONS}
"""Everything that a name may mean, by the word for it in commands."""
