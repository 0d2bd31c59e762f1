"""The language that a text for the user is in: the one that is asked for, else the firm's."""

from functools import lru_cache

from ringfence.wording.catalogue import LANGUAGES


@lru_cache(maxsize=256)
def asked_language(header: str, firm: str) -> str:
    """The first of our languages by the weights of an Accept-Language header; `firm` where none is named."""
    best, weight = firm, 0.0
    for part in header.split(","):
        name, _, parameter = part.partition(";")
        base = name.strip().lower().partition("-")[0]
        found = _weight(parameter)
        if base in LANGUAGES and found > weight:
            best, weight = base, found
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(float(value), 1.0)
    except ValueError:
        return 0.0
