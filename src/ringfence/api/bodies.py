"""The arguments of each command (rules.md 7) as the fields of a body, with what they mean and an example.

They say what a body looks like; what it means is read by the core's own parser. A thing is named by its id,
or by a word that only one thing has: members by e-mail address, clients by reference, the rest by name.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, create_model

from ringfence.core.settings import CHANGEABLE, Settings

from .routes import LARGEST

Id = Annotated[StrictInt, Field(ge=1, le=LARGEST)]
Text = Annotated[StrictStr, Field(max_length=1_000)]
MemberKey = Annotated[Id | Text, Field(description="A member: id or e-mail address.")]
ClientKey = Annotated[Id | Text, Field(description="A client: id or client reference.")]
ServiceKey = Annotated[Id | Text, Field(description="A service: id or name.")]
GroupKey = Annotated[Id | Text, Field(description="A group: id or name; Everyone is the built-in one.")]
LevelWord = Literal["reader", "editor", "owner", "blocked"]
RoleWord = Literal["principal", "administrator", "standard", "auditor"]
Expires = Annotated[
    Text | None,
    Field(
        None,
        description="A day (2026-12-31, until its close in the firm's time zone) or a time with its zone "
        "(2026-12-31T17:00:00Z). Left out or null: without end.",
    ),
]


class CommandBody(BaseModel):
    """What every command takes."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Text, Field("", description="Why, for the ledger.")]


