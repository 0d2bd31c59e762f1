"""For Django projects: a filter for querysets, and a guard for views.

Settings: ``RINGFENCE_ADDRESS`` and ``RINGFENCE_TOKEN``, and ``RINGFENCE_USER``, the attribute of
``request.user`` that Ringfence knows them by (``email`` by itself).
"""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase

from .client import Ringfence
from .questions import Question

P = ParamSpec("P")
M = TypeVar("M", bound=Model)
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


@cache
def ringfence() -> Ringfence:
    """The one of this process; raises `ImproperlyConfigured` where a setting is missing."""
    return Ringfence(_setting("RINGFENCE_ADDRESS"), _setting("RINGFENCE_TOKEN"))


def user_of(request: HttpRequest) -> str:
    """Whom to ask about; raises `PermissionDenied` where nobody is signed in."""
    name = getattr(request.user, getattr(settings, "RINGFENCE_USER", "email"), "")
    if not request.user.is_authenticated or not name:
        raise PermissionDenied("Nobody is signed in.")
    return str(name)


def visible(
    queryset: "QuerySet[M]", request: HttpRequest, field: str = "reference", action: str = "view"
) -> "QuerySet[M]":
    """The rows whose `field` is the reference of a client that the user may open.

    All references are asked for: right for some thousands of clients. For more, ask for the rows of one
    page with `allowed`.
    """
    found = [client.reference for client in ringfence().visible_clients(user_of(request), action)]
    return queryset.filter(**{f"{field}__in": found})


def allowed(
    rows: "list[M]", request: HttpRequest, field: str = "reference", action: str = "view"
) -> "list[M]":
    """Those of the rows that belong to a client that the user may open, in one question."""
    user = user_of(request)
    asked = [Question(user, str(getattr(row, field)), action) for row in rows]
    return [row for row, decision in zip(rows, ringfence().check_many(asked), strict=True) if decision]


def needs(action: str = "view", client: str = "reference") -> Callable[[View[P]], View[P]]:
    """Let the view be called only for whom Ringfence allows it; 403 for others, with the reason.

    `client`: the argument of the view that holds the client reference. No answer is an error, never a yes.
    """

    def guarded(view: View[P]) -> View[P]:
        @wraps(view)
        def guard(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            reference: Any = kwargs[client]
            decision = ringfence().check(user_of(request), str(reference), action)
            if not decision:
                raise PermissionDenied(decision.message)
            return view(request, *args, **kwargs)

        return cast("View[P]", guard)

    return guarded


def _setting(name: str) -> str:
    found = getattr(settings, name, "")
    if not found:
        raise ImproperlyConfigured(f"Put {name} into the settings.")
    return str(found)
