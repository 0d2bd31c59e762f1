"""Where software asks for what its token is for: by the settings, never by the host that a request names."""

from ringfence.core.terms import Scope
from ringfence.store.requestable import endpoint
from ringfence.store.served_at import changes_address, decisions_address, pages_address


def addresses_for(scopes: Scope) -> list[tuple[Scope, str]]:
    """The address of each scope that has one of its own, in the order of the scopes.

    `EXPLAIN` adds to what others are answered; where a directory provisions to, `ringfence.scim` says.
    """
    decisions = f"{decisions_address()}/access/v1"
    found = {
        Scope.DECIDE: f"{decisions}/evaluation",
        Scope.SEARCH: f"{decisions}/search/resource",
        Scope.MANAGE: f"{pages_address()}/api/v1",
        Scope.CHANGES: f"{changes_address()}/api/v1/changes",
        Scope.REQUEST: endpoint(),
    }
    return [(scope, address) for scope, address in found.items() if scope in scopes]
