"""A request in words: what is asked for, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.access import RequestEnd, RequestState
from ringfence.web.browse.until import terms_text
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import LazyText, gettext_lazy, pgettext
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

STATES: dict[RequestState, LazyText] = {
    RequestState.OPEN: gettext_lazy("Waiting"),
    RequestState.GRANTED: gettext_lazy("Granted"),
    RequestState.DECLINED: gettext_lazy("Declined"),
    RequestState.WITHDRAWN: gettext_lazy("Withdrawn"),
    RequestState.LAPSED: gettext_lazy("Lapsed"),
}
"""Each state as a tag."""

ENDED: dict[RequestState, LazyText] = {
    RequestState.GRANTED: gettext_lazy("This request is answered already"),
    RequestState.DECLINED: gettext_lazy("This request is answered already"),
    RequestState.WITHDRAWN: gettext_lazy("The request was withdrawn"),
    RequestState.LAPSED: gettext_lazy("The request has lapsed"),
}
"""What there is nothing left to decide of, as a heading."""


def end_text(visit: Visit, end: RequestEnd, names: Mapping[int, str]) -> str:
    """How the request ended: who did it, when, and what was given."""
    when = moment_text(end.at, visit.zone)
    who = (
        _("the operator") if end.by is None else names.get(end.by) or pgettext("by whom", "a former [member]")
    )
    match end.outcome:
        case RequestState.GRANTED if end.level is not None:
            said = _("Granted by %(who)s on %(when)s: %(terms)s")
            return said % {"who": who, "when": when, "terms": terms_text(visit, end.level, end.expires)}
        case RequestState.GRANTED:
            said = _("Granted by %(who)s on %(when)s: the access that there was already goes as far.")
        case RequestState.DECLINED:
            said = _("Declined by %(who)s on %(when)s")
        case RequestState.LAPSED:
            said = _("Lapsed on %(when)s: nobody answered in time.")
        case _:
            said = _("Withdrawn on %(when)s")
    return said % {"who": who, "when": when}


def end_reason(end: RequestEnd) -> str:
    """The reason that somebody gave. That of a lapse is in the firm's language, and `end_text` says it."""
    return "" if end.outcome is RequestState.LAPSED else end.reason
