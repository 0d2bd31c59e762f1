"""What somebody has answered so far, kept in their session: nothing of it is a firm yet."""

from __future__ import annotations

from typing import Self

import msgspec
from django.http import HttpRequest

SESSION = "first_run"
MADE = "first_run_made"
"""The session's key for the name of the firm that was made."""

STEPS = ("first-run-firm", "first-run-profile", "first-run-place", "first-run-you")
"""The routes of the questions, in order."""


class Answers(msgspec.Struct, kw_only=True):
    """Empty where nothing was answered."""

    firm: str = ""
    profile: str = ""
    timezone: str = ""
    language: str = ""
    name: str = ""
    email: str = ""
    password: str = ""
    """As it is stored: nobody's session holds a password."""

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Those of this session; None for who has not given the code."""
        found = request.session.get(SESSION)
        return None if found is None else msgspec.convert(found, cls)

    def keep(self, request: HttpRequest) -> None:
        request.session[SESSION] = msgspec.to_builtins(self)

    @property
    def next(self) -> str:
        """The route of the first question that is not answered, else that of the page to check."""
        answered = (self.firm, self.profile, self.timezone and self.language, self.email and self.password)
        for route, answer in zip(STEPS, answered, strict=True):
            if not answer:
                return route
        return "first-run-check"
