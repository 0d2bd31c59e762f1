"""What is said of a firm's domains: what is wrong with one, and what DNS said."""

from .saying import LazyText
from .saying import gettext_lazy as _

UNFIT: dict[str, LazyText] = {
    "malformed": _("Enter a domain of e-mail addresses, such as example.com"),
    "suffix": _("Enter your own domain under it: anybody can have one there"),
    "public": _("Enter a domain of your own: anybody can have an address in this one"),
    "looks_like_public": _(
        "Check the spelling: this looks like a domain in which anybody can have an address"
    ),
    "mixed": _("Enter a domain without letters that look like others: people could not tell it apart"),
    "looks_like_anothers": _(
        "This looks like the domain of another firm here. If it is yours, ask whoever runs Ringfence"
    ),
}
"""What is wrong with a domain, by `access.domains.WhyUnfitDomain`."""

NOT_TAKEN: dict[str, LazyText] = {
    "enough": _("Your firm has as many domains as a firm may have: remove one first"),
    "there": _("Your firm has this domain already"),
    "anothers": _("Another firm here has proved this domain. If it is yours, ask whoever runs Ringfence"),
}
"""Why a domain is not taken as things stand, by `access.domains.WhyNotYet`."""

FOUND: dict[str, LazyText] = {
    "there": _("The record is there."),
    "absent": _(
        "The record is not there yet. A new record can take an hour or more until everybody sees it."
    ),
    "other": _("There is a record with this name, but it says something else."),
    "no_answer": _("No name server answered, so nothing is known. Try again in a few minutes."),
}
"""What came of looking for the record, by `access.domains.RecordFound`."""
