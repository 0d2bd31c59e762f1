"""Every route names its capability, and holds to it: signed out, another firm, no right, right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.urls import URLPattern, reverse
from django.urls.converters import SlugConverter, UUIDConverter
from msgspec import to_builtins

from ringfence.access import Actor, firm_state
from ringfence.access.applications import write_form
from ringfence.access.clock import clock
from ringfence.access.documents import DocumentKind, write_document
from ringfence.access.domains import add_domain
from ringfence.access.notices import NewNotice, NoticeKind, hand_down
from ringfence.access.policing.versions import policy_versions
from ringfence.access.proof import checkpoints_signed, keep_stamp, sign_now
from ringfence.access.proof.packs import PackAsked, ask_pack, keep_pack, pack_numbered
from ringfence.access.providers import OpenIdSettings, Protocol, ProviderKind, add_provider
from ringfence.access.providers.saml import SamlSettings
from ringfence.access.tokens import make_token
from ringfence.access.webhooks import add_webhook
from ringfence.core.commands.definitions import (
    AddClient,
    ChangeSettings,
    ClientRow,
    RaiseWall,
    RemoveClient,
    ScheduleReview,
    SetNames,
    SetPolicy,
    StartReview,
)
from ringfence.core.review_values import ReviewScope
from ringfence.core.statements import AtMost, ClientsMeant
from ringfence.core.terms import Instant, Scope
from ringfence.core.values import Side, SoftwareNames
from ringfence.firms.models import ListUpload
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.keeping import put
from ringfence.lists.uploads.rights import reader_then
from ringfence.lists.uploads.stages import AllFaults, Checked, Stage, UploadPart, packed
from ringfence.web.shell.capability import Audience, Capability
from ringfence.web.urls import urlpatterns
from tests.support.once import made_once
from tests.web.cast import (
    ADA,
    CAI,
    DILYS,
    ENID,
    FORTUNE,
    FORTUNE_INCOME_TAX,
    OWEN,
    PLAIN,
    VAT,
    VAT_GROUP,
    Cast,
    do,
    grouped,
    make_cast,
)

if TYPE_CHECKING:
    from tests.web.checks import PageClient

PLAN = UUID("11111111-1111-4111-8111-111111111111")
"""A plan on what everybody in the cast may open."""
APPLICATION = UUID("22222222-2222-4222-8222-222222222222")
"""An application form there."""
GONE = PLAIN + 1
"""A client that was removed."""

SignIn = Callable[[Cast, str], "PageClient"]

ROUTES: dict[str, URLPattern] = {str(route.name): route for route in urlpatterns}
UPLOAD = 900_001
"""The number of a list on its way in, which no other test is given."""
IN_FIRM = sorted(name for name, route in ROUTES.items() if "<number:firm>" in str(route.pattern))
BEFORE_THE_DOOR = {"second-step-asked"}
"""What people with a place in the firm are shown before they may enter, whatever their role."""
MAY_OPEN = {
    Capability.MEMBER: {"Owen", "Ada", "Cai"},
    Capability.READ_CLIENTS: {"Owen", "Cai"},
    Capability.USE_CLIENTS: {"Owen", "Cai"},
    Capability.READ_CONTROL: {"Owen", "Ada"},
    Capability.MANAGE_ACCESS: {"Owen"},
    Capability.MANAGE: {"Owen"},
}
"""An administrator, an auditor and a standard member, by what pages ask for (rules.md 5)."""


BY_SHARING = {
    "decide-request",
    "stop-sharing",
    "choose-owner",
    "make-owner",
    "share-service-with",
    "share-service-with-group",
    "share-service-with-member",
}
"""What is for whoever may share the client."""

BY_LEVEL = {
    "client-picture": {"Owen", "Ada"},
    "client-picture-box": {"Owen", "Ada"},
    "client-picture-file": {"Owen", "Ada"},
    "change-client": {"Owen", "Cai"},
    "change-details": {"Cai"},
    "mark-client": {"Owen"},
    "add-client-service": {"Cai"},
    "change-tax-reference": {"Owen", "Cai"},
    "remove-client-service": {"Owen"},
    "remove-client": {"Owen"},
}
"""What one may change of Fortune 500, which Cai edits and of which Owen, who manages, opens a part."""


CLOSED_TO_OWEN = {*(name for name, whose in BY_LEVEL.items() if "Owen" not in whose), "your-group"}
"""What he may not do at Fortune 500 himself, and a group that he is not in."""

FOR_ONESELF = {
    "member-delegations",
    "delegate-to",
    "delegate-terms",
    "delegation-opens",
    "delegation-clients",
    "end-delegation",
}
"""What one may do for oneself, and for others with the permission."""


def capability_of(name: str) -> Capability | Audience | None:
    return getattr(ROUTES[name].callback, "capability", None)


def arguments(name: str, cast: Cast, note: UUID) -> dict[str, object]:
    """What a route's address takes, of things that everybody in the cast may open."""
    known: dict[str, object] = {
        "firm": cast.firm,
        "number": VAT_GROUP if "manage/groups" in str(ROUTES[name].pattern) else FORTUNE,
        "group": VAT_GROUP,
        # Somebody whose colleague has something to copy.
        "member": DILYS if name == "copy-access-from" else CAI,
        "way": 1,
        "source": CAI,
        "on": "client",
        "target": FORTUNE,
        "delegate": DILYS,
        "entry": 2,
        "place": 1,
        "engagement": FORTUNE_INCOME_TAX,
        "service": VAT,
        "kind": "join",
        "document": kept_document(name) or note,
        "version": 1,
        "what": "clients",
        "upload": UPLOAD,
        "form": "csv",
        "uid": "1",
        "why": "state",
        "key": "none",
        "topic": "what-it-does",
        "holder": "group",
        "holding": VAT_GROUP,
        "aim": "engagement",
        "aimed": 1,
        "setting": "sharing",
        "mail": "none",
        "heir": DILYS,
        "side": 1,
        "box": "none",
        "webhook": 1,
        "domain": 1,
        "policy": 1,
        "provider": 1,
        "part": "name",
        "token": 1,
        "days": 90,
        "report": "unused",
        "question": "scope",
    }
    if name in {"use-of-one", "use-check", "use-wide"}:
        known |= {"kind": "member", "number": CAI}
    if name == "policy-statement":
        known["form"] = "never"
    if name == "firm-policy-version":
        known["entry"] = next((each.entry for each in policy_versions(cast.firm, 1)), 2)
    if name in {"pack", "pack-file"}:
        known["number"] = 1
    if name in {"proof-checkpoint", "proof-stamp"}:
        known["entry"] = max((each.entry for each in checkpoints_signed(cast.firm, 1)), default=2)
    if name == "stop-review-schedule":
        known["number"] = 2
    if name == "restore-client":
        known["number"] = GONE
    if name == "change-saml-metadata":
        known["provider"] = 2
    return {key: known[key] for key in ROUTES[name].pattern.converters}


