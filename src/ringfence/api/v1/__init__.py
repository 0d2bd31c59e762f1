"""Resources of the API, a module for each: what is read of it, and writes that are no commands.

Each command of rules.md 7 has its write in `writes.py`.
"""

from collections.abc import Iterator, Mapping

from ninja import Router

from ringfence.api import batches
from ringfence.api.writes import add_writes

from . import (
    applications,
    choices,
    clients,
    control,
    decision_log,
    delegations,
    documents,
    emergencies,
    firm,
    grants,
    groups,
    imports,
    invitations,
    ledger,
    members,
    policies,
    proof,
    reports,
    requests,
    reviews,
    security_log,
    services,
    sign_in_writes,
    tokens,
    undoing,
    use,
    walls,
    webhooks,
)


def routers() -> Iterator[tuple[str, Router]]:
    """Each resource with its name, reads and writes."""
    found: Mapping[str, Router] = {
        "firm": firm.ROUTER,
        "control": control.CONTROL,
        "settings": control.SETTINGS,
        "members": members.ROUTER,
        "invitations": invitations.ROUTER,
        "groups": groups.ROUTER,
        "services": services.ROUTER,
        "clients": clients.ROUTER,
        "engagements": clients.ENGAGEMENTS,
        "documents": documents.ROUTER,
        "application forms": applications.ROUTER,
        "grants": grants.ROUTER,
        "defaults": grants.DEFAULTS,
        "delegations": delegations.ROUTER,
        "walls": walls.ROUTER,
        "policies": policies.ROUTER,
        "requests": requests.ROUTER,
        "reviews": reviews.ROUTER,
        "emergencies": emergencies.ROUTER,
        "batches": batches.ROUTER,
        "ledger": ledger.ROUTER,
        "undoing": undoing.ROUTER,
        "tokens": tokens.ROUTER,
        "sign-in": sign_in_writes.ROUTER,
        "security log": security_log.ROUTER,
        "webhooks": webhooks.ROUTER,
        "proof": proof.ROUTER,
        "decision log": decision_log.ROUTER,
        "choices": choices.ROUTER,
        "reports": reports.ROUTER,
        "use": use.ROUTER,
        "imports": imports.ROUTER,
    }
    add_writes(found)
    yield from found.items()
