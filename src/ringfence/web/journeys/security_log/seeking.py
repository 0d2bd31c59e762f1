"""What of the security log is looked for, as the form above it was filled in."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from ringfence.access.listing.people import members_matching
from ringfence.access.security_lines import SecurityQuestion
from ringfence.web.browse.asked_form import AskedForm, instants_between, typed
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.security_log import KINDS

OUTCOMES = {"failed": True, "done": False}
"""Whether failures are asked for, by the word in addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuritySearch(AskedForm):
    """The form as it was filled in, and what it asks for."""

    asked: SecurityQuestion

    @property
    def kinds(self) -> list[dict[str, str]]:
        """What can be chosen as a kind."""
        every = {"value": "", "text": _("Everything")}
        return [every, *({"value": name, "text": str(text)} for name, text in KINDS.items())]

    @property
    def outcomes(self) -> list[dict[str, str]]:
        """The same for how it went."""
        return [
            {"value": "", "text": _("Either way")},
            {"value": "done", "text": _("It went well")},
            {"value": "failed", "text": _("It failed or was refused")},
        ]


def seek(visit: Visit) -> SecuritySearch:
    """What the address looks for."""
    texts = {name: typed(visit, name) for name in ("person", "kind", "outcome", "from", "to")}
    for name, known in (("kind", KINDS), ("outcome", OUTCOMES)):
        if texts[name] not in known:
            texts[name] = ""
    errors: dict[str, str] = {}
    since, until = instants_between(visit, texts, errors)
    return SecuritySearch(
        action=reverse("security-log", args=[visit.firm.pk]),
        texts=texts,
        errors=errors,
        asked=SecurityQuestion(
            members=_people(visit, texts["person"]),
            kind=texts["kind"] or None,
            failed=OUTCOMES.get(texts["outcome"]),
            since=since,
            until=until,
        ),
    )


def _people(visit: Visit, text: str) -> frozenset[int] | None:
    """Whoever has the text in their name or e-mail address, inactive members too."""
    if not text:
        return None
    return frozenset(row.number for row in members_matching(visit.firm.pk, text))
