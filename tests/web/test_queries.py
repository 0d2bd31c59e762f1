"""How many statements each page sends to the database: the same few, however large the firm."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ringfence.access import Actor
from ringfence.access.domains import add_domain
from ringfence.access.tokens import make_token
from ringfence.access.webhooks import add_webhook
from ringfence.core.commands.definitions import AddMember, CreateGroup, On, SetNames
from ringfence.core.terms import Scope
from ringfence.core.values import SoftwareNames
from tests.support.once import made_once
from tests.web.cast import (
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    FORTUNE_VAT,
    OWEN,
    VAT,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
    make_cast,
)
from tests.web.checks import PageClient
from tests.web.test_routes import (
    add_a_provider,
    arguments,
    begin_review,
    hand_down_notices,
    keep_a_policy,
    prove,
    ready_list,
    walled,
    write_documents,
)

pytestmark = pytest.mark.both_databases

KNOWN = {
    "reports": 6,
    "reviews": 5,
    "review": 12,
    "extend-review": 5,
    "close-review": 8,
    "stop-review-schedule": 7,
    "start-review": 4,
    "start-review-question": 6,
    "start-review-check": 6,
    "report-closed": 8,
    "report-new": 8,
    "report-one-holder": 7,
    "report-confidential": 6,
    "report-reach": 4,
    "report-refused": 4,
    "proof": 8,
    "replace-proof-key": 4,
    "publish-often": 5,
    "publish-folder": 5,
    "publish-mailboxes": 5,
    "publish-address": 5,
    "packs": 5,
    "ask-pack": 4,
    "pack": 5,
    "use": 6,
    "use-unused": 4,
    "use-reading": 4,
    "use-groups": 5,
    "use-away": 9,
    "use-delegations": 4,
    "decisions": 6,
    "security-log": 4,
    "decision-log": 5,
    "clients": 7,
    "client": 10,
    "change-client": 5,
    "change-tax-reference": 7,
    "mark-client": 7,
    "remove-client": 7,
    "client-history": 9,
    "client-openings": 8,
    "services": 4,
    "tokens": 8,
    "make-token": 4,
    "revoke-token": 6,
    "domains": 4,
    "domain": 5,
    "software-names": 3,
    "add-software-name": 3,
    "remove-software-name": 5,
    "firm-sign-in": 4,
    "ask-second-step": 4,
    "limit-sessions": 4,
    "limit-networks": 4,
    "webhooks": 4,
    "webhook": 6,
    "webhook-secret": 4,
    "providers": 4,
    "provider-settings": 4,
    "provider-test": 4,
    "add-client": 4,
    "removed-clients": 4,
    "client-fields": 5,
    "policies": 3,
    "my-client-permissions": 6,
    "client-permissions-of": 6,
    "client-applications": 9,
    "add-application": 6,
    "application": 12,
    "change-application": 12,
    "remove-application": 12,
    "client-plans": 9,
    "add-plan": 6,
    "plan": 10,
    "change-plan": 10,
    "plan-versions": 10,
    "plan-version": 10,
    "compare-plan": 12,
    "remove-plan": 10,
    "wizard": 4,
    "wizard-who": 8,
    "wizard-clients": 8,
    "wizard-check": 12,
    "why-me": 8,
    "add-note": 6,
    "your-requests": 5,
    "open-requests": 4,
    "share-client": 12,
    "share-client-with": 7,
    "share-service-with": 7,
    "choose-owner": 8,
    "stop-sharing": 12,
    "make-owner": 12,
    "share-client-with-group": 6,
    "share-client-with-member": 6,
    "share-service-with-group": 7,
    "share-service-with-member": 7,
    "client-access-list": 7,
    "client-access": 8,
    "why-member": 8,
    "ledger": 7,
    "ledger-entry": 8,
    "undo-entry": 7,
    "client-then": 4,
    "client-between": 4,
    "walls-kept": 4,
    "member-then": 4,
    "lists": 5,
    "list": 7,
    "add-list": 3,
    "firm-home": 9,
    "list-access": 8,
    "manage": 4,
    "settings": 4,
    "change-setting": 4,
    "firm-successor": 5,
    "set-firm-successor": 9,
    "firm-mail": 5,
    "turn-off": 3,
    "invite-member": 8,
    "your-sign-in": 9,
    "confirm-turn-off": 8,
    "help": 3,
    "help-topic": 4,
    "groups": 5,
    "group": 7,
    "group-blocked": 5,
    "group-removed-clients": 4,
    "group-access": 4,
    "group-history": 9,
    "group-members": 5,
    "group-add-clients": 8,
    "group-add-clients-check": 11,
    "group-remove-clients": 8,
    "group-remove-clients-check": 11,
    "group-add-members": 6,
    "group-add-members-check": 12,
    "group-remove-members": 6,
    "group-remove-members-check": 12,
    "group-add-services": 6,
    "group-add-services-check": 10,
    "rename-group": 4,
    "hand-over-group": 9,
    "delete-group": 9,
    "create-group": 4,
    "create-group-clients": 7,
    "create-group-members": 5,
    "create-group-check": 12,
    "create-group-name": 4,
    "unassigned-clients": 7,
    "assign-groups": 6,
    "firm-picture": 8,
    "member-picture": 8,
    "client-picture": 9,
    "your-picture": 8,
    "walls": 6,
    "firm-policies": 6,
    "firm-policy": 11,
    "firm-policy-version": 6,
    "wall": 12,
    "wall-conflicts": 8,
    "wall-members": 8,
    "wall-clients": 9,
    "wall-terms": 6,
    "wall-check": 12,
    "lower-wall": 9,
    "team": 9,
    "member": 8,
    "member-clients": 9,
    "member-access": 7,
    "change-member": 4,
    "deactivate-member": 4,
    "choose-successor": 5,
    "choose-heir": 6,
    "heir-clients": 9,
    "copy-access": 5,
    "copy-access-from": 10,
    "join-groups": 7,
    "leave-groups": 7,
    "leave-group": 10,
    "add-member": 4,
    "delegations": 4,
    "member-delegations": 4,
    "everybodys-delegations": 5,
    "notices": 9,
    "notice": 9,
    "choose-notices": 4,
    "your-account": 7,
    "your-other-clients": 8,
    "your-digest": 6,
}
"""The statements of each page that shows something of a firm; a page that needs more says so here."""


CHOSEN = {
    "add-clients": FORTUNE_INCOME_TAX,
    "remove-clients": FORTUNE_VAT,
    "add-members": DILYS,
    "remove-members": CAI,
    "add-services": VAT,
}
"""What is chosen for each change of a group, so that its check has something to say."""


def make_busy() -> tuple[Cast, str]:
    """Control on, a group, a finished draft and what Owen has begun: the cast, and the key of his session."""
    cast, owen = make_cast(), PageClient()
    owen.force_login(cast.users["Owen"])
    grouped(cast.firm)
    ready_list(cast.firm)
    write_documents(cast)
    hand_down_notices(cast.firm)
    add_webhook(cast.firm, "https://documents.example/", actor=Actor(OWEN))
    add_domain(cast.firm, "pike-marlow.wales", actor=Actor(OWEN))
    add_a_provider(cast.firm)
    make_token(cast.firm, actor=Actor(OWEN), name="Document store", scopes=Scope.DECIDE)
    do(cast.firm, SetNames(names=SoftwareNames(types={"record": "client"})))
    owen.post(reverse("create-group", args=[cast.firm]), {"kind": "custom"})
    owen.post(reverse("create-group-name", args=[cast.firm]), {"name": "North"})
    owen.post(reverse("create-group-clients", args=[cast.firm]), {"go": "all", "shown_service": str(VAT)})
    owen.post(reverse("create-group-members", args=[cast.firm]), {"go": "all"})
    walled(cast.firm)
    keep_a_policy(cast.firm)
    begin_review(cast.firm)
    begun_review(cast, owen)
    prove(cast.firm)
    begun_wall(cast, owen)
    owen.post(reverse("unassigned-clients", args=[cast.firm]), {"shown": ["7"], "tick": ["7"]})
    owen.post(reverse("wizard", args=[cast.firm]), {"what": "set"})
    owen.post(reverse("wizard-who", args=[cast.firm]), {"given": f"member-{DILYS}", "go": "continue"})
    owen.post(reverse("wizard-clients", args=[cast.firm]), {"go": "all"})
    for change, number in CHOSEN.items():
        address = reverse(f"group-{change}", args=[cast.firm, VAT_GROUP])
        owen.post(address, {"go": "keep", "shown": [number], "tick": [number]})
    return cast, owen.cookies[settings.SESSION_COOKIE_NAME].value


def make_large() -> tuple[Cast, str]:
    """The same, and many more clients, members and groups."""
    cast, session = make_busy()
    grow(cast)
    return cast, session


def begun_review(cast: Cast, owen: PageClient) -> None:
    """A review that Owen has answered all questions of."""
    for question, answer in (
        ("", {"name": "Spring"}),
        ("/scope", {"scope": "all"}),
        ("/reviewers", {"who": "owners"}),
        ("/repeats", {"repeats": "once"}),
        ("/due", {"until-day": "31", "until-month": "12", "until-year": "2099"}),
        ("/undecided", {"undecided": "keep"}),
    ):
        owen.post(reverse("start-review", args=[cast.firm]) + question, answer)


def begun_wall(cast: Cast, owen: PageClient) -> None:
    """A wall that Owen has begun to raise, across which Cai has access."""
    owen.post(reverse("raise-wall", args=[cast.firm]), {"name": "Merger"})
    for side, route, number in ((1, "wall-members", CAI), (2, "wall-clients", FORTUNE)):
        ticks = {"go": "keep", "shown": [number], "tick": [number]}
        owen.post(reverse(route, args=[cast.firm, side]), ticks)


def statements(route: str, make: Callable[[], tuple[Cast, str]]) -> int:
    """What Owen's second visit asks in what `make` makes: the first fills what the process keeps.

    Nothing of that firm is left behind.
    """
    before = transaction.savepoint()
    cast, session = made_once(make.__name__, make)
    owen = PageClient()
    owen.cookies[settings.SESSION_COOKIE_NAME] = session
    address = reverse(route, kwargs=arguments(route, cast, uuid4()))
    assert owen.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        owen.get(address)
    transaction.savepoint_rollback(before)
    return len(captured)


def grow(cast: Cast) -> None:
    """Many more clients, members and groups."""
    add_clients(cast.firm, 80)
    for number in range(20):
        do(cast.firm, AddMember(name=f"Member {number}"))
        on = On.service(VAT) if number % 2 else On.client(FORTUNE)
        do(cast.firm, CreateGroup(name=f"Group {number}", members=frozenset({OWEN, CAI}), on=on))


@pytest.mark.parametrize("route", sorted(KNOWN))
def test_a_page_asks_what_is_known_and_no_more_of_a_larger_firm(route: str, db: None) -> None:
    small = statements(route, make_busy)
    # One more where grants to single members have come beside those to groups.
    assert statements(route, make_large) <= small + 1
    assert small <= KNOWN[route]
