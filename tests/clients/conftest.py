"""The decision service and a firm whose software asks it, as the tests of the service have them."""

from tests.decide.conftest import firm, service, software

__all__ = ["firm", "service", "software"]
