"""Every write: one command of rules.md 7 at one address, carried out, or previewed with `?preview=true`.

A command's arguments stand in the body under the names of the rules; those that an address names are ids.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Router
from ninja.params.functions import Body, Header, Query
from pydantic import BaseModel, ConfigDict, Field

from ringfence.access import Committed, execute
from ringfence.access.asking_in_words import NamedWord, command_in_words
from ringfence.access.reading import Added, added_by

from . import assurance_bodies as a
from . import bodies as b
from .caller import Caller
from .policy_refusals import said_in_full
from .previews import foreseen, preview_answer
from .repeating import Once, key_of, version_of
from .routes import number_in_path, register, told

POST, PUT, PATCH, DELETE = "POST", "PUT", "PATCH", "DELETE"


@dataclass(frozen=True)
class Write:
    """One command, and how it is given over HTTP."""

    command: str
    method: str
    path: str
    body: type[b.CommandBody]
    summary: str
    adds: bool = False
    """Whether it adds something that gets an id: then the answer is 201."""

    @property
    def tag(self) -> str:
        return self.path.split("/")[1]

    @property
    def name(self) -> str:
        """What it is called in the description: ``grant_set``."""
        return self.command.replace(".", "_")

    @property
    def in_path(self) -> list[str]:
        """What the address names."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]


