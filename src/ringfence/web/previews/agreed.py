"""What a preview was of: its form sends a mark of that along, so that yes to it is no yes to something else.

What is chosen lies in drafts, and another tab, or the way back and forth in the browser, may change it.
"""

from __future__ import annotations

from hashlib import sha256

import msgspec
from pyroaring import BitMap

from ringfence.core.commands.definitions import Command
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

AGREED = "agreed"
"""The field of the mark."""


def mark_of(*commands: Command) -> str:
    """The same for commands that say the same, in every process."""
    said = msgspec.to_builtins(commands, enc_hook=_plain, str_keys=True, order="deterministic")
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:32]


def chosen_otherwise(visit: Visit, *commands: Command) -> str:
    """The error of a form that was of other commands; empty where it was of these, or says nothing of it."""
    sent = visit.request.POST.get(AGREED, "")
    if not sent or sent == mark_of(*commands):
        return ""
    return _("You have chosen something else since you saw this: look at the numbers again")


def _plain(value: object) -> object:
    return bytes(value.to_array()) if isinstance(value, BitMap) else repr(value)
