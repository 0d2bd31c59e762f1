"""What is said of access reviews: their scopes, what happened to them."""

from typing import Protocol

from ringfence.core import events as e
from ringfence.core.review_values import ReviewScope

from .levels_and_roles import level_name
from .names_by_number import NamesByNumber
from .saying import gettext as _
from .saying import ngettext


class ReviewNames(NamesByNumber, Protocol):
    """Names of a firm's things, reviews among them."""

    def review(self, number: int) -> str: ...


def scope_text(scope: ReviewScope, names: NamesByNumber) -> str:
    """What a review is about: ``all clients``."""
    match scope.kind:
        case "all":
            return _("all [clients]")
        case "confidential":
            return _("confidential [clients]")
        case "service":
            return _("all [clients] with the service %(service)s") % {"service": names.service(scope.number)}
        case "group":
            return _("[clients] of the [group] %(group)s") % {"group": names.group(scope.number)}
        case "member":
            return _("everything that %(member)s reaches") % {"member": names.member(scope.number)}
        case "clients":
            count = len(scope.clients)
            return ngettext("%(count)s chosen [client]", "%(count)s chosen [clients]", count) % {
                "count": f"{count:,}"
            }


def started(event: e.ReviewStarted, names: ReviewNames) -> str:
    terms = event.terms
    text = _("The access review %(review)s of %(scope)s began: %(items)s to look at, %(until)s")
    return text % {
        "review": names.review(event.review),
        "scope": scope_text(terms.scope, names),
        "items": items_text(terms.count),
        "until": names.until(terms.due),
    }


def items_text(count: int) -> str:
    """``12 accesses``."""
    return ngettext("%(count)s access", "%(count)s accesses", count) % {"count": f"{count:,}"}


def removal_text(lose: int, gain: int, shift: int) -> str:
    """What removing an access would do to how many members."""
    parts = []
    if gain:
        text = ngettext("%(count)s [member] would gain access", "%(count)s [members] would gain access", gain)
        parts.append(text % {"count": f"{gain:,}"})
    if lose:
        text = ngettext("%(count)s [member] would lose access", "%(count)s [members] would lose access", lose)
        parts.append(text % {"count": f"{lose:,}"})
    if shift:
        text = ngettext(
            "%(count)s [member] would have another level",
            "%(count)s [members] would have another level",
            shift,
        )
        parts.append(text % {"count": f"{shift:,}"})
    return "; ".join(parts) or _("Nobody’s access would change")


def decided(event: e.ReviewDecided, names: ReviewNames) -> str:
    match event.decision:
        case "keep":
            text = _("In the access review %(review)s, %(items)s kept")
        case "remove":
            text = _("In the access review %(review)s, %(items)s removed")
        case "lower":
            text = _("In the access review %(review)s, %(items)s lowered to %(level)s")
    return text % {
        "review": names.review(event.review),
        "items": items_text(len(event.items)),
        "level": level_name(event.level) if event.decision == "lower" else "",
    }


def handed(event: e.ReviewHanded, names: ReviewNames) -> str:
    return _("In the access review %(review)s, %(items)s handed over to %(member)s") % {
        "review": names.review(event.review),
        "items": items_text(len(event.items)),
        "member": names.member(event.member),
    }


def extended(event: e.ReviewExtended, names: ReviewNames) -> str:
    return _("The access review %(review)s goes on %(until)s") % {
        "review": names.review(event.review),
        "until": names.until(event.due),
    }


def closed(event: e.ReviewClosed, names: ReviewNames) -> str:
    outcome = event.outcome
    text = _(
        "The access review %(review)s was closed: kept %(kept)s, lowered %(lowered)s, removed %(removed)s, "
        "undecided and kept %(left)s, undecided and removed %(taken)s, changed before %(moved)s"
    )
    counts = {name: f"{len(getattr(outcome, name)):,}" for name in outcome.__struct_fields__}
    return text % {"review": names.review(event.review), **counts}