WRITES = (
    Write("control.turn_on", POST, "/control/turn-on", b.NothingBody, "Turn access control on"),
    Write("control.turn_off", POST, "/control/turn-off", b.NothingBody, "Turn access control off"),
    Write("settings.change", PATCH, "/settings", b.ChangeSettingsBody, "Change settings of the firm"),
    Write("names.set", PUT, "/settings/names", b.SetNamesBody, "Say what other software calls things"),
    Write("successor.set", PUT, "/settings/successor", b.SetSuccessorBody, "Name a successor of leavers"),
    Write("token.revoke", DELETE, "/tokens/{token}", b.NothingBody, "Revoke a token, for good"),
    Write("member.add", POST, "/members", b.AddMemberBody, "Add a member", adds=True),
    Write("member.change", PATCH, "/members/{member}", b.ChangeMemberBody, "Change a member"),
    Write(
        "member.deactivate",
        POST,
        "/members/{member}/deactivate",
        b.DeactivateMemberBody,
        "Deactivate a member",
    ),
    Write("member.reactivate", POST, "/members/{member}/reactivate", b.NothingBody, "Reactivate a member"),
    Write("access.copy", POST, "/members/{member}/copy-access", b.CopyAccessBody, "Copy another's access"),
    Write("service.add", POST, "/services", b.AddServiceBody, "Add a service", adds=True),
    Write("service.rename", PATCH, "/services/{service}", b.RenameBody, "Rename a service"),
    Write(
        "service.remove", DELETE, "/services/{service}", b.NothingBody, "Remove a service that nobody uses"
    ),
    Write("group.create", POST, "/groups", b.CreateGroupBody, "Create a group with its grants", adds=True),
    Write("group.rename", PATCH, "/groups/{group}", b.RenameBody, "Rename a group"),
    Write(
        "group.change", PUT, "/groups/{group}/directory", b.ChangeGroupBody, "Hand a group to the directory"
    ),
    Write("group.delete", DELETE, "/groups/{group}", b.NothingBody, "Delete a group"),
    Write(
        "group.add_members", POST, "/groups/{group}/add-members", b.GroupMembersBody, "Add members to a group"
    ),
    Write(
        "group.remove_members",
        POST,
        "/groups/{group}/remove-members",
        b.GroupMembersBody,
        "Take members out of a group",
    ),
    Write("client.add", POST, "/clients", b.AddClientBody, "Add a client", adds=True),
    Write(
        "client.import", POST, "/clients/import", b.ImportClientsBody, "Add many clients at once", adds=True
    ),
    Write("client.change", PATCH, "/clients/{client}", b.ChangeClientBody, "Change a client's details"),
    Write("client.remove", DELETE, "/clients/{client}", b.NothingBody, "Remove a client"),
    Write("client.restore", POST, "/clients/{client}/restore", b.NothingBody, "Restore a removed client"),
    Write(
        "engagement.add",
        POST,
        "/clients/{client}/engagements",
        b.AddEngagementBody,
        "Add a service to a client",
    ),
    Write(
        "engagement.change",
        PATCH,
        "/clients/{client}/engagements/{service}",
        b.ChangeEngagementBody,
        "Change an engagement's tax reference",
    ),
    Write(
        "engagement.remove",
        DELETE,
        "/clients/{client}/engagements/{service}",
        b.NothingBody,
        "Remove a service from a client",
    ),
    Write(
        "engagement.import",
        POST,
        "/engagements/import",
        b.ImportEngagementsBody,
        "Add services to many clients",
    ),
    Write("grant.set", PUT, "/grants", b.SetGrantBody, "Give access, or change what was given"),
    Write("grant.remove", POST, "/grants/remove", b.RemoveGrantBody, "Take access away"),
    Write(
        "grant.exclude",
        POST,
        "/grants/exclude",
        b.ExclusionBody,
        "Leave clients out of a group's grant on a service",
    ),
    Write("grant.include", POST, "/grants/include", b.ExclusionBody, "Put left-out clients back"),
    Write(
        "delegation.set",
        PUT,
        "/delegations/{delegator}/{member}",
        b.SetDelegationBody,
        "Let a member reach what another reaches",
    ),
    Write(
        "delegation.remove", DELETE, "/delegations/{delegator}/{member}", b.NothingBody, "End a delegation"
    ),
    Write("defaults.set", PUT, "/defaults", b.SetDefaultsBody, "Set what new clients of a member start with"),
    Write("wall.raise", POST, "/walls", a.RaiseWallBody, "Raise a wall", adds=True),
    Write("wall.change", PUT, "/walls/{wall}", a.ChangeWallBody, "Change a wall"),
    Write("wall.acknowledge", POST, "/walls/{wall}/acknowledgement", b.NothingBody, "Acknowledge a wall"),
    Write("wall.lower", DELETE, "/walls/{wall}", b.NothingBody, "Lower a wall"),
    Write("policy.set", PUT, "/policies", a.SetPolicyBody, "Set a policy, a new one or one that is there"),
    Write("policy.remove", DELETE, "/policies/{policy}", b.NothingBody, "Remove a policy"),
    Write(
        "review.schedule",
        POST,
        "/reviews/schedules",
        a.ScheduleReviewBody,
        "Schedule an access review",
        adds=True,
    ),
    Write(
        "review.unschedule",
        DELETE,
        "/reviews/schedules/{review}",
        b.NothingBody,
        "Stop a scheduled review",
    ),
    Write("review.start", POST, "/reviews", a.StartReviewBody, "Start an access review", adds=True),
    Write(
        "review.decide",
        POST,
        "/reviews/{review}/decide",
        a.DecideReviewBody,
        "Keep, remove or lower what is reviewed",
    ),
    Write(
        "review.hand_over",
        POST,
        "/reviews/{review}/hand-over",
        a.HandOverReviewBody,
        "Hand a part of a review over",
    ),
    Write(
        "review.extend", POST, "/reviews/{review}/extend", a.ExtendReviewBody, "Give a review another date"
    ),
    Write("review.close", POST, "/reviews/{review}/close", a.CloseReviewBody, "Close a review"),
    Write("request.open", POST, "/requests", b.OpenRequestBody, "Ask for access to a client"),
    Write("request.withdraw", DELETE, "/requests/{client}", b.NothingBody, "Withdraw one's own request"),
    Write(
        "request.grant",
        POST,
        "/requests/{client}/{member}/grant",
        b.GrantRequestBody,
        "Grant a member's request",
    ),
    Write(
        "request.decline",
        POST,
        "/requests/{client}/{member}/decline",
        b.NothingBody,
        "Decline a member's request",
    ),
    Write(
        "emergency.open",
        POST,
        "/emergencies",
        a.OpenEmergencyBody,
        "Open a client in an emergency, for oneself",
    ),
    Write(
        "emergency.acknowledge",
        POST,
        "/emergencies/{client}/{member}/acknowledge",
        a.AcknowledgeEmergencyBody,
        "Acknowledge a member's emergency access",
    ),
    Write("emergency.end", DELETE, "/emergencies/{client}/{member}", b.NothingBody, "End emergency access"),
)
"""Each command once."""
COMMANDS = tuple(write.command for write in WRITES)

WITHOUT_WRITE = {
    "firm.create": "Whoever runs Ringfence founds firms, at the server.",
    "member.erase": "It cannot be undone: whoever runs Ringfence erases, at the server, and is asked first.",
    "client.erase": "Likewise.",
    "token.add": "The text of a token is shown once, to a person: a token makes no token.",
    "record.open": "Noted by itself before a client's documents are read, with the token.",
    "export.take": "Notes a file that a person takes out. What is read here is no file.",
    "user.seat": "Noted by itself when somebody is invited or comes in.",
    "review.begin": "Begun by the clock.",
    "access.expire": "Ended by the clock.",
    "wall.turn": "Begun or ended by the clock.",
    "policy.note": "Noted by itself when a policy is broken, or holds again.",
}
"""Entries that a ledger can have and no write makes, and why; `docs/integrate.md` says the same."""

