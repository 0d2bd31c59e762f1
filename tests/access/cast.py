"""A firm that the tests of `access` act on, and short words for acting: who, does what, to whom."""

from dataclasses import dataclass

from ringfence import access
from ringfence.access import OPERATOR, Actor, Committed
from ringfence.core.commands import Command, On
from ringfence.core.commands import definitions as w
from ringfence.core.settings import Profile
from ringfence.core.terms import Level, Role, Subject

ADMIN = 1
"""The administrator's number in every firm of the tests."""


@dataclass(frozen=True)
class Cast:
    """One firm by its id, with verbs that commit."""

    firm: int

    def do(self, command: Command, by: int | None = None) -> Committed:
        """Carry the command out, for a member or the operator."""
        return access.execute(self.firm, command, actor=OPERATOR if by is None else Actor(by))

    def member(self, name: str, role: Role = Role.STANDARD) -> int:
        """A new member's number."""
        address = f"{name.lower()}.{self.firm}@example.com"
        done = self.do(w.AddMember(name=name, email=address, role=role))
        return done.after.last_member

    def service(self, name: str) -> int:
        return self.do(w.AddService(name=name)).after.moment.state.numbers.service

    def client(self, name: str, *services: int, reference: str = "") -> int:
        """A new client's number; its engagements have no tax references."""
        row = w.ClientRow(name=name, reference=reference, services=dict.fromkeys(services, ""))
        return self.do(w.AddClient(client=row)).after.moment.state.register.next_client - 1

    def clients(self, count: int) -> range:
        """That many clients with references, in one command; their numbers."""
        rows = tuple(w.ClientRow(name=f"Client {n}", reference=f"R{n}") for n in range(count))
        last = self.do(w.ImportClients(rows=rows)).after.moment.state.register.next_client
        return range(last - count, last)

    def group(self, name: str, *members: int, on: On | None = None) -> int:
        command = w.CreateGroup(name=name, members=frozenset(members), on=on or On())
        return self.do(command).after.moment.state.numbers.group

    def grant(self, subject: Subject, on: On, level: Level = Level.EDITOR) -> Committed:
        return self.do(w.SetGrant(to=(subject,), on=on, level=level))

    def turn_on(self) -> Committed:
        return self.do(w.TurnOn())

    @property
    def view(self) -> access.FirmNow:
        return access.firm_state(self.firm)


def found(name: str = "Ward & Sons", profile: Profile = "agency") -> Cast:
    """A new firm with one administrator, Ann."""
    made = access.create_firm(name, profile, admin_email=f"ann@{profile}.example.com", admin_name="Ann")
    return Cast(made.firm)
