"""Whatever the description allows, and what it does not, is answered as it says (schemathesis)."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests.api.caller import caller_as
from tests.web.cast import OWEN, Cast, grouped

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
)
EXAMPLES = 5
"""Requests of each operation: half as described, half not."""

SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
SCHEMA.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture
def token(cast: Cast) -> str:
    """Of an administrator, in a firm whose control is on."""
    grouped(cast.firm)
    return caller_as(cast.firm, OWEN).token


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_described(token: str, case: Any) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=list(CHECKS))
