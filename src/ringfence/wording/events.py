"""What happened, in a sentence with the names of those it happened to: "Ivy left Dairy".

One function for each event of `ringfence.core.events`. Of many things the first few are named and the others
counted; who needs all of them reads the event itself.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from ringfence.core import events as e
from ringfence.core.events import unpacked
from ringfence.core.terms import Export, Level, Subject, TargetKind, Thing, WebhookStep
from ringfence.core.values import Side

from . import review_schedules, reviews
from .emergency import emergency_acknowledged, emergency_ended, emergency_opened
from .levels_and_roles import level_name, role_name
from .names_by_number import NamesByNumber, subject_text
from .policies import policy_mode_text
from .proof_steps import proof_noted
from .saying import gettext as _
from .saying import ngettext
from .settings_text import profile_name, settings_said
from .sign_in_steps import sign_in_noted
from .tokens import scopes_said

NAMED = 3
"""Things of a kind that a sentence names."""


class EventNames(NamesByNumber, Protocol):
    """Names of a firm's things, also of those that are gone, and what an engagement is."""

    def policy(self, number: int) -> str: ...

    def engagement(self, number: int) -> str:
        """``Acme · VAT``."""

    def review(self, number: int) -> str: ...


def event_text(event: e.Event, names: EventNames) -> str:
    """What the event tells, without a full stop."""
    return SENTENCES[type(event)](event, names)


def several(numbers: Iterable[int], name: Callable[[int], str]) -> str:
    """The first few names, and how many more there are: ``Ivy, Beth, Gwen and 4 more``."""
    found = sorted(set(numbers))
    said = ", ".join(map(name, found[:NAMED]))
    more = len(found) - NAMED
    return _("%(names)s and %(more)s more") % {"names": said, "more": f"{more:,}"} if more > 0 else said


def _firm_created(event: e.FirmCreated, names: EventNames) -> str:
    return _("The firm began. Kind of firm: %(profile)s") % {"profile": profile_name(event.settings.profile)}


def _control_turned(event: e.ControlTurned, names: EventNames) -> str:
    return _("[Access control] turned on") if event.on else _("[Access control] turned off")


def _settings_changed(event: e.SettingsChanged, names: EventNames) -> str:
    return _("Settings changed. %(settings)s") % {"settings": settings_said(event.values.items())}


def _member_added(event: e.MemberAdded, names: EventNames) -> str:
    return _("%(member)s joined the firm. Role: %(role)s") % _role(event, names)


def _member_changed(event: e.MemberChanged, names: EventNames) -> str:
    return _("%(member)s has the role %(role)s, and the permissions: %(permissions)s") % _role(event, names)


def _role(event: e.MemberAdded | e.MemberChanged, names: EventNames) -> dict[str, str]:
    held = [word for word, has in (("access", event.access), ("manage_access", event.manage_access)) if has]
    return {
        "member": names.member(event.member),
        "role": role_name(event.role),
        "permissions": ", ".join(held) or _("none"),
    }


def _member_deactivated(event: e.MemberDeactivated, names: EventNames) -> str:
    return _("%(member)s was deactivated") % {"member": names.member(event.member)}


def _member_reactivated(event: e.MemberReactivated, names: EventNames) -> str:
    return _("%(member)s was reactivated") % {"member": names.member(event.member)}


def _service_added(event: e.ServiceAdded, names: EventNames) -> str:
    return _("The service %(service)s was added") % {"service": names.service(event.service)}


def _service_removed(event: e.ServiceRemoved, names: EventNames) -> str:
    return _("The service %(service)s was removed") % {"service": names.service(event.service)}


def _group_created(event: e.GroupCreated, names: EventNames) -> str:
    return _("The [group] %(group)s was created") % {"group": names.group(event.group)}


def _group_deleted(event: e.GroupDeleted, names: EventNames) -> str:
    return _("The [group] %(group)s was deleted") % {"group": names.group(event.group)}


def _group_kept(event: e.GroupKept, names: EventNames) -> str:
    if event.directory:
        text = _("The [group] %(group)s is kept by the firm’s directory")
    else:
        text = _("The [group] %(group)s is kept here")
    return text % {"group": names.group(event.group)}


def _group_joined(event: e.GroupJoined, names: EventNames) -> str:
    return _("%(members)s joined %(group)s") % _places(event, names)


def _group_left(event: e.GroupLeft, names: EventNames) -> str:
    return _("%(members)s left %(group)s") % _places(event, names)


def _places(event: e.GroupJoined | e.GroupLeft, names: EventNames) -> dict[str, str]:
    return {"members": several(event.members, names.member), "group": names.group(event.group)}


def _clients_added(event: e.ClientsAdded, names: EventNames) -> str:
    numbers = range(event.first_client, event.first_client + event.count)
    return _("[Clients] added: %(clients)s") % {"clients": several(numbers, names.client)}


