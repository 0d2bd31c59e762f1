"""A firm's names in memory, for tests that read policies without a database."""

from collections.abc import Mapping

from ringfence.access.policing.faults import PF
from ringfence.access.policing.naming import Meant


class FewNames:
    """Ann, Bob, Cai; the group Audit (2); Acme, Bolt, both from 1; the service VAT (2), of Acme alone."""

    MEMBERS: Mapping[str, int] = {"Ann": 1, "Bob": 2, "Cai": 3}
    GROUPS: Mapping[str, int] = {"Everyone": 1, "Audit": 2}
    CLIENTS: Mapping[str, int] = {"Acme": 1, "Bolt": 2}
    SERVICES: Mapping[str, int] = {"VAT": 2}

    def member(self, word: str) -> Meant:
        return _meant(self.MEMBERS, word, PF.UNKNOWN_MEMBER)

    def group(self, word: str) -> Meant:
        return _meant(self.GROUPS, word, PF.UNKNOWN_GROUP)

    def client(self, word: str) -> Meant:
        return _meant(self.CLIENTS, word, PF.UNKNOWN_CLIENT)

    def service(self, word: str) -> Meant:
        return _meant(self.SERVICES, word, PF.UNKNOWN_SERVICE)

    def engagement(self, client: int, service: int) -> int:
        return 1 if (client, service) == (1, 2) else 0


def _meant(names: Mapping[str, int], word: str, unknown: PF) -> Meant:
    return Meant(names[word]) if word in names else Meant(fault=unknown)
