"""What is wrong with a parameter or a field, and what to write instead: pydantic's findings in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.wording.saying import LazyText
from ringfence.wording.saying import gettext_lazy as _

_NUMBER = _("Give a whole number.")
_TRUTH = _("Give true or false.")
_DECIMAL = _("Give a number.")
_MOMENT = _("Give a time with its zone, such as 2026-12-31T17:00:00Z.")

TEXTS: Mapping[str, LazyText] = {
    "missing": _("This is missing. Send it."),
    "extra_forbidden": _("There is nothing of this name here. Leave it out."),
    "string_type": _("Give a text."),
    "string_too_long": _("This is too long. Send at most %(max_length)s characters."),
    "string_too_short": _("This is too short. Send at least %(min_length)s characters."),
    "string_pattern_mismatch": _("This is not of the form that is needed. Send it as it was told."),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_from_float": _NUMBER,
    "int_parsing_size": _NUMBER,
    "float_type": _DECIMAL,
    "float_parsing": _DECIMAL,
    "finite_number": _DECIMAL,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "list_type": _("Give a list."),
    "dict_type": _("Give an object."),
    "model_type": _("Give an object."),
    "model_attributes_type": _("Give an object."),
    "literal_error": _("Give one of: %(expected)s."),
    "enum": _("Give one of: %(expected)s."),
    "greater_than_equal": _("Give %(ge)s or more."),
    "less_than_equal": _("Give %(le)s or less."),
    "too_short": _("There are too few. Send at least %(min_length)s."),
    "too_long": _("There are too many. Send at most %(max_length)s."),
    "none_required": _("Give null, or leave it out."),
    "uuid_parsing": _("Give the id as it was told."),
    "uuid_type": _("Give the id as it was told."),
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "timezone_aware": _MOMENT,
}
"""By the type of a finding, with the words of its context."""


def unfit_text(found: Mapping[str, Any]) -> str:
    """One finding of a pydantic `ValidationError` as a sentence; what is not foreseen as pydantic says it."""
    text = TEXTS.get(found["type"])
    if text is None:
        return str(found["msg"])
    context = dict(found.get("ctx", {}))
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", ", ")
    return str(text) % context