def _client_marked(event: e.ClientMarked, names: EventNames) -> str:
    marked = _("%(client)s was marked confidential")
    text = marked if event.confidential else _("%(client)s is not confidential any more")
    return text % {"client": names.client(event.client)}


def _client_removed(event: e.ClientRemoved, names: EventNames) -> str:
    return _("%(client)s was removed") % {"client": names.client(event.client)}


def _client_restored(event: e.ClientRestored, names: EventNames) -> str:
    return _("%(client)s was restored") % {"client": names.client(event.client)}


def _engagement_added(event: e.EngagementAdded, names: EventNames) -> str:
    return _("%(client)s was given the service %(service)s") % {
        "client": names.client(event.client),
        "service": names.service(event.service),
    }


def _engagements_added(event: e.EngagementsAdded, names: EventNames) -> str:
    return _("Services added to: %(clients)s") % {"clients": several(unpacked(event.client_of), names.client)}


def _engagement_removed(event: e.EngagementRemoved, names: EventNames) -> str:
    return _("%(engagement)s was removed") % {"engagement": names.engagement(event.engagement)}


def _grants_set(event: e.GrantsSet, names: EventNames) -> str:
    said = {
        "subject": subject_text(names, event.subject),
        "targets": _targets(event.kind, event.targets, names),
    }
    if event.level is Level.BLOCKED:
        text = _("%(subject)s was blocked from %(targets)s") % said
    else:
        level = level_name(event.level, own=_own(event.subject, event.kind))
        text = _("%(subject)s was given access to %(targets)s: %(level)s") % {**said, "level": level}
    if event.fee_split is not None:
        text = f"{text}, {_('fee split')} {event.fee_split / 100:g}%"
    return f"{text}, {names.until(event.expires)}" if event.expires is not None else text


def _own(subject: Subject, kind: TargetKind) -> bool:
    return subject.kind == "member" and kind in {"client", "engagement"}


def _targets(kind: TargetKind, targets: Iterable[int], names: EventNames) -> str:
    match kind:
        case "engagement":
            return several(targets, names.engagement)
        case "client":
            return several(targets, names.client)
        case "service":
            return _("all [clients] with the service %(service)s") % {
                "service": several(targets, names.service)
            }
        case "all":
            return _("all [clients]")


def _grants_removed(event: e.GrantsRemoved, names: EventNames) -> str:
    return _("%(subject)s’s access to %(targets)s was taken away") % {
        "subject": subject_text(names, event.subject),
        "targets": _targets(event.kind, event.targets, names),
    }


def _clients_excluded(event: e.ClientsExcluded, names: EventNames) -> str:
    return _("%(clients)s left out of %(group)s’s service %(service)s") % _excluded(event, names)


def _clients_included(event: e.ClientsIncluded, names: EventNames) -> str:
    return _("%(clients)s put back into %(group)s’s service %(service)s") % _excluded(event, names)


def _excluded(event: e.ClientsExcluded | e.ClientsIncluded, names: EventNames) -> dict[str, str]:
    return {
        "clients": several(event.clients, names.client),
        "group": names.group(event.group),
        "service": names.service(event.service),
    }


def _delegation_set(event: e.DelegationSet, names: EventNames) -> str:
    text = _("%(delegator)s delegated to %(delegate)s, at most: %(level)s") % {
        **_hop(event, names),
        "level": level_name(event.cap),
    }
    if not event.cascades:
        text = _("%(delegation)s, and no further") % {"delegation": text}
    return f"{text}, {names.until(event.expires)}" if event.expires is not None else text


def _delegation_removed(event: e.DelegationRemoved, names: EventNames) -> str:
    return _("The delegation from %(delegator)s to %(delegate)s ended") % _hop(event, names)


def _hop(event: e.DelegationSet | e.DelegationRemoved, names: EventNames) -> dict[str, str]:
    return {"delegator": names.member(event.delegator), "delegate": names.member(event.delegate)}


def _defaults_set(event: e.DefaultsSet, names: EventNames) -> str:
    return _("%(member)s’s defaults for new [clients] were set") % {"member": names.member(event.member)}


def _wall_set(event: e.WallSet, names: EventNames) -> str:
    one, other = (_side(side, names) for side in event.sides)
    said = {"wall": names.wall(event.wall), "one": one, "other": other}
    times = [names.since(event.starts)] if event.starts is not None else []
    times += [names.until(event.ends)] if event.ends is not None else []
    if not times:
        return _("The wall %(wall)s keeps apart: %(one)s | %(other)s") % said
    said["times"] = ", ".join(times)
    return _("The wall %(wall)s keeps apart, %(times)s: %(one)s | %(other)s") % said


