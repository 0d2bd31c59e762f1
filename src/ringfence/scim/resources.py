"""What a member and a group are in SCIM, and what this server says of itself (RFC 7643).

Only what Ringfence keeps: a name, one e-mail address, what the directory calls somebody, who is active.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field, field_validator
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Filter,
    InvalidValueException,
    Mutability,
    Patch,
    Reference,
    Required,
    Resource,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)

from ringfence.wording.provisioning import no_boolean

MOST_BYTES = 8 * 2**20
"""Of one request: some fifty thousand members of a group."""
MOST_OPERATIONS = 1_000
"""Of one bulk request."""
MOST_RESULTS = 1_000
"""On one page of a search."""


class Email(ComplexAttribute):
    value: str | None = None
    """Where the member is written to."""
    type: str | None = Field(None, examples=["work"])
    """Always `work`, whatever is said."""


class UserGroup(ComplexAttribute):
    """A group that a user is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference[Group] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """A member of the firm."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    """What the firm's directory calls the member."""
    display_name: Annotated[str | None, Required.true] = None
    """The member's name."""
    active: Annotated[bool | None, Required.true] = None
    """Whether the member may come in at all."""
    emails: list[Email] | None = None
    """The member's one e-mail address."""
    Emails: ClassVar[type[ComplexAttribute]] = Email

    @field_validator("active", mode="before")
    @classmethod
    def _need_boolean(cls, value: object) -> object:
        """No number and no word is taken for one, which the models would do."""
        if value is not None and not isinstance(value, bool):
            raise InvalidValueException(detail=f"active: {no_boolean()}").as_pydantic_error()
        return value

    groups: Annotated[list[UserGroup] | None, Mutability.read_only] = None
    """The groups that the member is in, but Everyone."""
    Groups: ClassVar[type[ComplexAttribute]] = UserGroup


class GroupMember(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    """The id of a user."""
    ref: Annotated[Reference[User] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class Group(Resource[Any]):
    """A group of the firm."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Uniqueness.server] = None
    """The group's name, which no other group of the firm has."""
    members: list[GroupMember] | None = None
    """Who is in it."""
    Members: ClassVar[type[ComplexAttribute]] = GroupMember


# `UserGroup` speaks of `Group`, which comes after it: whole before anybody asks where references are.
UserGroup.model_rebuild()
User.model_rebuild()

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=MOST_BYTES),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Token",
            description="A token of the firm with the scope provision, as a Bearer token.",
            primary=True,
        )
    ],
)
PROVIDER = ScimProvider(models=[User, Group], config=CONFIG)
