"""What is chosen in the wizard so far, and the commands that it is to become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyroaring import BitMap

from ringfence.access import FirmNow
from ringfence.core.commands.definitions import Command, GrantTo, On, RemoveGrant, SetGrant
from ringfence.core.terms import Level, Subject
from ringfence.firms.models import Draft
from ringfence.web.browse.grantees import grants_kept, kept_grants
from ringfence.web.queries.drafts import WIZARD, draft_for, drop_draft, numbers_in, start_draft, stored
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

STEPS = 4


@dataclass(frozen=True, slots=True)
class WizardChoice:
    """The choice, as far as the firm has what it names and the member may still share it."""

    row: Draft
    removes: bool
    grants: tuple[GrantTo, ...]
    """Whom it is about; where it `removes`, their levels say nothing."""
    clients: BitMap
    lost: int
    """How many clients were chosen that the member may share no longer."""

    @property
    def token(self) -> str:
        """What a form belongs to: one for an earlier choice is not taken."""
        return str(self.row.id)

    def keep_grants(self, grants: tuple[GrantTo, ...] | list[GrantTo]) -> None:
        """Keep whom it is about."""
        self.row.values = {**self.row.values, "grants": kept_grants(grants)}
        self.row.save()

    def keep_clients(self, clients: BitMap) -> None:
        """Keep the clients."""
        self.row.clients = stored(clients)
        self.row.save()


def read_choice(visit: Visit) -> WizardChoice | None:
    """The member's choice; None where they have begun none."""
    row = draft_for(visit.firm.pk, visit.number, WIZARD)
    if row is None:
        return None
    chosen = numbers_in(row.clients)
    clients = chosen & visit.firm_now.shareable(visit.number) if chosen else chosen
    return WizardChoice(
        row=row,
        removes=bool(row.values.get("removes")),
        grants=grants_kept(visit, row.values.get("grants", [])),
        clients=clients,
        lost=len(chosen) - len(clients),
    )


def begin_choice(visit: Visit, *, removes: bool) -> None:
    """Begin, or go on with what was chosen in the other direction."""
    row = draft_for(visit.firm.pk, visit.number, WIZARD) or start_draft(visit.firm.pk, visit.number, WIZARD)
    row.values = {**row.values, "removes": removes}
    row.save()


def forget_choice(visit: Visit) -> None:
    """Let go of the choice."""
    drop_draft(visit.firm.pk, visit.number, WIZARD)


def caption(step: int) -> str:
    """Where in the wizard a page stands."""
    return _("Permissions wizard: step %(step)s of %(steps)s") % {"step": step, "steps": STEPS}


# --- The commands


def commands_of(choice: WizardChoice, firm_now: FirmNow) -> tuple[Command, ...]:
    """A `grant.set` for each level, or one `grant.remove`; nothing for what stands so already.

    A `grant.set` states the whole (rules.md 6): a fee split that the wizard does not show is said again.
    """
    if choice.removes:
        return tuple(_removed(choice, firm_now))
    return tuple(_set(choice, firm_now))


def _removed(choice: WizardChoice, firm_now: FirmNow) -> Iterator[Command]:
    subjects = tuple(
        grant.to
        for grant in choice.grants
        if BitMap.union(*firm_now.grants_of(grant.to).clients) & choice.clients
    )
    if subjects and choice.clients:
        yield RemoveGrant(to=subjects, on=On(clients=choice.clients))


def _set(choice: WizardChoice, firm_now: FirmNow) -> Iterator[Command]:
    alike: dict[Level, list[Subject]] = {}
    for grant in choice.grants:
        splits = _splits(firm_now, grant.to, choice.clients)
        if splits:
            yield from _with_splits(firm_now, grant, choice.clients, splits)
        elif not _stands(firm_now, grant, choice.clients):
            alike.setdefault(grant.level, []).append(grant.to)
    for level, subjects in alike.items():
        yield SetGrant(to=tuple(subjects), on=On(clients=choice.clients), level=level)


def _splits(firm_now: FirmNow, subject: Subject, clients: BitMap) -> dict[int, BitMap]:
    """The clients by the fee split that the subject has there, where the firm uses fee splits."""
    found: dict[int, BitMap] = {}
    held = firm_now.grants_of(subject).fee_splits if firm_now.settings.fee_splits else {}
    for client, split in held.items():
        if client in clients:
            found.setdefault(split, BitMap()).add(client)
    return found


def _with_splits(
    firm_now: FirmNow, grant: GrantTo, clients: BitMap, splits: dict[int, BitMap]
) -> Iterator[Command]:
    for split, some in splits.items():
        if not _stands(firm_now, grant, some):
            yield SetGrant(to=(grant.to,), on=On(clients=some), level=grant.level, fee_split=split)
    rest = clients - BitMap.union(*splits.values())
    if rest and not _stands(firm_now, grant, rest):
        yield SetGrant(to=(grant.to,), on=On(clients=rest), level=grant.level)


def _stands(firm_now: FirmNow, grant: GrantTo, clients: BitMap) -> bool:
    """Whether the grant stands on all of the clients already, with no end."""
    held = firm_now.grants_of(grant.to)
    if not clients <= held.clients[grant.level - 1]:
        return False
    return not any(target.kind == "client" and target.number in clients for target in held.expires)


def ending(choice: WizardChoice, firm_now: FirmNow) -> int:
    """How many grants that would end by themselves are made to last."""
    if choice.removes:
        return 0
    return sum(
        target.number in choice.clients and held.expires[target] > firm_now.now
        for held in (firm_now.grants_of(grant.to) for grant in choice.grants)
        for target in held.expires
        if target.kind == "client"
    )
