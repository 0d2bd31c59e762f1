"""Numbers as people write them, and with what they count."""

from ringfence.wording.saying import ngettext


def figure(value: int) -> str:
    """A number as people write it in English and in Welsh: ``5,000``."""
    return f"{value:,}"


def count_clients(count: int) -> str:
    return ngettext("%(count)s [client]", "%(count)s [clients]", count) % {"count": figure(count)}


def count_services(services: int, clients: int) -> str:
    """Services of clients: ``3 services of 2 clients``."""
    words = ngettext("%(services)s service of %(clients)s", "%(services)s services of %(clients)s", services)
    return words % {"services": figure(services), "clients": count_clients(clients)}
