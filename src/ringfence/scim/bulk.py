"""What a bulk request has come to where the database goes away on its way: what is on disk stays told.

A long one is committed on the way (`access.series`), so its directory must not take all of it for undone.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from scim2_server.bulk import BulkPlan
from scim2_server.responses import ScimResponse
from scim2_server.service import ScimService

from ringfence.wording.provisioning import try_again

from .refusals import RefusedInScim


class BulkOnItsWay:
    """One bulk request, and what of it is on disk."""

    def __init__(self) -> None:
        self._plan: BulkPlan | None = None
        self._address = ""
        self._kept: dict[int, dict[str, Any]] = {}

    def keep(self, plan: BulkPlan, address: str) -> None:
        """All that was done of it so far is on disk. `address` is where locations begin."""
        self._plan, self._address, self._kept = plan, address, dict(plan.results)

    def answer(self, service: ScimService) -> ScimResponse | None:
        """What is on disk as it came out, all else as to be sent again; None where nothing is."""
        if self._plan is None or not self._kept:
            return None
        again = RefusedInScim(HTTPStatus.SERVICE_UNAVAILABLE, "", try_again())
        with service.provider:
            for index, operation in enumerate(self._plan.operations):
                undone = service.bulk_failure(service.bulk_outcome(self._address, operation), again)
                self._plan.results[index] = self._kept.get(index, undone)
            return service.bulk_response(self._plan)