def ready_list(firm: int) -> None:
    """A list of Owen's that waits to be saved."""
    kind, stage = ListKind.CLIENTS.value, Stage.READY
    upload = ListUpload.objects.create(
        pk=UPLOAD, firm_id=firm, member=OWEN, kind=kind, file="new.csv", size=1, stage=stage
    )
    checked = Checked(rows=1, reader=reader_then(firm_state(firm), OWEN))
    put(upload, {UploadPart.CHECKED: packed(checked), UploadPart.FAULTS: packed(AllFaults.of([]))})


def kept_document(name: str) -> UUID | None:
    """The plan or application form that a route's address is about."""
    kinds = {"/plans/": PLAN, "/applications/": APPLICATION}
    return next((each for part, each in kinds.items() if part in str(ROUTES[name].pattern)), None)


def write_documents(cast: Cast) -> None:
    """The plan, and the application form, for which fee splits are switched on."""
    do(cast.firm, ChangeSettings(values={"fee_splits": True}))
    write_form(
        cast.firm,
        member=CAI,
        product="Pension",
        pence=100_00,
        day=date(2026, 11, 29),
        engagement=FORTUNE_INCOME_TAX,
        token=APPLICATION,
    )
    write_document(
        cast.firm,
        member=CAI,
        title="Plan",
        text="Text",
        engagement=FORTUNE_INCOME_TAX,
        token=PLAN,
        kind=DocumentKind.PLAN,
    )


def walled(firm: int) -> None:
    """A wall, the first one, between Enid, who may use no records, and Plain Person."""
    sides = (Side(members=frozenset({ENID})), Side(clients=frozenset({PLAIN})))
    do(firm, RaiseWall(name="Rival bidders", sides=sides))


