"""Opening a client's record: in the ledger before anything in it is shown (rules.md 7).

`shows_record` stands below `needs` above every view that shows what is in a record; the view calls `opened`
once it knows what is asked for. Whether the member may open it is decided by `ringfence.access`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from ringfence.access import open_record

from .lanes import Lane, in_lane
from .visit import Visit

View = Callable[..., HttpResponse]

PURPOSES = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
"""The headers in which browsers say that nobody has asked for the page yet."""


def shows_record(view: View) -> View:
    """Answer only a person who asks for the page: what is loaded ahead would be an opening by nobody."""

    @in_lane(Lane.WRITING, "GET")
    @wraps(view)
    def asked(visit: Visit, **kwargs: Any) -> HttpResponse:
        if _loads_ahead(visit.request):
            # Browsers drop the answer and ask again when the person does.
            return HttpResponse(status=503)
        return view(visit, **kwargs)

    return asked


def opened(visit: Visit, client: int) -> Visit:
    """The visit, the opening noted, with the firm as it stood then: what the page is to be made from.

    Raises `Refused` where the member does not see the client, or has lost it since the page was asked for.
    """
    return replace(visit, firm_now=open_record(visit.firm_now, member=visit.number, client=client))


def _loads_ahead(request: HttpRequest) -> bool:
    return any(_means_ahead(request.headers.get(name, "")) for name in PURPOSES)


def _means_ahead(purpose: str) -> bool:
    return any(word in purpose.lower() for word in ("prefetch", "prerender", "preview"))
