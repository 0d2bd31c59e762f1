"""Why a tax reference that somebody types can hardly be right: a sentence to look at, never a refusal."""

from collections.abc import Mapping
from functools import lru_cache

from ringfence.core.tax_references import Doubted, doubted, kinds_for

from .list_faults import fault_text


def doubt_values(doubt: Doubted, reference: str, service: str) -> dict[str, str | int]:
    """The values of the sentence of a doubt."""
    return {"reference": reference, **_alike(doubt, service)}


@lru_cache(maxsize=1000)
def _alike(doubt: Doubted, service: str) -> Mapping[str, str | int]:
    """Those that are the same for every reference of which the same is doubted."""
    values: dict[str, str | int] = {"service": service}
    if doubt.kinds:
        values["kinds"] = "|".join(doubt.kinds)
    if doubt.found:
        values["found"] = doubt.found.value
    return values


def doubt_text(reference: str, service: str) -> str:
    """What is to be looked at in a tax reference of the service; empty where it can be right, or is empty."""
    doubt = doubted(reference, kinds_for(service)) if reference else None
    return fault_text(doubt.doubt, doubt_values(doubt, reference, service)) if doubt else ""
