"""The fee split of a member's access to a client, as a field of a form: in per cent, at most two decimals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from ringfence.access import Refused
from ringfence.core.refusals import Problem
from ringfence.core.terms import Subject, Target
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import Visit
from ringfence.wording import problem_text
from ringfence.wording.saying import gettext as _

FIELD = "fee_split"
WHOLE = 10_000
"""A hundred per cent, in hundredths of one."""
WRITTEN = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSplit:
    """The field as it is filled in; `hundredths` of a per cent, None for no split."""

    text: str = ""
    hundredths: int | None = None
    error: str = ""

    @property
    def errors(self) -> tuple[ErrorLine, ...]:
        return (ErrorLine(text=self.error, href=f"#{FIELD}"),) if self.error else ()


def has_fee_split(visit: Visit, subject: Subject) -> bool:
    """Whether the subject's access to a whole client can carry one in this firm (rules.md 3)."""
    return visit.settings.fee_splits and subject.kind == "member"


def fee_split_of(visit: Visit, client: int, subject: Subject) -> FeeSplit:
    """The field of what stands; where nothing does, access without commission."""
    terms = visit.firm_now.grants_of(subject).grant_on(Target("client", client))
    if terms is None:
        return FeeSplit(text="0", hundredths=0)
    if terms.fee_split is None:
        return FeeSplit()
    return FeeSplit(text=f"{terms.fee_split / 100:g}", hundredths=terms.fee_split)


def read_fee_split(typed: str) -> FeeSplit:
    """What was asked for: none where the field is empty, an error where it is no share of a hundred."""
    text = typed.strip()
    if not text:
        return FeeSplit()
    found = WRITTEN.fullmatch(text)
    hundredths = int(Decimal(found[1]) * 100) if found else -1
    if not 0 <= hundredths <= WHOLE:
        return FeeSplit(text=showable(typed), error=problem_text(Problem.FEE_SPLIT_RANGE))
    return FeeSplit(text=text, hundredths=hundredths)


def about_fee_split(refused: Refused) -> bool:
    """Whether a refusal is told at this field."""
    return refused.field == FIELD


def percent(hundredths: int) -> str:
    """``33.33%``."""
    return f"{hundredths / 100:g}%"


def explained(visit: Visit, client: int, subject: Subject) -> str:
    """What a fee split means, and how much of the client's is left beside this member's."""
    others = sum(
        grant.terms.fee_split or 0
        for grant in visit.firm_now.holders_of(client)
        if grant.subject != subject and grant.target.kind == "client"
    )
    words = {"others": percent(others), "left": percent(max(0, WHOLE - others))}
    said = _(
        "Their share of the commission on application forms. 0 gives access without commission. Others have "
        "%(others)s of this [client], so it can be %(left)s at most."
    )
    return said % words
