"""The environment of the pages, and a layout whose one address resolves."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from jinja2 import Environment

from tests.web.components.markup import templates


@pytest.fixture(scope="session")
def pages() -> Environment:
    return templates()


@pytest.fixture
def addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="tests.web.components.addresses"):
        yield
