"""The search above a list: what was typed, read with suspicion, and how it stands in addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from ringfence.access.listing.clients import Wanted
from ringfence.core.texts import steers
from ringfence.web.queries.things import Choice
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm:
    """A search as it was filled in."""

    text: str
    text_error: str
    service: int
    services: tuple[Choice, ...]
    group: int = 0
    groups: tuple[Choice, ...] = ()
    """What may be chosen from; none where the list knows no groups."""
    action: str
    label: str
    kept: Mapping[str, str] = field(default_factory=dict)
    """What else the address of the list holds, and a search leaves as it is."""

    @property
    def active(self) -> bool:
        return bool(self.text or self.service or self.group)

    @property
    def wanted(self) -> Wanted:
        """What to look for; all where the search cannot be read."""
        return Wanted() if self.text_error else Wanted(self.text, self.service, self.group)

    @property
    def query(self) -> dict[str, str]:
        """The search as it stands in addresses."""
        chosen = {"service": str(self.service or ""), "group": str(self.group or "")}
        return {"search": self.text, **chosen, **self.kept}

    @property
    def encoded(self) -> str:
        """The same behind a question mark, without what is empty."""
        asked = {name: value for name, value in self.query.items() if value}
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def cleared(self) -> str:
        """The address of the list without a search."""
        return f"{self.action}?{urlencode(self.kept)}" if self.kept else self.action

    @property
    def errors(self) -> tuple[ErrorLine, ...]:
        return (ErrorLine(text=self.text_error, href="#search"),) if self.text_error else ()


def _label(visit: Visit) -> str:
    """By what clients are found, in the words of the firm's trade."""
    if visit.settings.profile == "agency":
        return _("Name, client reference or tax reference")
    return _("Name, client reference or reference of a service")


def read_search(
    visit: Visit,
    action: str,
    label: str = "",
    *,
    services: Sequence[Choice] = (),
    groups: Sequence[Choice] = (),
    given: Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
) -> SearchForm:
    """The search in the address, or as `given`; one that cannot be is shown with what to do about it.

    `services`, `groups`: what may be chosen from, none where the list knows none.
    """
    given = visit.request.GET if given is None else given
    text = given.get("search", "").strip()
    error = ""
    if len(text) > LONGEST_SEARCH:
        text, error = text[:LONGEST_SEARCH], _("Search for 200 characters or fewer")
    elif any(steers(letter) for letter in text):
        text = "".join(letter for letter in text if not steers(letter))
        error = _("Leave out line breaks and control characters")
    service, group = number_in(given.get("service", "")), number_in(given.get("group", ""))
    return SearchForm(
        text=text,
        text_error=error,
        service=service if any(service == each.number for each in services) else 0,
        services=tuple(services),
        group=group if any(group == each.number for each in groups) else 0,
        groups=tuple(groups),
        action=action,
        label=label or _label(visit),
        kept=kept or {},
    )
