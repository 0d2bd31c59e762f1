"""Remedies in sentences: what would let a member in, what it does besides, and who may do it."""

from typing import Protocol

import msgspec

from ringfence.core.commands import Command
from ringfence.core.commands import definitions as w
from ringfence.core.directory import sort_key
from ringfence.core.remedies.effects import Effects
from ringfence.core.remedies.remedies import Remedy
from ringfence.core.terms import ALL_CLIENTS, Level, Role, Target

from .levels_and_roles import level_name
from .names_by_number import NamesByNumber, subject_text, target_text
from .saying import gettext as _
from .saying import ngettext


class Whose(Protocol):
    """Of which client and service an engagement is."""

    def client_of(self, engagement: int, /) -> int: ...

    def service_of(self, engagement: int, /) -> int: ...


class StepText(msgspec.Struct, frozen=True, kw_only=True):
    """One command and who may give it."""

    text: str
    makers: tuple[str, ...]
    """Names of members, in order; none where nobody may at present."""


class RemedyText(msgspec.Struct, frozen=True, kw_only=True):
    """A remedy for people. `effect` says what it does besides."""

    steps: tuple[StepText, ...]
    level: str
    effect: str


def remedy_text(
    remedy: Remedy, member: int, names: NamesByNumber, whose: Whose, reader: int | None = None
) -> RemedyText:
    """The remedy for a member, in sentences. It tells of groups, walls and others: for administrators only.

    `whose` is the firm: it says of which client and service an engagement is. `reader` is the member who
    reads it, where one does: they are told that they may do it.
    """
    return RemedyText(
        steps=tuple(
            StepText(
                text=_command(step.command, member, names, whose),
                makers=_makers(step.makers, names, reader),
            )
            for step in remedy.steps
        ),
        level=level_name(remedy.level),
        effect=_effect(remedy.effects, names.member(member)),
    )


def _makers(makers: tuple[int, ...], names: NamesByNumber, reader: int | None) -> tuple[str, ...]:
    ordered = sorted(makers, key=lambda number: (number != reader, sort_key(names.member(number))))
    return tuple(
        _("%(member)s (you)") % {"member": names.member(number)} if number == reader else names.member(number)
        for number in ordered
    )


def _effect(effects: Effects, member: str) -> str:
    """What it does besides: to the member at other clients, and to others."""
    sentences = []
    if effects.also:
        words = ngettext(
            "%(member)s also gains access to %(count)s other [client].",
            "%(member)s also gains access to %(count)s other [clients].",
            effects.also,
        )
        sentences.append(words % {"member": member, "count": f"{effects.also:,}"})
    if effects.gives_up:
        words = ngettext(
            "%(member)s loses access to %(count)s [client].",
            "%(member)s loses access to %(count)s [clients].",
            effects.gives_up,
        )
        sentences.append(words % {"member": member, "count": f"{effects.gives_up:,}"})
    if effects.gains:
        words = ngettext(
            "%(count)s other [member] gains access.", "%(count)s other [members] gain access.", effects.gains
        )
        sentences.append(words % {"count": f"{effects.gains:,}"})
    if effects.loses:
        words = ngettext(
            "%(count)s other [member] loses access.", "%(count)s other [members] lose access.", effects.loses
        )
        sentences.append(words % {"count": f"{effects.loses:,}"})
    if not effects.gains and not effects.loses:
        sentences.append(_("Nobody else gains or loses access."))
    return " ".join(sentences)


def _command(command: Command, member: int, names: NamesByNumber, whose: Whose) -> str:
    match command:
        case w.ReactivateMember():
            return _("Reactivate %(member)s.") % {"member": names.member(command.member)}
        case w.ChangeMember():
            return _permission(command, names)
        case w.ChangeWall():
            return _wall(command, member, names)
        case w.LowerWall():
            return _("Lower the wall %(wall)s.") % {"wall": names.wall(command.wall)}
        case w.TurnOn():
            return _("Turn [access control] on.")
        case w.ChangeSettings():
            return _settings(command)
        case w.ChangeClient():
            return _("Mark %(client)s as not confidential.") % {"client": names.client(command.client)}
        case _:
            return _grant_or_place(command, names, whose)


