"""The kinds of statements that plain questions ask for, and the fields of each."""

from __future__ import annotations

from typing import NamedTuple

from ringfence.wording.saying import LazyText
from ringfence.wording.saying import gettext_lazy as _


class StatementForm(NamedTuple):
    """One kind: its words, and under which key of a policy file each of its fields stands."""

    text: LazyText
    members: str = ""
    clients: str = ""
    number: str = ""
    level: str = ""
    client: str = ""
    people: str = ""
    least: int = 0
    """The lowest number that makes sense."""


FORMS: dict[str, StatementForm] = {
    "never": StatementForm(_("Some [members] never see some [clients]"), members="never", clients="sees"),
    "only": StatementForm(_("Only some [members] see some [clients]"), members="only", clients="see"),
    "open-to": StatementForm(
        _("[A client] is open to exactly some [members]"), client="client", people="open_to"
    ),
    "at-least": StatementForm(
        _("Some [clients] are seen by at least so many people"), number="at_least", clients="see", least=1
    ),
    "at-most": StatementForm(
        _("Some [clients] are seen by at most so many people"), number="at_most", clients="see"
    ),
    "at-most-clients": StatementForm(
        _("Some [members] see at most so many of some [clients]"),
        *("by", "clients", "at_most"),
    ),
    "at-most-level": StatementForm(
        _("Some [members] may do no more than so much on some [clients]"),
        members="by",
        clients="on",
        level="at_most_level",
    ),
}
"""By their values in the address."""
