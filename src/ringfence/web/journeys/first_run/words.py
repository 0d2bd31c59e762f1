"""How the four profiles (rules.md 3) and the languages are offered, in plain words."""

from __future__ import annotations

from typing import NamedTuple

from ringfence.wording.saying import gettext as _


class Offer(NamedTuple):
    """One radio button."""

    value: str
    text: str
    hint: str = ""


def profiles() -> tuple[Offer, ...]:
    """The profiles by what a firm would say of itself."""
    return (
        Offer(
            "agency",
            _("As a tax agency"),
            _(
                "Everybody opens every [client] until you turn on [access control]. [A client] that is in"
                " [a group] is then open to its [members] alone."
            ),
        ),
        Offer(
            "kyc",
            _("With checks of [clients] (KYC)"),
            _(
                "[Clients] are shared with the whole company at first. Administrators, or who owns"
                " [a client], narrow that one by one."
            ),
        ),
        Offer(
            "planning",
            _("As tax planners"),
            _(
                "[A client] is open to those who were given access alone: to read, to edit or to own it."
                " Who adds [a client] owns it."
            ),
        ),
        Offer(
            "practice",
            _("As a practice that gives financial advice"),
            _(
                "Everybody opens [a client] until somebody is linked to it. Then it is open to who is linked"
                " and to those they delegate to."
            ),
        ),
    )


def profile_name(profile: str) -> str:
    """What was chosen, as it was offered."""
    return next(each.text for each in profiles() if each.value == profile)


def languages() -> tuple[Offer, ...]:
    """Each in its own words."""
    return (Offer("en", "English"), Offer("cy", "Cymraeg"))


def language_name(language: str) -> str:
    return next(each.text for each in languages() if each.value == language)