def _side(side: Side, names: EventNames) -> str:
    parts = (several(side.members, names.member), several(side.clients, names.client))
    return ", ".join(filter(None, parts))


def _wall_lowered(event: e.WallLowered, names: EventNames) -> str:
    return _("The wall %(wall)s was lowered") % {"wall": names.wall(event.wall)}


def _policy_set(event: e.PolicySet, names: EventNames) -> str:
    text = ngettext(
        "The policy %(policy)s was set, with %(statements)s statement: %(mode)s",
        "The policy %(policy)s was set, with %(statements)s statements: %(mode)s",
        len(event.statements),
    )
    return text % {
        "policy": names.policy(event.policy),
        "statements": f"{len(event.statements):,}",
        "mode": policy_mode_text(event.mode),
    }


def _policy_removed(event: e.PolicyRemoved, names: EventNames) -> str:
    return _("The policy %(policy)s was removed") % {"policy": names.policy(event.policy)}


def _wall_acknowledged(event: e.WallAcknowledged, names: EventNames) -> str:
    said = {"member": names.member(event.member), "wall": names.wall(event.wall)}
    return _("%(member)s acknowledged the wall %(wall)s") % said


def _request_opened(event: e.RequestOpened, names: EventNames) -> str:
    text = _("%(member)s asked for access to %(client)s: %(level)s") % {
        "member": names.member(event.member),
        "client": names.client(event.client),
        "level": level_name(event.level),
    }
    return f"{text}, {names.until(event.expires)}" if event.expires is not None else text


def _request_closed(event: e.RequestClosed, names: EventNames) -> str:
    said = {"member": names.member(event.member), "client": names.client(event.client)}
    match event.outcome:
        case "granted":
            return _("%(member)s’s request for %(client)s was granted") % said
        case "declined":
            return _("%(member)s’s request for %(client)s was declined") % said
        case "withdrawn":
            return _("%(member)s’s request for %(client)s was withdrawn") % said


def _successor_set(event: e.SuccessorSet, names: EventNames) -> str:
    if not event.member:
        return _("Nobody takes over from leavers any more")
    return _("%(member)s takes over from leavers who cannot be done without") % {
        "member": names.member(event.member)
    }


def _names_set(event: e.NamesSet, names: EventNames) -> str:
    called = [*event.names.types, *(each.name for each in event.names.actions)]
    said = ", ".join(called) or _("none")
    return _("The names that other software uses were set: %(names)s") % {"names": said}


def _token_added(event: e.TokenAdded, names: EventNames) -> str:
    text = _("The token %(token)s was made for %(member)s: %(scopes)s") % {
        "token": names.token(event.token),
        "member": names.member(event.member),
        "scopes": scopes_said(event.scopes),
    }
    return f"{text}, {names.until(event.expires)}" if event.expires is not None else text


def _token_revoked(event: e.TokenRevoked, names: EventNames) -> str:
    return _("The token %(token)s of %(member)s was revoked") % {
        "token": names.token(event.token),
        "member": names.member(event.member),
    }


def _by_token(event: e.ByToken, names: EventNames) -> str:
    return _("Done by software with the token %(token)s") % {"token": names.token(event.token)}


def _described(event: e.Described, names: EventNames) -> str:
    return _("Name, reference or address of %(thing)s changed") % {"thing": _thing(event, names)}


def _thing(event: e.Described, names: EventNames) -> str:
    name: dict[Thing, Callable[[int], str]] = {
        Thing.MEMBER: names.member,
        Thing.GROUP: names.group,
        Thing.SERVICE: names.service,
        Thing.WALL: names.wall,
        Thing.POLICY: names.policy,
        Thing.TOKEN: names.token,
        Thing.REVIEW: names.review,
        Thing.CLIENT: names.client,
        Thing.ENGAGEMENT: names.engagement,
    }
    return name[event.thing](event.number) if event.thing in name else _("the firm")


def _record_opened(event: e.RecordOpened, names: EventNames) -> str:
    return _("The record of %(client)s was opened") % {"client": names.client(event.client)}


def _export_taken(event: e.ExportTaken, names: EventNames) -> str:
    if event.what is Export.PICTURE:
        return _("A picture of who reaches what was taken out")
    if event.what is Export.PACK:
        return _("An auditor’s pack was taken out")
    return _("A list was exported: %(what)s, %(rows)s rows") % {
        "what": event.what.value,
        "rows": f"{event.rows:,}",
    }


def _walls_turned(event: e.WallsTurned, names: EventNames) -> str:
    said = [_("The wall %(wall)s began") % {"wall": names.wall(number)} for number in sorted(event.began)]
    said += [_("The wall %(wall)s ended") % {"wall": names.wall(number)} for number in sorted(event.ended)]
    return "; ".join(said)