def keep_a_policy(firm: int) -> None:
    """A policy, the first one, that every client breaks."""
    nobody = AtMost(number=0, clients=ClientsMeant(all=True))
    do(firm, SetPolicy(name="Nobody sees anything", mode="warn", statements=(nobody,)))


def prove(firm: int) -> None:
    """A checkpoint with a time stamp, and an auditor's pack, the first one."""
    keep_stamp(firm, sign_now(firm).entry, b"stamp")
    number = ask_pack(firm, OWEN, PackAsked(since=Instant(0), until=clock(), language="en"))
    pack = pack_numbered(firm, number)
    assert pack is not None
    keep_pack(pack, BytesIO(b"zip"), 1)


def begin_review(firm: int) -> None:
    """A review of everything, the first one, due in a day; the second begins every year."""
    due = Instant(clock() + 24 * 3600 * 1_000_000)
    do(firm, StartReview(name="Autumn", scope=ReviewScope(kind="all"), due=due))
    first = date(2099, 1, 1)
    do(firm, ScheduleReview(name="Yearly", scope=ReviewScope(kind="all"), first=first, every="year", days=30))


def hand_down_notices(firm: int) -> None:
    """A first notice for each of those who look at pages."""
    people = (OWEN, ADA, CAI)
    new = [NewNotice(member=member, kind=NoticeKind.CONTROL_TURNED) for member in people]
    hand_down(firm, 0, new, entry=1)


def add_a_provider(firm: int) -> None:
    """A provider at an address to which nothing is sent."""
    settings = OpenIdSettings(issuer="https://192.0.2.1", client_id="c")
    add_provider(firm, "Directory", ProviderKind.OTHER, settings, secret="s", actor=Actor(OWEN))


def add_a_saml_provider(firm: int) -> None:
    settings = SamlSettings(
        entity_id="https://192.0.2.1", sso_url="https://192.0.2.1/in", certificates=("c",)
    )
    kept = to_builtins(settings)
    add_provider(firm, "Papers", ProviderKind.OTHER, kept, actor=Actor(OWEN), protocol=Protocol.SAML)


def make_note() -> tuple[Cast, UUID]:
    cast = make_cast()
    grouped(cast.firm)
    do(cast.firm, AddClient(client=ClientRow(name="Gone Ltd", grants=())))
    do(cast.firm, RemoveClient(client=GONE))
    walled(cast.firm)
    keep_a_policy(cast.firm)
    begin_review(cast.firm)
    prove(cast.firm)
    ready_list(cast.firm)
    write_documents(cast)
    hand_down_notices(cast.firm)
    add_webhook(cast.firm, "https://documents.example/", actor=Actor(OWEN))
    add_domain(cast.firm, "pike-marlow.wales", actor=Actor(OWEN))
    add_a_provider(cast.firm)
    add_a_saml_provider(cast.firm)
    make_token(cast.firm, actor=Actor(OWEN), name="Document store", scopes=Scope.DECIDE)
    do(cast.firm, SetNames(names=SoftwareNames(types={"record": "client"})))
    return cast, write_document(
        cast.firm, member=CAI, title="Note", text="Text", engagement=FORTUNE_INCOME_TAX
    )


@pytest.fixture
def made(db: None) -> tuple[Cast, UUID]:
    """Control on with one group, and a note on what stays open to all."""
    return made_once("a note", make_note)


@pytest.fixture
def cast(made: tuple[Cast, UUID]) -> Cast:
    return made[0]


@pytest.fixture
def note(made: tuple[Cast, UUID]) -> UUID:
    return made[1]


def test_every_route_names_its_capability() -> None:
    silent = [name for name in ROUTES if capability_of(name) is None]
    assert not silent, f"write @needs(Capability.…) or @open_to(…) above the views of: {silent}"


def test_every_route_in_a_firm_asks_for_a_place_in_the_firm() -> None:
    assert {name for name in IN_FIRM if capability_of(name) not in MAY_OPEN} == BEFORE_THE_DOOR


@pytest.mark.parametrize("name", IN_FIRM)
def test_signed_out_leads_to_the_sign_in_page(name: str, cast: Cast, note: UUID, visitor: PageClient) -> None:
    address = reverse(name, kwargs=arguments(name, cast, note))
    response = visitor.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", IN_FIRM)
