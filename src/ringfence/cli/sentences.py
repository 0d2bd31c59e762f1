"""Sentences of `ringfence.wording` for the terminal: in English, also where Django is not set up."""

import os
from typing import Protocol

from django.conf import settings

from ringfence.core.commands import Refused
from ringfence.core.explain import Explanation
from ringfence.core.terms import Instant


class Names(Protocol):
    """What a proof names, as `ringfence.wording` wants it."""

    def member(self, number: int) -> str: ...
    def group(self, number: int) -> str: ...
    def client(self, number: int) -> str: ...
    def service(self, number: int) -> str: ...
    def wall(self, number: int) -> str: ...
    def time(self, instant: Instant) -> str: ...


def need_english() -> None:
    """Let sentences be made without a database's settings: translation then does nothing."""
    if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
        settings.configure(USE_I18N=False)


def problem_text(refused: Refused) -> str:
    """What was wrong and what to do."""
    from ringfence import wording

    need_english()
    return wording.problem_text(refused.problem)


def proof(explanation: Explanation, names: Names) -> list[str]:
    """The administrator's text: the answer, then everything that bore on it, line by line."""
    from ringfence import wording

    need_english()
    return [line.text for line in wording.for_administrator(explanation, names)]
