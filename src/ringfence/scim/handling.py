"""One request of a directory, from its body to the answer: the protocol's core over the token's firm.

What may change the firm is worked out while it is locked, on what those before it left (`access.together`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from typing import Any, cast

from scim2_models import (
    InvalidFilterException,
    Resource,
    ResourceType,
    SCIMException,
    SearchRequest,
)
from scim2_server.bulk import BulkPlan, BulkStep
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse
from scim2_server.routing import Operation, Target, match
from scim2_server.service import ScimService

from ringfence.access import FirmUnknown, StateUnavailable
from ringfence.access.provisioning import DirectoryGroup, members_of
from ringfence.access.series import Series
from ringfence.access.together import SharedChanges
from ringfence.access.tokens import ActingToken
from ringfence.core.refusals import Problem
from ringfence.wording import problem_text
from ringfence.wording.catalogue import in_language, language_spoken

from . import dialects, making, plain, said, values
from .bulk import BulkOnItsWay
from .memberships import read_patch
from .plain import UserPatch
from .resources import PROVIDER
from .storage import FirmStorage

USERS, GROUPS = "Users", "Groups"
TOGETHER = SharedChanges(SCIMException)
_WITH_BODY = frozenset({Operation.create, Operation.replace, Operation.patch, Operation.bulk})
MOST_FILTER = 10_000
"""Characters of a filter, which each resource is held against."""


@lru_cache(maxsize=1_000)
def _target(method: str, path: str) -> Target:
    """Which operation is asked for, of which the core asks at every turn."""
    return match(method, path)


class BoundedService(ScimService):
    """The core's service, which reads nothing that would keep it busy for long."""

    @staticmethod
    def match(request: ScimRequest) -> Target:
        return _target(request.method.upper(), request.path)

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
    on_its_way: BulkOnItsWay

    def put_right(self, request: ScimRequest) -> None:
        """The body as the core reads it; left as it came where it is not understood.

        Raises `InvalidSyntaxException` and `InvalidValueException` for values of another kind.
        """
        target = self.service.match(request)
        kind = (target.endpoint or "").capitalize()
        if target.operation in _WITH_BODY:
            self.service.ensure_json(request.header("Content-Type"))
            values.need_object(dialects.parsed(request.body))
        match target.operation:
            case Operation.create | Operation.replace if kind in {"Users", "Groups"}:
                active = target.resource_id is None or self.storage.is_active(target.resource_id)
                put = dialects.resource(kind, dialects.parsed(request.body), active=active)
                values.need_resource(put, "userName" if kind == "Users" else "displayName")
            case Operation.patch if kind == "Users":
                put = dialects.user_patch(dialects.parsed(request.body))
                values.need_operations(dialects.operations(put) or [])
            case Operation.bulk:
                put = dialects.bulk(dialects.parsed(request.body))
            case _:
                return
        if put is not None:
            request.body = dialects.written(put)

    def query(self, request: ScimRequest) -> ScimResponse:
        target = self.service.route(request, Operation.query)
        if _asks_for_parts(request) or target.endpoint not in {GROUPS, USERS}:
            return super().query(request)
        if target.endpoint == USERS:
            return self._user(str(target.resource_id), request)
        with self.service.provider:
            resource_type = self.service.resource_type_at(GROUPS)
            row = self.storage.group_row(resource_type, str(target.resource_id))
            asked = self.service.read_response_parameters(resource_type, request.query)
            conditions = self.service.read_conditions(request)
            found = self.service.query_response(request.base_url, self._bare(row), asked, conditions)
        return self._with_people(found, row.number, request)

    def _user(self, resource_id: str, request: ScimRequest) -> ScimResponse:
        row = self.storage.user_row(self.service.resource_type_at(USERS), resource_id)
        (found,) = said.users(self.storage.now, [row], _base(request))
        version = found["meta"]["version"]
        if not self.service.read_conditions(request).check(version, "GET"):
            return ScimResponse(HTTPStatus.NOT_MODIFIED, None, {"ETag": version})
        return said.one(found)

    def search(self, request: ScimRequest) -> ScimResponse:
        target = self.service.route(request, Operation.search)
        called = plain.called(request.query) if target.endpoint == USERS else None
        if called is None or len(rows := self.storage.users_called(called)) > 1:
            return super().search(request)
        return said.listed(said.users(self.storage.now, rows, _base(request)))

    def create(self, request: ScimRequest) -> ScimResponse:
        target = self.service.route(request, Operation.create)
        if target.endpoint == USERS and not _asks_for_parts(request):
            return self._user_created(request)
        wanted = plain.group(dialects.parsed(request.body)) if target.endpoint == GROUPS else None
        if wanted is None or _asks_for_parts(request):
            return super().create(request)
        with self.service.provider:
            self.service.ensure_json(request.header("Content-Type"))
            row = self.storage.add_group(wanted)
            found = self.service.creation_response(request.base_url, self._bare(row))
        return self._with_people(found, row.number, request)

    def _user_created(self, request: ScimRequest) -> ScimResponse:
        wanted = plain.user(dialects.parsed(request.body))
        if wanted is None:
            return super().create(request)
        self.service.ensure_json(request.header("Content-Type"))
        row = self.storage.add_user(wanted)
        (found,) = said.users(self.storage.now, [row], _base(request))
        return said.one(found, HTTPStatus.CREATED)

    def replace(self, request: ScimRequest) -> ScimResponse:
        target = self.service.route(request, Operation.replace)
        resource_id = str(target.resource_id)
        wanted = (
            plain.group(dialects.parsed(request.body), resource_id) if target.endpoint == GROUPS else None
        )
        if wanted is None or _asks_for_parts(request):
            return super().replace(request)
        with self.service.provider:
            self.service.ensure_json(request.header("Content-Type"))
            resource_type = self.service.resource_type_at(GROUPS)
            row = self.storage.group_row(resource_type, resource_id)
            self.service.read_conditions(request).check(making.group_version(self.storage.now, row), "PUT")
            row = self.storage.change_group(row, wanted)
            asked = self.service.read_response_parameters(resource_type, request.query)
            found = self.service.replacement_response(request.base_url, self._bare(row), asked)
        return self._with_people(found, row.number, request)

    def _bare(self, row: DirectoryGroup) -> Resource[Any]:
        """The group without who is in it."""
        (found,) = making.groups(self.storage.now, [row], whole=False)
        return found

    def _with_people(self, found: ScimResponse, group: int, request: ScimRequest) -> ScimResponse:
        """The answer with who is in the group, as the models would say it."""
        people = members_of(self.storage.now, group)
        if isinstance(found.body, dict) and people:
            users = f"{_base(request)}/Users/"
            found.body["members"] = [{"value": str(each), "$ref": f"{users}{each}"} for each in people]
        return found

    def patch(self, request: ScimRequest) -> ScimResponse:
        target = self.service.route(request, Operation.patch)
        resource_type = self.service.resource_type_at(cast(str, target.endpoint))
        # An answer that there is not is refused before anything is changed.
        asked = self.service.read_response_parameters(resource_type, request.query)
        data = dialects.parsed(request.body)
        if resource_type.name == "Group":
            patched = self._group_patched(resource_type, str(target.resource_id), data, request)
            return super().patch(request) if patched is None else patched
        if isinstance(data, dict) and data.get("Operations") == []:
            # All that was said is of what Ringfence does not keep.
            done = self.storage.get(resource_type, str(target.resource_id))
            return self.service.patch_response(request.base_url, done, asked)
        if not _asks_for_parts(request) and (patch := plain.user_patch(data)) is not None:
            return self._user_patched(resource_type, str(target.resource_id), patch, request)
        return super().patch(request)

    def _user_patched(
        self, resource_type: ResourceType, resource_id: str, patch: UserPatch, request: ScimRequest
    ) -> ScimResponse:
        self.service.ensure_json(request.header("Content-Type"))
        row = self.storage.user_row(resource_type, resource_id)
        self.service.read_conditions(request).check(making.user_version(self.storage.now, row), "PATCH")
        row = self.storage.change_user(row, patch)
        version = making.user_version(self.storage.now, row)
        return ScimResponse(HTTPStatus.NO_CONTENT, None, {"ETag": version})

    def _group_patched(
        self, resource_type: ResourceType, resource_id: str, data: Any, request: ScimRequest
    ) -> ScimResponse | None:
        """None for a form that the core is to read."""
        self.service.ensure_json(request.header("Content-Type"))
        row = self.storage.group_row(resource_type, resource_id)
        values.need_operations(dialects.operations(data) or [])
        wanted = read_patch(data, members_of(self.storage.now, row.number))
        if wanted is None:
            return None
        version = making.group_version(self.storage.now, row)
        self.service.read_conditions(request).check(version, "PATCH")
        row = self.storage.change_group(row, wanted)
        if not _asks_for_parts(request):
            version = making.group_version(self.storage.now, row)
            return ScimResponse(HTTPStatus.NO_CONTENT, None, {"ETag": version})
        (found,) = making.groups(self.storage.now, [row])
        asked = self.service.read_response_parameters(resource_type, request.query)
        return self.service.patch_response(request.base_url, found, asked)

    def run_bulk_step(
        self, request: ScimRequest, plan: BulkPlan, step: BulkStep
    ) -> tuple[dict[str, Any], Resource[Any] | None]:
        self.storage.breathe(lambda: self.on_its_way.keep(plan, request.base_url))
        return super().run_bulk_step(request, plan, step)


