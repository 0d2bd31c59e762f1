"""Sentences for the terminal: those of `ringfence.wording` and our own, in English and in a firm's words.

A sentence says [members] where the firm's screens say team members; what is typed (`do group.create`) keeps
the words of the rules.
"""

import click
import msgspec

from ringfence import wording
from ringfence.core.commands import Refused
from ringfence.core.explanation.explanation import Explanation
from ringfence.core.settings import Settings
from ringfence.firms.models import Firm
from ringfence.wording import NamesByNumber
from ringfence.wording.forms import in_words
from ringfence.wording.refusals import refused_text
from ringfence.wording.saying import in_words_of, profile_spoken

from .show import counted


def speak_as(firm: Firm) -> None:
    """From here to the end of the command, sentences are in the words of the firm's screens."""
    if (context := click.get_current_context(silent=True)) is not None:
        # The outermost: what is refused is told once the command itself has ended.
        context.find_root().with_resource(in_words_of(msgspec.convert(firm.settings, Settings)))


def worded(text: str) -> str:
    """The text with the firm's words in place of its marks: ``[a group]`` is an access group in an agency.

    Only for texts of ours: a name that somebody gave may hold brackets.
    """
    return in_words(text, "en", profile_spoken())


def members(number: int) -> str:
    """``1 team member``, ``2,000 team members``."""
    return counted(number, worded("[member]"), worded("[members]"))


def clients(number: int) -> str:
    """``1 client``, ``2,000 clients``."""
    return counted(number, worded("[client]"), worded("[clients]"))


def problem_text(refused: Refused) -> str:
    """What was wrong and what to do."""
    return refused_text(refused)


def proof(explanation: Explanation, names: NamesByNumber) -> list[str]:
    """The administrator's text: the answer, then everything that bore on it, line by line."""
    return [line.text for line in wording.for_administrator(explanation, names)]