ARGUMENTS = {
    "access.copy": {"member": "to"},
    "delegation.set": {"delegator": "from", "member": "to"},
    "delegation.remove": {"delegator": "from", "member": "to"},
    "wall.change": {"wall": "name"},
    "wall.acknowledge": {"wall": "name"},
    "wall.lower": {"wall": "name"},
}
"""Where an id in an address has another name than the argument that it is."""


class Done(BaseModel):
    """A command that was carried out: it is on disk, and every later answer knows of it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"command": "client.add", "version": 118, "at": 1767225600000000, "added": {"client": [12]}}
            ]
        }
    )

    command: str
    version: Annotated[int, Field(description="The firm's version from now on: its entry in the ledger.")]
    at: Annotated[int, Field(description="When: microseconds since 1970-01-01T00:00:00Z.")]
    added: Annotated[
        dict[str, list[int]], Field(description="The ids of what is new, first and last where it is many.")
    ]


def carried_out(
    caller: Caller, write: Write, arguments: Mapping[str, Any], *, only_preview: bool, match: str, key: str
) -> HttpResponse:
    """Carry the command out, or say what it would do. Raises as `access.execute` and `access.preview`."""
    words: list[NamedWord] = []
    command = command_in_words(caller.now, write.command, arguments, words)
    with said_in_full(caller, [command], [words]):
        if only_preview:
            version_of(match, caller.now)
            found = foreseen(caller, command)
            return told(caller, preview_answer(caller, write.command, found), found.version)
        once = Once(caller, match=match, key=key, said={"command": write.command, "arguments": arguments})
        done = once.carried_out(
            lambda beside: execute(caller.firm, command, actor=caller.actor, beside=beside),
            lambda committed: _done(write.command, committed),
        )
    status = 201 if write.adds else 200
    answer = told(caller, Done.model_validate(done.answer), done.answer["version"], status=status)
    if done.repeated:
        answer["Idempotency-Replayed"] = "true"
    return answer


def _done(command: str, committed: Committed) -> dict[str, Any]:
    found: Added = added_by([committed.change], committed.before)
    return {"command": command, "version": committed.version, "at": committed.at, "added": found}


def add_writes(routers: Mapping[str, Router]) -> None:
    """Declare every write on the router of its resource."""
    for write in WRITES:
        _declare(routers[write.tag], write)


def _declare(router: Router, write: Write) -> None:
    def asked(caller: Caller, **given: Any) -> HttpResponse:
        body, only = given.pop("body", None), given.pop("preview")
        match, key = given.pop("if_match") or "", given.pop("idempotency_key") or ""
        arguments = body.model_dump(by_alias=True, exclude_unset=True, exclude_none=True) if body else {}
        if reason := given.pop("reason", None):
            arguments["reason"] = reason
        named = ARGUMENTS.get(write.command, {})
        arguments |= {named.get(name, name): f"#{number}" for name, number in given.items()}
        return carried_out(caller, write, arguments, only_preview=only, match=match, key=key_of(key))

    asked.__name__, asked.__doc__ = write.name, f"The command `{write.command}`."
    register(
        router,
        write.method,
        write.path,
        asked,
        asked,
        answer=Done,
        summary=write.summary,
        parameters={each.name: each for each in _parameters(write)},
        status=201 if write.adds else 200,
        # For `description.py`.
        extra={"x-command": write.command},
    )


def _parameters(write: Write) -> list[inspect.Parameter]:
    found = [parameter(name, int, number_in_path(name)) for name in write.in_path]
    if write.method == DELETE:
        found.append(
            parameter("reason", str, Query("", description="Why, for the ledger.", max_length=1_000))
        )
    elif any(field.is_required() for field in write.body.model_fields.values()):
        found.append(parameter("body", write.body, Body(...)))
    else:
        found.append(parameter("body", write.body, Body(default_factory=write.body)))
    return [*found, *around()]


def around() -> list[inspect.Parameter]:
    """What every write takes besides its arguments."""
    preview = Query(False, description="Only say what it would do; nothing changes.")
    match = Header(
        None, alias="If-Match", description="An ETag: do nothing where the firm has changed since (412)."
    )
    key = Header(
        None,
        alias="Idempotency-Key",
        description="Up to 128 characters: a request repeated with it within 24 hours is done once.",
    )
    return [
        parameter("preview", bool, preview),
        parameter("if_match", str | None, match),
        parameter("idempotency_key", str | None, key),
    ]


def parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    """A parameter as ninja reads it."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
