"""Why a tax reference that somebody types can hardly be right: a sentence to look at, never a refusal."""

from ringfence.core.tax_references import Doubted, doubted, kinds_for

from .list_faults import fault_text


def doubt_values(doubt: Doubted, reference: str, service: str) -> dict[str, str | int]:
    """The values of the sentence of a doubt."""
    values: dict[str, str | int] = {"reference": reference, "service": service}
    if doubt.kinds:
        values["kinds"] = "|".join(doubt.kinds)
    if doubt.found:
        values["found"] = doubt.found.value
    return values


def doubt_text(reference: str, service: str) -> str:
    """What is to be looked at in a tax reference of the service; empty where it can be right, or is empty."""
    doubt = doubted(reference, kinds_for(service)) if reference else None
    return fault_text(doubt.doubt, doubt_values(doubt, reference, service)) if doubt else ""