def answered(acting: ActingToken, request: ScimRequest) -> ScimResponse:
    """The answer to a request. Raises as the core does, `FirmUnknown` and `StateUnavailable`."""
    bulk = BulkOnItsWay()
    if _only_reads(request):
        return _answered(FirmStorage(acting), request, bulk)
    language = language_spoken()

    def work(changes: Series) -> ScimResponse:
        # Another request's thread may do it.
        with in_language(language):
            return _answered(FirmStorage(acting, changes), request, bulk)

    try:
        return TOGETHER.answered(acting.firm, work, alone=request.path.strip("/").lower() == "bulk")
    except (FirmUnknown, StateUnavailable):
        if (found := bulk.answer(SERVICE)) is None:
            raise
        return found


def _asks_for_parts(request: ScimRequest) -> bool:
    """Whether the answer is to have chosen attributes, which the core knows to choose."""
    return bool({"attributes", "excludedattributes"} & {name.lower() for name in request.query})


def _base(request: ScimRequest) -> str:
    return request.base_url.rstrip("/")


def _only_reads(request: ScimRequest) -> bool:
    return request.method in {"GET", "HEAD"} or request.path.rstrip("/").endswith("/.search")


def _answered(storage: FirmStorage, request: ScimRequest, bulk: BulkOnItsWay) -> ScimResponse:
    handler = Handler(SERVICE, storage)
    handler.on_its_way = bulk
    # Put right in a copy: the request may be worked out anew.
    asked = replace(request)
    handler.put_right(asked)
    return handler.handle(asked)
