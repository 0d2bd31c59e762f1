"""One request of a directory, from its body to the answer: the protocol's core over the token's firm.

What others overtake is worked out anew on the firm as it is then; nothing of it was written.
"""

from __future__ import annotations

from typing import Any, cast

from scim2_models import (
    BulkOperation,
    InvalidFilterException,
    Resource,
    ResourceType,
    SearchRequest,
)
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation
from scim2_server.service import ScimService

from ringfence.access import Overtaken, firm_state
from ringfence.access.provisioning import TRIES, known_groups, members_of
from ringfence.access.tokens import ActingToken
from ringfence.core.refusals import Problem
from ringfence.wording import problem_text

from . import dialects, making
from .memberships import GroupPatch, read_patch
from .resources import PROVIDER
from .storage import FirmStorage

MOST_FILTER = 10_000
"""Characters of a filter, which each resource is held against."""


class BoundedService(ScimService):
    """The core's service, which reads nothing that would keep it busy for long."""

    def read_search(self, resource_types: list[ResourceType], payload: Any) -> tuple[SearchRequest[Any], Any]:
        """The search that is asked for; raises `InvalidFilterException` for too long a filter."""
        said = payload.get("filter") if isinstance(payload, dict) else None
        if isinstance(said, str) and len(said) > MOST_FILTER:
            raise InvalidFilterException(detail=f"filter: {problem_text(Problem.TEXT_TOO_LONG, MOST_FILTER)}")
        return super().read_search(resource_types, payload)


SERVICE = BoundedService(PROVIDER)


class Handler(ScimHandler):
    """The core's handler, which reads directories' dialects and puts members in groups as sets."""

    storage: FirmStorage

    def put_right(self, request: ScimRequest) -> None:
        """The body as the core reads it; left as it came where it is not understood."""
        target = self.service.match(request)
        kind = (target.endpoint or "").capitalize()
        match target.operation:
            case Operation.create | Operation.replace if kind in {"Users", "Groups"}:
                active = target.resource_id is None or self.storage.is_active(target.resource_id)
                put = dialects.resource(kind, dialects.parsed(request.body), active=active)
            case Operation.patch if kind == "Users":
                put = dialects.user_patch(dialects.parsed(request.body))
            case Operation.bulk:
                put = dialects.bulk(dialects.parsed(request.body))
            case _:
                return
        if put is not None:
            request.body = dialects.written(put)

    def patch(self, request: ScimRequest) -> ScimResponse:
        target = self.service.route(request, Operation.patch)
        resource_type = self.service.resource_type_at(cast(str, target.endpoint))
        data = dialects.parsed(request.body)
        if resource_type.name == "Group":
            done = self._group_patched(resource_type, str(target.resource_id), data, request)
        elif isinstance(data, dict) and data.get("Operations") == []:
            # All that was said is of what Ringfence does not keep.
            done = self.storage.get(resource_type, str(target.resource_id))
        else:
            done = None
        if done is None:
            return super().patch(request)
        asked = self.service.read_response_parameters(resource_type, request.query)
        return self.service.patch_response(request.base_url, done, asked)

    def _group_patched(
        self, resource_type: ResourceType, resource_id: str, data: Any, request: ScimRequest
    ) -> Resource[Any] | None:
        """None for a form that the core is to read."""
        self.service.ensure_json(request.header("Content-Type"))
        number, wanted = self._group_patch(resource_type, resource_id, data)
        if wanted is None:
            return None
        (row,) = known_groups(self.storage.now, [number])
        version = making.group_version(self.storage.now, row)
        self.service.read_conditions(request).check(version, "PATCH")
        self.storage.change_group(number, wanted)
        whole = "attributes" in request.query or "excludedAttributes" in request.query
        (found,) = making.groups(self.storage.now, known_groups(self.storage.now, [number]), whole=whole)
        return found

    def _group_patch(
        self, resource_type: ResourceType, resource_id: str, data: Any
    ) -> tuple[int, GroupPatch | None]:
        number = self.storage.number_of(resource_type, resource_id)
        return number, read_patch(data, members_of(self.storage.now, number))

    def apply_bulk_operation(
        self, resource_type: ResourceType, operation: BulkOperation[Resource[Any]]
    ) -> Resource[Any] | None:
        for _try in range(TRIES):
            try:
                return super().apply_bulk_operation(resource_type, operation)
            except Overtaken:
                self.storage.now = firm_state(self.storage.now.firm)
        raise Overtaken(f"firm {self.storage.now.firm} is changed by others all the time")


def answered(acting: ActingToken, request: ScimRequest) -> ScimResponse:
    """The answer to a request. Raises as the core does, `Overtaken` and `StateUnavailable`."""
    storage = FirmStorage(acting)
    handler = Handler(SERVICE, storage)
    handler.put_right(request)
    for _try in range(TRIES):
        try:
            return handler.handle(request)
        except Overtaken:
            storage.now = firm_state(acting.firm)
    raise Overtaken(f"firm {acting.firm} is changed by others all the time")
