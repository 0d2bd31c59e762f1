"""Parts of a pack about what keeps access right: emergency openings, policies in every version."""

from collections.abc import Iterator

from ringfence.access.ledger.emergencies import (
    EmergencyOpening,
    EmergencyStep,
    emergencies_in,
    opening_entries,
)
from ringfence.access.policing.kept import broken_policies
from ringfence.access.policing.versions import (
    PolicyVersion,
    policies_ever,
    policies_noted,
    policy_versions,
)
from ringfence.core.terms import Instant, Thing
from ringfence.lists.export.writing import Cells
from ringfence.wording.levels_and_roles import level_name
from ringfence.wording.policy_sentences import MODES, statement_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .firm_then import PackFirm


def emergencies(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each client opened in an emergency between the two moments."""
    headers = (
        _("Entry"),
        _("[Client]"),
        _("Who opened it"),
        _("Level"),
        _("When"),
        _("Reason"),
        _("Until"),
        _("Ended"),
        _("Acknowledged"),
        _("Acknowledged by"),
        _("Note"),
    )
    return headers, _emergencies(firm)


def _emergencies(firm: PackFirm) -> Iterator[Cells]:
    until = firm.then.version
    numbers = opening_entries(firm.row.pk, until=until, since=Instant(firm.asked.since))
    found = emergencies_in(firm.row.pk, numbers, until=until)
    names = firm.names
    names.learn_things(Thing.MEMBER, {each.member for each in found} | _acknowledgers(found))
    names.learn_things(Thing.CLIENT, {each.client for each in found})
    for each in reversed(found):
        seen = each.acknowledged
        yield (
            str(each.entry),
            names.client(each.client),
            names.member(each.member),
            level_name(each.level),
            moment_text(each.at, firm.zone),
            each.reason,
            moment_text(each.expires, firm.zone),
            _when(firm, each.ended),
            _when(firm, seen),
            names.actor(seen.by) if seen else "",
            seen.note if seen else "",
        )


def _acknowledgers(found: list[EmergencyOpening]) -> set[int]:
    steps = (each.acknowledged for each in found)
    return {step.by for step in steps if step is not None and step.by is not None}


def _when(firm: PackFirm, step: EmergencyStep | None) -> str:
    return moment_text(step.at, firm.zone) if step is not None else ""


def policies(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each version of each policy until then; of the present one, whether it held."""
    headers = (
        _("Policy"),
        _("Version"),
        _("Entry"),
        _("When"),
        _("By whom"),
        _("Reason"),
        _("What it says"),
        _("Text"),
        _("What a breach of it does"),
        _("It held on the day asked for"),
    )
    return headers, _policies(firm)


def _policies(firm: PackFirm) -> Iterator[Cells]:
    then, broken = firm.then, broken_policies(firm.then)
    for number in sorted(policies_ever(firm.row.pk, then.version)):
        versions = [each for each in policy_versions(firm.row.pk, number) if each.entry <= then.version]
        for each in versions:
            held = ""
            if each is versions[-1] and number in then.policies:
                held = _("no") if number in broken else _("yes")
            yield (
                each.name,
                str(each.version),
                str(each.entry),
                moment_text(each.at, firm.zone),
                firm.names.actor(each.actor.member),
                each.reason,
                _said(firm, each),
                each.text,
                _mode(each),
                held,
            )


def breaches(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """A row for each time that a policy was found broken, or to hold again, between the two moments."""
    headers = (_("Entry"), _("Policy"), _("When"), _("What was found"), _("Since"))
    return headers, _breaches(firm)


def _breaches(firm: PackFirm) -> Iterator[Cells]:
    names = {number: _names_of(firm, number) for number in policies_ever(firm.row.pk, firm.then.version)}
    for entry, noted in policies_noted(firm.row.pk, firm.after, firm.then.version):
        called = [name for since, name in names.get(noted.policy, []) if since <= entry.number]
        yield (
            str(entry.number),
            called[-1] if called else "",
            moment_text(entry.at, firm.zone),
            _("It held again") if noted.holds else _("It was broken"),
            moment_text(noted.since, firm.zone),
        )


def _names_of(firm: PackFirm, number: int) -> list[tuple[int, str]]:
    """What the policy was called from which entry on."""
    return [(each.entry, each.name) for each in policy_versions(firm.row.pk, number)]


def _said(firm: PackFirm, version: PolicyVersion) -> str:
    if version.policy is None:
        return ""
    return "; ".join(statement_text(each, firm.names) for each in version.policy.statements)


def _mode(version: PolicyVersion) -> str:
    return _("Removed") if version.policy is None else str(MODES[version.policy.mode])
