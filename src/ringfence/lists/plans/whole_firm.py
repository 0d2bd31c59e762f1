"""A firm as a list that is said to be whole asks for it: all that it has of what such a list can name."""

from collections.abc import Collection, Iterator
from functools import cached_property

from ringfence.access import Refused
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import Capability, Role, Subject
from ringfence.firms.models import Client
from ringfence.lists.plans.gone_plan import GoneClient, GoneGrant, GonePlace, GoneService
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.people_plan import KnownMember


class HeldByFirm:
    """What one firm has at the version of `known`; answers `gone_plan.WholeFirm`."""

    def __init__(self, known: KnownFirm) -> None:
        self._known = known
        self._now = known.firm_now
        self.may_not_manage = known.may_not_manage
        self.services = known.services

    @property
    def may_not_share_all(self) -> Refused | None:
        if self._now.may(self._known.actor.member, Capability.MANAGE_ACCESS):
            return None
        return Refused(Refusal.NOT_PERMITTED, Problem.ONLY_ADMINISTRATORS)

    @cached_property
    def _clients(self) -> dict[int, tuple[str, GoneClient]]:
        """By number, the key and the words of every client there that has a reference."""
        there = self._now.known_clients(self._known.actor.member)
        rows = Client.objects.filter(firm=self._known.firm, removed_at=None).exclude(reference_key=None)
        rows = rows.order_by("sort_key", "number")
        fields = rows.values_list("number", "reference_key", "reference", "name")
        return {
            number: (key or "", GoneClient(number, reference, name))
            for number, key, reference, name in fields
            if number in there
        }

    def held_clients(self) -> Iterator[tuple[str, GoneClient]]:
        yield from self._clients.values()

    def held_services(self, service: str) -> Iterator[tuple[str, GoneService]]:
        name = self._known.services().get(service)
        number = None if name is None else self._known.service_numbers[name]
        if name is None or number not in self._now.services:
            return
        held = {self._now.client_of(each): each for each in self._now.with_service(number)}
        for client, (key, words) in self._clients.items():
            if (engagement := held.get(client)) is not None:
                last = len(self._now.engagements_of(client)) == 1
                yield key, GoneService(engagement, words, name, last)

    def held_members(self) -> Iterator[KnownMember]:
        for who in self._known.members.values():
            if who.active and (who.email or who.external):
                yield who

    def managing_members(self) -> Iterator[KnownMember]:
        for who in self._known.members.values():
            if who.active and who.role in (Role.PRINCIPAL, Role.ADMINISTRATOR):
                yield who

    @property
    def own_number(self) -> int | None:
        return self._known.actor.member

    def held_grants(self, subjects: Collection[Subject]) -> Iterator[GoneGrant]:
        names = {number: name for name, number in self._known.service_numbers.items()}
        for subject in sorted(subjects, key=lambda each: (each.kind, each.number)):
            who = self._who(subject)
            for target in self._now.grants_of(subject).targets():
                if target.kind not in ("client", "engagement"):
                    continue
                of_client = target.kind == "client"
                client = target.number if of_client else self._now.client_of(target.number)
                # A removed client's grants come back with it.
                if (found := self._clients.get(client)) is None:
                    continue
                service = "" if of_client else names[self._now.service_of(target.number)]
                grant = self._known.grant(subject, target)
                assert grant is not None
                yield GoneGrant(subject, target, who, found[1].reference, service, grant)

    def _who(self, subject: Subject) -> str:
        if subject.kind == "group":
            return self._known.groups[subject.number]
        return self._known.members[subject.number].email

    def held_places(
        self, groups: Collection[int], members: Collection[int] | None = None
    ) -> Iterator[GonePlace]:
        for group, inside in sorted(self._known.members_of(groups).items()):
            for number in sorted(inside):
                who = self._known.members[number]
                if who.email if members is None else number in members:
                    yield GonePlace(group, number, self._known.groups[group], who.email or who.name)
