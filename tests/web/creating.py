"""Steps of creating an access group, as the pages' forms send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from pyroaring import BitMap

from ringfence.firms.models import Draft
from tests.web.cast import CAI, FORTUNE_VAT, Cast
from tests.web.reading import value

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def at(cast: Cast, step: str = "") -> str:
    return reverse(f"create-group{step}", args=[cast.firm])


def begun(client: PageClient, cast: Cast, kind: str = "custom") -> Any:
    return client.post(at(cast), {"kind": kind, "go": "continue"})


def named(client: PageClient, cast: Cast, name: str = "North") -> Any:
    begun(client, cast)
    return client.post(at(cast, "-name"), {"name": name, "go": "continue"})


def tick(client: PageClient, cast: Cast, *numbers: int, go: str = "continue", **form: Any) -> Any:
    """Send the page of clients with these boxes ticked, all its rows shown."""
    shown = form.pop("shown", list(numbers))
    form = {"token": token(cast), "go": go, "shown": shown, "tick": list(numbers), **form}
    return client.post(at(cast, "-clients"), form)


def token(cast: Cast) -> str:
    """What the forms of the one draft send along."""
    row = Draft.objects.filter(firm=cast.firm).first()
    return f"{row.id}.{row.values.get('kind', '')}" if row is not None else ""


def choose_members(client: PageClient, cast: Cast, *numbers: int) -> Any:
    form = {"token": token(cast), "go": "continue", "shown": list(numbers), "tick": list(numbers)}
    return client.post(at(cast, "-members"), form)


def ready(client: PageClient, cast: Cast) -> dict[str, str]:
    """Everything chosen: North with Fortune 500's VAT for Cai. What the check page would send."""
    named(client, cast)
    tick(client, cast, FORTUNE_VAT)
    choose_members(client, cast, CAI)
    page = client.get(at(cast, "-check"))
    return {"token": value(page, "token"), "version": value(page, "version")}


def chosen(cast: Cast) -> set[int]:
    stored = bytes(Draft.objects.get(firm=cast.firm).clients)
    return set(BitMap.deserialize(stored)) if stored else set()
