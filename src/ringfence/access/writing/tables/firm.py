"""The firm itself and what is told of it. Its own row, `recording` writes from the state after the change."""

from ringfence.core import events as e
from ringfence.core.terms import GENERAL, Thing

from .writing import Writing


def firm_created(event: e.FirmCreated, to: Writing) -> None:
    new_group(to, 1)
    new_service(to, GENERAL)


def new_group(to: Writing, number: int) -> None:
    words = to.new_words(Thing.GROUP, number, "name")
    first = {"external": "", "directory": False, "created_at": to.now}
    to.insert("firms_group", number=number, **{**first, **words})


def new_service(to: Writing, number: int) -> None:
    to.insert("firms_service", number=number, **to.new_words(Thing.SERVICE, number, "name"))


def control_turned(event: e.ControlTurned, to: Writing) -> None:
    if not event.on:
        # rules.md 3: turning off discards all drafts. A note that somebody is writing is no draft of access.
        to.delete("firms_draft", "substr(purpose, 1, 5) <> 'note.'")


def nothing_more(event: object, to: Writing) -> None:
    """Nothing but the firm's row, or words, or what `access.sign_in_accounts` writes."""
