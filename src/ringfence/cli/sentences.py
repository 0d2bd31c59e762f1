"""Sentences of `ringfence.wording` for the terminal, in English."""

from ringfence import wording
from ringfence.core.commands import Refused
from ringfence.core.explanation.explanation import Explanation
from ringfence.wording import Names


def problem_text(refused: Refused) -> str:
    """What was wrong and what to do."""
    return wording.problem_text(refused.problem, refused.limit)


def proof(explanation: Explanation, names: Names) -> list[str]:
    """The administrator's text: the answer, then everything that bore on it, line by line."""
    return [line.text for line in wording.for_administrator(explanation, names)]
