"""What a token lets other software do, in words."""

from ringfence.core.terms import Scope

from .saying import LazyText
from .saying import gettext_lazy as _

SCOPES: dict[Scope, LazyText] = {
    Scope.DECIDE: _("ask who may open what"),
    Scope.EXPLAIN: _("be told why"),
    Scope.SEARCH: _("list who can open what"),
    Scope.MANAGE: _("read and change the firm"),
    Scope.CHANGES: _("follow what happens"),
    Scope.PROVISION: _("keep [members] and [groups] as the firm’s directory says"),
    Scope.REQUEST: _("ask for access for the person it acts for"),
}
"""Each as what the software may do."""


def scopes_said(scopes: Scope) -> str:
    """All of them with commas between."""
    return ", ".join(str(text) for scope, text in SCOPES.items() if scope in scopes)