def example(**fields: Any) -> ConfigDict:
    """A class's configuration with an example of its fields."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [fields]})


class BodyPart(BaseModel):
    """A piece of a body."""

    model_config = ConfigDict(extra="forbid")


class MemberNamed(BodyPart):
    member: MemberKey


class GroupNamed(BodyPart):
    group: GroupKey


SubjectKey = Annotated[
    MemberKey | MemberNamed | GroupNamed,
    Field(description='Whom a grant is for: a member, or {"group": …}.', examples=[{"group": "Team A"}]),
]
Subjects = Annotated[SubjectKey | list[SubjectKey], Field(description="One, or a list of them.")]


class TargetNamed(BodyPart):
    """A client (all its engagements); client and service: one engagement; a service: all its engagements."""

    client: ClientKey | None = None
    service: ServiceKey | None = None
    left_out: Annotated[
        ClientKey | list[ClientKey] | None,
        Field(None, alias="except", description="Of a group's grant on a service: the clients left out."),
    ]


TargetKey = Annotated[
    Literal["all"] | ClientKey | TargetNamed,
    Field(description="What a grant is on: all, a client, an engagement, or a service."),
]
Targets = Annotated[TargetKey | list[TargetKey], Field(description="One, or a list of them.")]
Members = Annotated[MemberKey | list[MemberKey], Field(description="One member, or a list of them.")]
Clients = Annotated[ClientKey | list[ClientKey], Field(description="One client, or a list of them.")]


class NewGrant(BodyPart):
    """A grant of a client that is being added, or a default for such clients."""

    to: Subjects
    level: LevelWord


Grants = Annotated[NewGrant | list[NewGrant], Field(description="Grants that it starts with.")]
Services = Annotated[
    Text | Id | list[ServiceKey] | dict[str, Text | None],
    Field(description="Services, or an object of services with their tax references."),
]


class NothingBody(CommandBody):
    """No argument but the reason."""

    model_config = example(reason="Agreed with the partners")


_SETTINGS: dict[str, Any] = {
    name: (kind if kind is not bool else StrictBool, Field(None))
    for name, kind in get_type_hints(Settings).items()
    if name in CHANGEABLE
}


class _SettingsExample(CommandBody):
    model_config = example(requests=True, inaccessible="named")


ChangeSettingsBody: type[CommandBody] = create_model(
    "ChangeSettingsBody",
    __base__=_SettingsExample,
    __doc__="Any settings of the firm by name; `profile` sets all of a profile's.",
    **_SETTINGS,
)


class AddMemberBody(CommandBody):
    model_config = example(member="Susan Hale", email="susan@example.org", role="standard")

    member: Annotated[Text, Field(description="The new member's name.")]
    email: Annotated[Text, Field("", description="Where they are invited.")]
    external: Annotated[Text, Field("", description="What your other software calls them.")]
    user_name: Annotated[Text, Field("", description="What your directory calls them.")]
    role: RoleWord = "standard"
    access: Annotated[StrictBool, Field(True, description="May use client records at all.")]
    manage_access: Annotated[StrictBool, Field(False, description="May manage who has access.")]


class ChangeMemberBody(CommandBody):
    model_config = example(role="administrator")

    name: Text = ""
    email: Text = ""
    external: Text = ""
    user_name: Text = ""
    role: RoleWord = "standard"
    access: StrictBool = True
    manage_access: StrictBool = False


class DeactivateMemberBody(CommandBody):
    model_config = example(hand_over_to="john@example.org", reason="Left the firm")

    hand_over_to: Annotated[
        MemberKey | None, Field(None, description="Who gets their own unexpired grants except Blocked.")
    ]


class SetSuccessorBody(CommandBody):
    model_config = example(member="susan@example.org")

    member: Annotated[
        MemberKey | None,
        Field(None, description="Who takes over from leavers who cannot be done without. Left out: nobody."),
    ]


class ChangeGroupBody(CommandBody):
    model_config = example(directory=True)

    directory: Annotated[
        StrictBool,
        Field(description="Whether your directory says who is in the group and what it is called."),
    ]


class SetNamesBody(CommandBody):
    model_config = example(types={"record": "client"}, actions={"open_file": "view"})

    types: Annotated[
        dict[str, Literal["client", "engagement"]],
        Field(default_factory=dict, description="What your software calls types of resources."),
    ]
    actions: Annotated[
        dict[str, Any],
        Field(
            default_factory=dict,
            description="By name an action (view, edit, remove or share), or a list of them, each also as"
            ' {"action": …, "properties": {…}} for requests with these properties.',
        ),
    ]


class CopyAccessBody(CommandBody):
    model_config = example(**{"from": "john@example.org"})

    source: Annotated[MemberKey, Field(alias="from", description="Whose groups and own grants are copied.")]


class AddServiceBody(CommandBody):
    model_config = example(service="VAT")

    service: Annotated[Text, Field(description="The new service's name.")]


class RenameBody(CommandBody):
    model_config = example(to="Team North")

    to: Annotated[Text, Field(description="The new name.")]


class CreateGroupBody(CommandBody):
    model_config = example(
        group="Team A", members=["susan@example.org", 3], on=["ACM001", {"client": 12, "service": "VAT"}]
    )

    group: Annotated[Text, Field(description="The new group's name.")]
    members: Members = []
    on: Targets = []
    level: LevelWord = "editor"


class GroupMembersBody(CommandBody):
    model_config = example(members=["susan@example.org"])

    members: Members


class NewClientRow(BodyPart):
    model_config = example(
        client="Acme Ltd", reference="ACM001", services={"VAT": "GB 123 4567 89"}, confidential=False
    )

    client: Annotated[Text, Field(description="The new client's name.")]
    reference: Annotated[Text, Field("", description="Client reference, unique in the firm.")]
    kind: Annotated[Text, Field("", description="What kind of client it is, in the firm's own words.")]
    confidential: StrictBool = False
    services: Services = []
    grants: Annotated[
        NewGrant | list[NewGrant],
        Field([], description="Left out: the defaults of the firm and of who adds it."),
    ]


class AddClientBody(NewClientRow, CommandBody):
    pass


class ImportClientsBody(CommandBody):
    model_config = example(rows=[{"client": "Acme Ltd", "reference": "ACM001", "services": ["VAT"]}])

    rows: Annotated[list[NewClientRow], Field(min_length=1)]
    grants: Annotated[
        NewGrant | list[NewGrant], Field([], description="For rows that have none of their own.")
    ]


class ChangeClientBody(CommandBody):
    model_config = example(reference="ACM002")

    name: Text = ""
    reference: Text = ""
    kind: Text = ""
    confidential: StrictBool = False


class AddEngagementBody(CommandBody):
    model_config = example(service="VAT", reference="GB 123 4567 89")

    service: ServiceKey
    reference: Annotated[Text, Field("", description="Tax reference, unique in the service.")]


class NewEngagementRow(BodyPart):
    client: ClientKey
    service: ServiceKey
    reference: Annotated[Text, Field("", description="Tax reference, unique in the service.")]


class ImportEngagementsBody(CommandBody):
    model_config = example(rows=[{"client": "ACM001", "service": "VAT"}])

    rows: Annotated[list[NewEngagementRow], Field(min_length=1)]


class ChangeEngagementBody(CommandBody):
    model_config = example(reference="GB 123 4567 89")

    reference: Annotated[Text, Field(description="The new tax reference; empty for none.")]


class SetGrantBody(CommandBody):
    model_config = example(to={"group": "Team A"}, on="ACM001", level="editor", expires="2027-03-31")

    to: Subjects
    on: Targets
    level: LevelWord
    fee_split: Annotated[
        float | Text | None,
        Field(None, description="Per cent, 0 to 100, at most two decimals; of a member's grant on a client."),
    ]
    expires: Expires


class RemoveGrantBody(CommandBody):
    model_config = example(to=["susan@example.org"], on=["ACM001"])

    to: Subjects
    on: Targets


class ExclusionBody(CommandBody):
    model_config = example(group="VAT team", service="VAT", client=["ACM001"])

    group: GroupKey
    service: ServiceKey
    client: Clients


class SetDelegationBody(CommandBody):
    model_config = example(cap="editor", expires="2027-03-31", cascades=False)

    cap: Literal["reader", "editor", "owner"] = "owner"
    expires: Expires
    cascades: Annotated[StrictBool, Field(True, description="Whether the delegate's delegates get it too.")]


class SetDefaultsBody(CommandBody):
    model_config = example(grants=[{"to": {"group": "Team A"}, "level": "editor"}])

    grants: Annotated[NewGrant | list[NewGrant], Field(description="All of them; an empty list for none.")]
    member: Annotated[
        MemberKey | None, Field(None, description="Whose; the token's own member where left out.")
    ]


class OpenRequestBody(CommandBody):
    model_config = example(client="ACM001", level="editor", reason="I prepare their return")

    client: ClientKey
    level: Literal["reader", "editor", "owner"] = "editor"
    expires: Expires
    reason: Annotated[Text, Field(description="Why, for who decides.")]


class GrantRequestBody(CommandBody):
    model_config = example(level="reader", expires="2027-03-31")

    level: Annotated[
        Literal["reader", "editor", "owner"] | None, Field(None, description="Left out: as it was asked.")
    ]
    expires: Expires
