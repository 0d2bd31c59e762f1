"""The access review that a member has begun to start, answer by answer: kept in the database's drafts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.access.reviews.schedules import MONTHS
from ringfence.firms.models import Draft
from ringfence.web.browse.until import PARTS
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.shell.visit import Visit

REVIEW = "review.start"
"""The purpose of the draft."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "scope": ("scope", "service", "group", "member"),
    "reviewers": ("who", "reviewers"),
    "repeats": ("repeats",),
    "due": PARTS,
    "days": ("days",),
    "undecided": ("undecided",),
}
"""The questions in their order, each with the fields of its page."""


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A review on its way; the answers as they were typed."""

    row: Draft

    @property
    def answers(self) -> dict[str, str]:
        """By field, empty for none."""
        kept = self.row.values
        return {field: str(kept.get(field, "")) for fields in FIELDS.values() for field in fields}

    @property
    def open_question(self) -> str:
        """The first question that has no answer yet; empty where all have one."""
        answers = self.answers
        return next((each for each in self.asked if not answers[FIELDS[each][0]]), "")

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions that are asked: how many days it takes only where it begins again and again."""
        return tuple(each for each in FIELDS if each != "days" or self.begins_again)

    @property
    def begins_again(self) -> bool:
        return self.answers["repeats"] in MONTHS

    @property
    def named(self) -> list[str]:
        """The e-mail addresses of who is to review, one from each line; none where Owners do."""
        return named_in(self.answers["reviewers"]) if self.answers["who"] == "named" else []

    def keep(self, answers: Mapping[str, str]) -> None:
        """Keep these answers beside those there are."""
        self.row.values = {**self.row.values, **answers}
        self.row.save(update_fields=["values", "changed_at"])


def named_in(text: str) -> list[str]:
    """The words of a text, one from each line that has one."""
    return [word for line in text.splitlines() if (word := line.strip())]


def read_draft(visit: Visit) -> ReviewDraft | None:
    """The member's draft; None where there is none."""
    row = draft_for(visit.firm.pk, visit.number, REVIEW)
    return None if row is None else ReviewDraft(row)


def begin(visit: Visit) -> ReviewDraft:
    """A new draft in place of whatever the member had begun."""
    return ReviewDraft(start_draft(visit.firm.pk, visit.number, REVIEW))


def forget(visit: Visit) -> None:
    drop_draft(visit.firm.pk, visit.number, REVIEW)
