"""What is gone from a list that is said to be whole, on a terminal, and how to go on where it is too much."""

from collections.abc import Sequence

from ringfence.lists.plans.gone_plan import GoneOfScope
from ringfence.lists.plans.gone_text import gone_text, stays_text
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.plan_list import Prepared
from ringfence.wording.list_gone import becomes_text, scope_text

from .terminal import SHOWN, Terminal


def show_gone(terminal: Terminal, prepared: Prepared, firm: KnownFirm, *, everything: bool) -> None:
    """What the list stands for, and each thing of it that the firm has and the list lacks."""
    whole = prepared.whole
    if whole is None:
        return
    for gone in prepared.gone:
        scope = scope_text(gone.scope, gone.name)
        are = "is" if len(gone.items) == 1 else "are"
        terminal.say(
            f"The list stands for {scope}: {gone.held:,}, of which {len(gone.items):,} {are} not in it."
        )
        some = gone.items if everything else gone.items[:SHOWN]
        for item in some:
            terminal.say(f"  - {gone_text(item, firm.zone)}")
        if len(gone.items) > len(some):
            terminal.say(f"  - and {len(gone.items) - len(some):,} more (--all lists each)")
        for kept in gone.stays:
            terminal.say(f"  - {stays_text(kept)}")
        if gone.items and whole.remove and not prepared.braked:
            terminal.say(f"{_they_are(len(gone.items))} removed. {becomes_text(gone.scope)}")
    if prepared.lacks and not whole.remove:
        left = "it is" if prepared.lacks == 1 else "they are"
        terminal.say(f"{_they_are(prepared.lacks)} left as {left}. {_how_to_remove(prepared)}")
    terminal.say()


def _they_are(count: int) -> str:
    return "It is" if count == 1 else "They are"


def _how_to_remove(prepared: Prepared) -> str:
    braked = [each for each in prepared.gone if each.braked(None)]
    if not braked:
        them = "it" if prepared.lacks == 1 else "them"
        return f"To remove {them}, give the list again with --remove."
    most = max(each.going for each in braked)
    return f"More than a tenth is gone: to remove them all the same, {_yes_to(braked, most)}."


def show_brake(terminal: Terminal, prepared: Prepared) -> None:
    """Why nothing was done, and the number that has to be said."""
    assert prepared.whole is not None
    at_most = prepared.whole.at_most
    braked = [each for each in prepared.gone if each.braked(at_most)]
    for gone in braked:
        terminal.warn(_too_many(gone, at_most))
    most = max(each.going for each in braked)
    terminal.warn(
        "Nothing was changed. See whether the list is whole. If all of them are to go, give it again with "
        f"{_yes_to(braked, most)}."
    )


def _yes_to(braked: Sequence[GoneOfScope], most: int) -> str:
    """The options that say that so many may go."""
    of_members = any(each.scope in ("members", "linked", "groups") for each in braked)
    return f"--yes-deactivate {most}" if of_members else f"--remove --at-most {most}"


def _too_many(gone: GoneOfScope, at_most: int | None) -> str:
    number = f"{gone.going:,} of {gone.held:,}"
    limit = (
        f"a tenth ({gone.most:,})" if at_most is None else f"the {max(gone.most, at_most):,} that were named"
    )
    if gone.scope == "members" and gone.stated:
        return (
            f"{number} would be deactivated of {scope_text(gone.scope)}, {gone.stated:,} of them because "
            f"their rows say so: more than {limit}."
        )
    return f"{number} would be removed of {scope_text(gone.scope, gone.name)}, more than {limit}."
