"""What sentences need to know of a firm: the names of things by number, and how its end is said there."""

from typing import Protocol

from ringfence.core.terms import EVERYONE, GENERAL, Instant, Subject, Target

from .saying import gettext as _


class NamesByNumber(Protocol):
    """Names as they are at present. Times are in the firm's zone and the reader's language."""

    def member(self, number: int) -> str: ...
    def group(self, number: int) -> str: ...
    def client(self, number: int) -> str: ...
    def service(self, number: int) -> str: ...
    def wall(self, number: int) -> str: ...
    def token(self, number: int) -> str: ...

    def since(self, starts: Instant) -> str:
        """When a wall begins: ``from 1 December 2026``."""

    def until(self, expires: Instant) -> str:
        """When a grant or delegation ends: ``until the end of 31 December 2026``."""


def service_name(number: int, name: str) -> str:
    """The built-in service has its name in the reader's language, unless the firm gave it another."""
    return _("General") if number == GENERAL and name == "General" else name


def group_name(number: int, name: str) -> str:
    """The built-in group has its name in the reader's language."""
    return _("Everyone") if number == EVERYONE else name


def subject_text(names: NamesByNumber, subject: Subject) -> str:
    """Whom a grant is for."""
    return names.member(subject.number) if subject.kind == "member" else names.group(subject.number)


def own_on_client(subject: Subject, target: Target) -> bool:
    """Whether a grant is a member's own on a client or one of its services: what links an adviser to it."""
    return subject.kind == "member" and target.kind in {"client", "engagement"}


def engagement_text(names: NamesByNumber, client: int, service: int) -> str:
    """One service to one client: ``Acme · VAT``."""
    return f"{names.client(client)} · {names.service(service)}"


def target_text(names: NamesByNumber, target: Target, client: int, service: int) -> str:
    """What a grant is on, seen from an engagement of `client` for `service` on which it bears."""
    match target.kind:
        case "engagement":
            return engagement_text(names, client, service)
        case "client":
            return names.client(client)
        case "service":
            return _("all [clients] with the service %(service)s") % {"service": names.service(target.number)}
        case "all":
            return _("all [clients]")
