"""The heading of a list of groups: which of how many."""

from __future__ import annotations

from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .client_lines import searched_for
from .paging import Paging
from .search import SearchForm


def groups_heading(paging: Paging, search: SearchForm) -> str:
    """Which of how many groups are shown."""
    if not paging.total:
        return _("No [groups] found") if search.active else _("No [groups]")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s [group]", "Showing all %(total)s [groups]", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s [group]",
            "Showing %(first)s to %(last)s of %(total)s [groups]",
            paging.total,
        )
    return searched_for(words, paging, search)
