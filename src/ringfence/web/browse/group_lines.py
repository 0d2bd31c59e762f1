"""What lists of groups say: which of how many are shown, and of what kind each is."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.core.directory import sort_key
from ringfence.web.queries.groups import GroupRow
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


def group_kind(row: GroupRow, services: Mapping[int, str]) -> str:
    """Custom, or for which services."""
    if row.all:
        return _("All [clients] of the firm")
    if row.services:
        names = sorted((services.get(each, "") for each in row.services), key=sort_key)
        return _("By service: %(services)s") % {"services": ", ".join(names)}
    return _("Custom")
