"""Sentences: what the core says in codes and numbers, said in words, in the language of the reader.

Everything takes values of the core and gives text; nothing is decided or looked up here. Names come through
`NamesByNumber`. Each value of the core's enums has its one sentence (docs/reasons.md tells more of each).
Texts are English here, as in templates; their Welsh is in `locale/cy/LC_MESSAGES/django.po`.
"""

from .capabilities import capability_text
from .events import EventNames, event_text
from .explanation import Line, for_administrator, for_member
from .ledger import command_text, entry_text
from .levels_and_roles import level_name, level_text, role_name, role_text
from .names_by_number import NamesByNumber
from .openness import control_off, control_on, everybody_opens
from .reasons import practice_denial
from .refusals import problem_text, refusal_text
from .remedies import RemedyText, remedy_text
from .saying import in_words_of

__all__ = [
    "EventNames",
    "Line",
    "NamesByNumber",
    "RemedyText",
    "capability_text",
    "command_text",
    "control_off",
    "control_on",
    "entry_text",
    "event_text",
    "everybody_opens",
    "for_administrator",
    "for_member",
    "in_words_of",
    "level_name",
    "level_text",
    "practice_denial",
    "problem_text",
    "refusal_text",
    "remedy_text",
    "role_name",
    "role_text",
]
