"""What there is to know of where a delegation leads. What it opens to whom is a preview's."""

from .saying import gettext as _


def circle_text(delegate: str, delegator: str) -> str:
    """That the delegate delegates back to the delegator, which the rules allow (rules.md 2)."""
    said = _(
        "%(delegate)s delegates back to %(delegator)s, directly or by others. Such a circle is "
        "allowed and harmless: what comes back opens nothing new to whom it came from."
    )
    return said % {"delegate": delegate, "delegator": delegator}