def test_another_firms_pages_do_not_exist(name: str, cast: Cast, note: UUID, signed_in: SignIn) -> None:
    address = reverse(name, kwargs=arguments(name, cast, note))
    assert signed_in(cast, "Lena").get(address).status_code == 404


def visits() -> Iterator[Any]:
    """Everybody at every page; who opens it, at both databases, so that each is asked for every page."""
    for name in sorted(set(IN_FIRM) - BEFORE_THE_DOOR):
        opening = "Cai" if name in CLOSED_TO_OWEN else "Owen"
        for who in sorted(MAY_OPEN[Capability.MEMBER]):
            yield pytest.param(who, name, marks=pytest.mark.both_databases if who == opening else ())


@pytest.mark.parametrize(("who", "name"), list(visits()))
def test_a_page_opens_for_the_roles_of_its_capability_alone(
    who: str, name: str, cast: Cast, note: UUID, signed_in: SignIn
) -> None:
    capability = capability_of(name)
    assert isinstance(capability, Capability)
    response = signed_in(cast, who).get(reverse(name, kwargs=arguments(name, cast, note)))
    allowed = who in MAY_OPEN[capability]
    if name == "client-openings":
        allowed = who in {"Owen", "Ada"}
    if name == "client" and who == "Ada":
        # Auditors know of every client and open none.
        allowed = False
    if name.startswith("share-client-") or name in BY_SHARING:
        # Whoever may share it: here, administrators alone.
        allowed = who == "Owen"
    if name in FOR_ONESELF:
        # The member themselves, and whoever manages access.
        allowed = who in {"Owen", "Cai"}
    if name == "your-group":
        # Whoever is in it.
        allowed = who == "Cai"
    if name in BY_LEVEL:
        allowed = who in BY_LEVEL[name]
    # Nobody is in by an emergency; to who would not be its Owner a removed client is not there.
    if (name == "end-emergency" and allowed) or (name == "restore-client" and who != "Owen"):
        assert response.status_code == 404
        return
    if name in {"lists", "add-list"}:
        # Whoever may bring in any list.
        allowed = who != "Ada"
    if name in {"list", "list-faults"}:
        # Its member and administrators; to others it is not there.
        assert response.status_code == (200 if who == "Owen" else 404)
        return
    if name in {"review", "decide-review"} and who == "Cai":
        # Who has nothing to decide in it is not told that there is one.
        assert response.status_code == 404
        return
    if name == "list-access" and allowed and who != "Owen":
        # To others the list is not there.
        assert response.status_code == 404
        return
    assert response.status_code in ({200, 302} if allowed else {403})


PART = re.compile(r"<\w+:(\w+)>")
NUMBERED = sorted(
    (name, key)
    for name, route in ROUTES.items()
    for key, converter in route.pattern.converters.items()
    if not isinstance(converter, (SlugConverter, UUIDConverter))
)
"""Every number in every address."""


@pytest.mark.parametrize(("name", "key"), NUMBERED)
def test_a_number_too_large_for_any_firm_names_nothing(
    name: str, key: str, cast: Cast, note: UUID, signed_in: SignIn
) -> None:
    known, owen = arguments(name, cast, note), signed_in(cast, "Owen")
    for number in (10**9, 2**32, 2**64):
        address = address_of(name, known | {key: number})
        assert owen.get(address).status_code == 404, address


def address_of(name: str, given: dict[str, object]) -> str:
    """Written by hand: `reverse` takes no number that the route refuses."""
    return "/" + PART.sub(lambda part: str(given[part[1]]), str(ROUTES[name].pattern))


def outside_firms() -> Iterator[str]:
    return (name for name in sorted(ROUTES) if name not in IN_FIRM)


def test_outside_a_firm_a_page_is_for_anyone_or_for_who_is_signed_in() -> None:
    asked = {capability_of(name) for name in outside_firms()}
    assert asked == set(Audience)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_pages_have_no_methods_but_get_head_and_post(
    method: str, cast: Cast, note: UUID, signed_in: SignIn
) -> None:
    owen = signed_in(cast, "Owen")
    answers = {}
    for name in ROUTES:
        response = owen.generic(method, reverse(name, kwargs=arguments(name, cast, note)))
        answers[name] = (response.status_code, response.get("Allow"))
    assert {name: each for name, each in answers.items() if each != (405, "GET, HEAD, POST")} == {}