def _permission(command: w.ChangeMember, names: NamesByNumber) -> str:
    values = {"member": names.member(command.member)}
    if command.role is Role.STANDARD:
        return _("Make %(member)s a standard [member] with the permission to use client records.") % values
    return _("Give %(member)s the permission to use client records.") % values


def _wall(command: w.ChangeWall, member: int, names: NamesByNumber) -> str:
    values = {"wall": names.wall(command.wall), "member": names.member(member)}
    if any(member in side.members for side in command.sides):
        return _("Take the [client] off the wall %(wall)s.") % values
    return _("Take %(member)s off the wall %(wall)s.") % values


def _settings(command: w.ChangeSettings) -> str:
    if "unassigned" in command.values:
        level = level_name(Level.of(command.values["unassigned"]))
        return _("Open unassigned [clients] to all [members]: %(level)s.") % {"level": level}
    return _("Turn delegation on.")


def _grant_or_place(command: Command, names: NamesByNumber, whose: Whose) -> str:
    match command:
        case w.SetGrant():
            own = not command.on.all and not command.on.services
            return _("Give %(subject)s access to %(target)s: %(level)s.") % {
                "subject": ", ".join(subject_text(names, one) for one in command.to),
                "level": level_name(
                    command.level, own=own and all(one.kind == "member" for one in command.to)
                ),
                "target": _on(command.on, names, whose),
            }
        case w.RemoveGrant():
            return _("Remove what stands for %(subject)s on this: %(target)s.") % {
                "subject": ", ".join(subject_text(names, one) for one in command.to),
                "target": _on(command.on, names, whose),
            }
        case w.GrantRequest():
            return _("Grant the request made by %(member)s.") % {"member": names.member(command.member)}
        case w.AddToGroup():
            return _("Add %(members)s to the [group] %(group)s.") % _place(command, names)
        case w.RemoveFromGroup():
            return _("Remove %(members)s from the [group] %(group)s.") % _place(command, names)
        case w.ExcludeClients():
            return _("Leave %(client)s out of the service %(service)s for the [group] %(group)s.") % _part(
                command, names
            )
        case w.IncludeClients():
            return _("Put %(client)s back into the service %(service)s for the [group] %(group)s.") % _part(
                command, names
            )
        case w.SetDelegation():
            return _("Set up a delegation from %(delegator)s to %(delegate)s, at most: %(level)s.") % {
                "delegator": names.member(command.delegator),
                "delegate": names.member(command.delegate),
                "level": level_name(command.cap),
            }
    raise TypeError(f"no remedy: {type(command).__name__}")


def _on(on: w.On, names: NamesByNumber, whose: Whose) -> str:
    """What a grant is on; an engagement is named by its client and service."""
    targets = [Target("engagement", number) for number in on.engagements]
    targets += [Target("client", number) for number in on.clients]
    targets += [Target("service", number) for number in sorted(on.services)]
    targets += [ALL_CLIENTS] if on.all else []
    return ", ".join(_target(target, names, whose) for target in targets)


def _target(target: Target, names: NamesByNumber, whose: Whose) -> str:
    if target.kind == "engagement":
        client, service = whose.client_of(target.number), whose.service_of(target.number)
        return target_text(names, target, client, service)
    return target_text(names, target, target.number, 0)


def _place(command: w.AddToGroup | w.RemoveFromGroup, names: NamesByNumber) -> dict[str, str]:
    members = ", ".join(names.member(number) for number in sorted(command.members))
    return {"members": members, "group": names.group(command.group)}


def _part(command: w.ExcludeClients | w.IncludeClients, names: NamesByNumber) -> dict[str, str]:
    return {
        "client": ", ".join(names.client(number) for number in command.clients),
        "service": names.service(command.service),
        "group": names.group(command.group),
    }