def _access_expired(event: e.AccessExpired, names: EventNames) -> str:
    return _("Access that had been given up to then came to its end")


def _policy_noted(event: e.PolicyNoted, names: EventNames) -> str:
    text = _("The policy %(policy)s holds again") if event.holds else _("The policy %(policy)s was broken")
    return text % {"policy": names.policy(event.policy)}


def _decision_log_set(event: e.DecisionLogSet, names: EventNames) -> str:
    if not event.on:
        return _("Decisions are no longer logged")
    text = ngettext(
        "Decisions are logged, and kept for %(days)s day",
        "Decisions are logged, and kept for %(days)s days",
        event.days,
    )
    return text % {"days": event.days}


def _webhook_noted(event: e.WebhookNoted, names: EventNames) -> str:
    match event.did:
        case WebhookStep.ADDED:
            text = _("Webhook %(number)s was added")
        case WebhookStep.CHANGED:
            text = _("Webhook %(number)s was changed")
        case WebhookStep.ROTATED:
            text = _("Webhook %(number)s was given a new secret")
        case WebhookStep.PAUSED:
            text = _("Webhook %(number)s was paused")
        case WebhookStep.RESUMED:
            text = _("Webhook %(number)s was resumed")
        case WebhookStep.REMOVED:
            text = _("Webhook %(number)s was removed")
    return text % {"number": event.webhook}


def _user_seated(event: e.UserSeated, names: EventNames) -> str:
    return _("%(member)s was given a way to sign in") % {"member": names.member(event.member)}


def _entry_undone(event: e.EntryUndone, names: EventNames) -> str:
    return _("Entry %(entry)s was undone") % {"entry": f"{event.entry:,}"}


SENTENCES: dict[type[e.Event], Callable[[Any, EventNames], str]] = {
    e.FirmCreated: _firm_created,
    e.ControlTurned: _control_turned,
    e.SettingsChanged: _settings_changed,
    e.MemberAdded: _member_added,
    e.MemberChanged: _member_changed,
    e.MemberDeactivated: _member_deactivated,
    e.MemberReactivated: _member_reactivated,
    e.ServiceAdded: _service_added,
    e.ServiceRemoved: _service_removed,
    e.GroupCreated: _group_created,
    e.GroupDeleted: _group_deleted,
    e.GroupKept: _group_kept,
    e.GroupJoined: _group_joined,
    e.GroupLeft: _group_left,
    e.ClientsAdded: _clients_added,
    e.ClientMarked: _client_marked,
    e.ClientRemoved: _client_removed,
    e.ClientRestored: _client_restored,
    e.EngagementAdded: _engagement_added,
    e.EngagementsAdded: _engagements_added,
    e.EngagementRemoved: _engagement_removed,
    e.GrantsSet: _grants_set,
    e.GrantsRemoved: _grants_removed,
    e.ClientsExcluded: _clients_excluded,
    e.ClientsIncluded: _clients_included,
    e.DelegationSet: _delegation_set,
    e.DelegationRemoved: _delegation_removed,
    e.DefaultsSet: _defaults_set,
    e.WallSet: _wall_set,
    e.WallLowered: _wall_lowered,
    e.PolicySet: _policy_set,
    e.PolicyRemoved: _policy_removed,
    e.WallAcknowledged: _wall_acknowledged,
    e.RequestOpened: _request_opened,
    e.RequestClosed: _request_closed,
    e.ReviewStarted: reviews.started,
    e.ReviewDecided: reviews.decided,
    e.ReviewHanded: reviews.handed,
    e.ReviewExtended: reviews.extended,
    e.ReviewClosed: reviews.closed,
    e.ReviewScheduled: review_schedules.scheduled,
    e.ScheduledReviewBegun: review_schedules.begun,
    e.ReviewUnscheduled: review_schedules.unscheduled,
    e.EmergencyOpened: emergency_opened,
    e.EmergencyEnded: emergency_ended,
    e.EmergencyAcknowledged: emergency_acknowledged,
    e.Described: _described,
    e.RecordOpened: _record_opened,
    e.ExportTaken: _export_taken,
    e.AccessExpired: _access_expired,
    e.WallsTurned: _walls_turned,
    e.WebhookNoted: _webhook_noted,
    e.DecisionLogSet: _decision_log_set,
    e.PolicyNoted: _policy_noted,
    e.SignInNoted: sign_in_noted,
    e.ProofNoted: proof_noted,
    e.UserSeated: _user_seated,
    e.EntryUndone: _entry_undone,
    e.NamesSet: _names_set,
    e.SuccessorSet: _successor_set,
    e.TokenAdded: _token_added,
    e.TokenRevoked: _token_revoked,
    e.ByToken: _by_token,
}
"""By the kind of event."""
