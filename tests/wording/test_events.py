"""Each event is told in a sentence with names, in both languages."""

from array import array
from datetime import date
from typing import get_args

import pytest
from msgspec.structs import replace
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.review_schedule import ReviewPlan
from ringfence.core.review_values import GrantItems, ReviewOutcome, ReviewScope, ReviewTerms
from ringfence.core.settings import PROFILES
from ringfence.core.statements import AtLeast, ClientsMeant
from ringfence.core.terms import (
    Export,
    Instant,
    Level,
    ProofStep,
    Role,
    Scope,
    SignInStep,
    Thing,
    WebhookStep,
    group_subject,
    member_subject,
)
from ringfence.core.values import ActionName, DefaultGrant, Side, SoftwareNames
from ringfence.wording import event_text
from ringfence.wording.catalogue import in_language
from ringfence.wording.events import SENTENCES

MEMBERS = {1: "Ivy", 2: "Beth", 3: "Gwen", 4: "Siôn", 5: "Tom"}
NUMBERS = array("I", [1, 2]).tobytes()
IVY, DAIRY = member_subject(1), group_subject(7)
TERMS = ReviewTerms(
    scope=ReviewScope(kind="all"),
    reviewers=(),
    due=Instant(1),
    undecided="keep",
    grants=(GrantItems(subject=IVY, kind="client", level=Level.READER, targets=BitMap([1, 2])),),
    delegations=(),
)
PLAN = ReviewPlan(
    scope=TERMS.scope, reviewers=(), first=date(2027, 3, 1), every="year", days=30, undecided="keep"
)
OUTCOME = ReviewOutcome(
    kept=BitMap([1]),
    removed=BitMap([2]),
    lowered=BitMap(),
    left=BitMap(),
    taken=BitMap(),
    moved=BitMap(),
)
SIDES = (Side(members=frozenset({1}), clients=frozenset()), Side(members=frozenset(), clients=frozenset({2})))


class Known:
    """A firm's names."""

    def member(self, number: int) -> str:
        return MEMBERS[number]

    def group(self, number: int) -> str:
        return {7: "Dairy"}[number]

    def client(self, number: int) -> str:
        return {1: "Acme", 2: "Beta"}[number]

    def service(self, number: int) -> str:
        return {4: "VAT"}[number]

    def wall(self, number: int) -> str:
        return {9: "Takeover"}[number]

    def policy(self, number: int) -> str:
        return {3: "Four eyes"}[number]

    def token(self, number: int) -> str:
        return {5: "Document store"}[number]

    def review(self, number: int) -> str:
        return {2: "Yearly"}[number]

    def engagement(self, number: int) -> str:
        return {3: "Acme · VAT"}[number]

    def since(self, starts: Instant) -> str:
        return "from then"

    def until(self, expires: Instant) -> str:
        return "until then"


TOLD: list[tuple[e.Event, str]] = [
    (
        e.FirmCreated(settings=PROFILES["kyc"]),
        "The firm began. Kind of firm: Company with know-your-customer checks (KYC)",
    ),
    (e.ControlTurned(on=False), "Access control turned off"),
    (
        e.SettingsChanged(values={"unassigned": "none", "requests": True}),
        "Settings changed. Clients that nobody was given access to: Closed; Requesting access: Allowed",
    ),
    (
        e.MemberAdded(member=1, role=Role.STANDARD, access=True, manage_access=False),
        "Ivy joined the firm. Role: Standard",
    ),
    (
        e.MemberChanged(member=1, role=Role.STANDARD, access=True, manage_access=True),
        "Ivy has the role Standard, and the permissions: access, manage_access",
    ),
    (
        e.MemberChanged(member=1, role=Role.AUDITOR, access=False, manage_access=False),
        "Ivy has the role Auditor, and the permissions: none",
    ),
    (e.MemberDeactivated(member=1), "Ivy was deactivated"),
    (e.MemberReactivated(member=1), "Ivy was reactivated"),
    (e.ServiceAdded(service=4), "The service VAT was added"),
    (e.ServiceRemoved(service=4), "The service VAT was removed"),
    (e.GroupCreated(group=7), "The group Dairy was created"),
    (e.GroupDeleted(group=7), "The group Dairy was deleted"),
    (e.GroupJoined(group=7, members=BitMap([1, 2])), "Ivy, Beth joined Dairy"),
    (e.GroupJoined(group=7, members=BitMap(MEMBERS)), "Ivy, Beth, Gwen and 2 more joined Dairy"),
    (e.GroupLeft(group=7, members=BitMap([1])), "Ivy left Dairy"),
    (
        e.ClientsAdded(first_client=1, count=2, first_engagement=1, client_of=NUMBERS, service_of=NUMBERS),
        "Clients added: Acme, Beta",
    ),
    (e.ClientMarked(client=1, confidential=True), "Acme was marked confidential"),
    (e.ClientMarked(client=1, confidential=False), "Acme is not confidential any more"),
    (e.ClientRemoved(client=1, at=Instant(0)), "Acme was removed"),
    (e.ClientRestored(client=1), "Acme was restored"),
    (e.EngagementAdded(engagement=3, client=1, service=4), "Acme was given the service VAT"),
    (
        e.EngagementsAdded(first_engagement=3, client_of=NUMBERS, service_of=NUMBERS),
        "Services added to: Acme, Beta",
    ),
    (e.EngagementRemoved(engagement=3), "Acme · VAT was removed"),
    (
        e.GrantsSet(
            subject=IVY,
            kind="client",
            targets=BitMap([1]),
            level=Level.OWNER,
            expires=Instant(1),
            fee_split=1250,
        ),
        "Ivy was given access to Acme: Owner, fee split 12.5%, until then",
    ),
    (
        e.GrantsSet(subject=DAIRY, kind="service", targets=BitMap([4]), level=Level.EDITOR),
        "Dairy was given access to all clients with the service VAT: Editor",
    ),
    (
        e.GrantsSet(subject=IVY, kind="all", targets=BitMap([0]), level=Level.BLOCKED),
        "Ivy was blocked from all clients",
    ),
    (
        e.GrantsRemoved(subject=DAIRY, kind="engagement", targets=BitMap([3])),
        "Dairy’s access to Acme · VAT was taken away",
    ),
    (
        e.ClientsExcluded(group=7, service=4, clients=BitMap([1])),
        "Acme left out of Dairy’s service VAT",
    ),
    (
        e.ClientsIncluded(group=7, service=4, clients=BitMap([1])),
        "Acme put back into Dairy’s service VAT",
    ),
    (
        e.DelegationSet(delegator=1, delegate=2, cap=Level.READER, cascades=False, expires=Instant(1)),
        "Ivy delegated to Beth, at most: Reader, and no further, until then",
    ),
    (e.DelegationRemoved(delegator=1, delegate=2), "The delegation from Ivy to Beth ended"),
    (
        e.DefaultsSet(member=1, grants=[DefaultGrant(subject=DAIRY, level=Level.EDITOR)]),
        "Ivy’s defaults for new clients were set",
    ),
    (e.WallSet(wall=9, sides=SIDES), "The wall Takeover keeps apart: Ivy | Beta"),
    (
        e.WallSet(wall=9, sides=SIDES, starts=Instant(5), ends=Instant(9)),
        "The wall Takeover keeps apart, from then, until then: Ivy | Beta",
    ),
    (e.WallAcknowledged(wall=9, member=1, at=Instant(5)), "Ivy acknowledged the wall Takeover"),
    (e.WallLowered(wall=9), "The wall Takeover was lowered"),
    (
        e.PolicySet(policy=3, mode="refuse", statements=[AtLeast(number=2, clients=ClientsMeant(all=True))]),
        "The policy Four eyes was set, with 1 statement: it refuses",
    ),
    (e.PolicyRemoved(policy=3), "The policy Four eyes was removed"),
    (e.PolicyNoted(policy=3, holds=False, since=Instant(0)), "The policy Four eyes was broken"),
    (e.PolicyNoted(policy=3, holds=True, since=Instant(0)), "The policy Four eyes holds again"),
    (
        e.RequestOpened(client=1, member=2, level=Level.EDITOR),
        "Beth asked for access to Acme: Editor",
    ),
    (
        e.EmergencyOpened(client=1, member=2, level=Level.READER, at=Instant(0), expires=Instant(0)),
        "Beth opened Acme in an emergency: Reader, until then",
    ),
    (e.EmergencyEnded(client=1, member=2), "Beth’s emergency access to Acme ended"),
    (e.EmergencyAcknowledged(client=1, member=2), "Beth’s emergency access to Acme was acknowledged"),
    (e.RequestClosed(client=1, member=2, outcome="granted"), "Beth’s request for Acme was granted"),
    (e.RequestClosed(client=1, member=2, outcome="declined"), "Beth’s request for Acme was declined"),
    (e.RequestClosed(client=1, member=2, outcome="withdrawn"), "Beth’s request for Acme was withdrawn"),
    (
        e.Described(thing=Thing.CLIENT, number=1),
        "Name, reference or address of Acme changed",
    ),
    (
        e.Described(thing=Thing.FIRM, number=1),
        "Name, reference or address of the firm changed",
    ),
    (e.RecordOpened(client=1), "The record of Acme was opened"),
    (e.ExportTaken(what=Export.PICTURE, rows=12), "A picture of who reaches what was taken out"),
    (e.ExportTaken(what=Export.MEMBERS, rows=1200), "A list was exported: members, 1,200 rows"),
    (
        e.WallsTurned(began=frozenset({9}), ended=frozenset({9})),
        "The wall Takeover began; The wall Takeover ended",
    ),
    (e.AccessExpired(since=Instant(0)), "Access that had been given up to then came to its end"),
    (e.WebhookNoted(webhook=2, did=WebhookStep.ADDED), "Webhook 2 was added"),
    (e.DecisionLogSet(on=True, days=1), "Decisions are logged, and kept for 1 day"),
    (e.DecisionLogSet(on=False, days=30), "Decisions are no longer logged"),
    (
        e.SignInNoted(did=SignInStep.SECOND_STEP, words=("principal", "administrator"), count=14),
        "A second step is asked of these roles, after 14 days: Principal, Administrator",
    ),
    (
        e.SignInNoted(did=SignInStep.SECOND_STEP, words=("auditor",)),
        "A second step is asked of these roles: Auditor",
    ),
    (e.SignInNoted(did=SignInStep.SECOND_STEP), "A second step is asked of nobody"),
    (e.SignInNoted(did=SignInStep.SESSION, count=4), "People sign in again after 4 hours"),
    (e.SignInNoted(did=SignInStep.SESSION), "People stay signed in for as long as Ringfence lets them"),
    (
        e.SignInNoted(did=SignInStep.NETWORKS, words=("192.0.2.0/24",)),
        "Administrators sign in from these networks alone: 192.0.2.0/24",
    ),
    (e.SignInNoted(did=SignInStep.NETWORKS), "Administrators sign in from anywhere"),
    (
        e.SignInNoted(did=SignInStep.DOMAIN_ADDED, words=("example.com",)),
        "The domain example.com was added",
    ),
    (
        e.SignInNoted(did=SignInStep.DOMAIN_PROVED, words=("example.com",)),
        "The domain example.com was proved",
    ),
    (
        e.SignInNoted(did=SignInStep.DOMAIN_LOST, words=("example.com",)),
        "The domain example.com is no longer proved: its record was missing",
    ),
    (
        e.SignInNoted(did=SignInStep.DOMAIN_REMOVED, words=("example.com",)),
        "The domain example.com was removed",
    ),
    (
        e.SignInNoted(did=SignInStep.DIRECTORY, words=("ldaps://dc.example.com",)),
        "The directory at ldaps://dc.example.com keeps who is in the firm, and is asked every hour",
    ),
    (
        e.SignInNoted(did=SignInStep.DIRECTORY_CHANGED, words=("ldaps://dc.example.com",)),
        "The directory at ldaps://dc.example.com is asked when somebody says so",
    ),
    (e.SignInNoted(did=SignInStep.DIRECTORY_REMOVED), "No directory keeps who is in the firm"),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_REQUIRED, words=("Entra",), member=4),
        "People sign in with Entra alone; Siôn keeps a password",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_NOT_REQUIRED, words=("Entra",)),
        "People may sign in in other ways than with Entra",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_ADDED, words=("Okta", "https://example.okta.com")),
        "The identity provider “Okta” (https://example.okta.com) was added",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_CHANGED, words=("Okta", "https://example.okta.com")),
        "The identity provider “Okta” (https://example.okta.com) was changed",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_ON, words=("Okta",)),
        "People sign in with the identity provider “Okta”",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_OFF, words=("Okta",)),
        "Nobody signs in with the identity provider “Okta” any more",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_REMOVED, words=("Okta",)),
        "The identity provider “Okta” was removed",
    ),
    (
        e.SignInNoted(did=SignInStep.PROVIDER_FORGOT, words=("Okta",), member=1),
        "As whom the identity provider “Okta” knew Ivy was forgotten",
    ),
    (e.WebhookNoted(webhook=2, did=WebhookStep.ROTATED), "Webhook 2 was given a new secret"),
    (
        e.ProofNoted(did=ProofStep.KEY, words=("example.com/1+0a+AQ=",)),
        "Checkpoints of the ledger are signed with a new key: example.com/1+0a+AQ=",
    ),
    (
        e.ProofNoted(did=ProofStep.PUBLISHING, words=("folder", "mail", "webhook"), count=24),
        "Checkpoints of the ledger are published every 24 hours: to a folder, by mail, to a web address",
    ),
    (e.ProofNoted(did=ProofStep.PUBLISHING), "Checkpoints of the ledger are no longer published"),
    (e.ExportTaken(what=Export.PACK, rows=12), "An auditor’s pack was taken out"),
    (e.EntryUndone(entry=1200), "Entry 1,200 was undone"),
    (
        e.TokenAdded(token=5, member=1, scopes=Scope.DECIDE, digest=b"", expires=Instant(1)),
        "The token Document store was made for Ivy: ask who may open what, until then",
    ),
    (
        e.NamesSet(names=SoftwareNames(types={"record": "client"}, actions=(ActionName("read", "view"),))),
        "The names that other software uses were set: record, read",
    ),
    (e.GroupKept(group=7, directory=True), "The group Dairy is kept by the firm’s directory"),
    (e.SuccessorSet(member=1), "Ivy takes over from leavers who cannot be done without"),
    (e.SuccessorSet(member=0), "Nobody takes over from leavers any more"),
    (e.TokenRevoked(token=5, member=1), "The token Document store of Ivy was revoked"),
    *(
        (
            e.ReviewStarted(review=2, terms=replace(TERMS, scope=scope)),
            f"The access review Yearly of {said} began: 2 accesses to look at, until then",
        )
        for scope, said in (
            (ReviewScope(kind="all"), "all clients"),
            (ReviewScope(kind="confidential"), "confidential clients"),
            (ReviewScope(kind="service", number=4), "all clients with the service VAT"),
            (ReviewScope(kind="group", number=7), "clients of the group Dairy"),
            (ReviewScope(kind="member", number=1), "everything that Ivy reaches"),
            (ReviewScope(kind="clients", clients=frozenset({1, 2})), "2 chosen clients"),
        )
    ),
    (
        e.ReviewDecided(review=2, items=BitMap([1]), decision="keep"),
        "In the access review Yearly, 1 access kept",
    ),
    (
        e.ReviewDecided(review=2, items=BitMap([1, 2]), decision="remove"),
        "In the access review Yearly, 2 accesses removed",
    ),
    (
        e.ReviewDecided(review=2, items=BitMap([1]), decision="lower", level=Level.READER),
        "In the access review Yearly, 1 access lowered to Reader",
    ),
    (
        e.ReviewHanded(review=2, items=BitMap([1]), member=1),
        "In the access review Yearly, 1 access handed over to Ivy",
    ),
    (e.ReviewExtended(review=2, due=Instant(1)), "The access review Yearly goes on until then"),
    (
        e.ReviewClosed(review=2, outcome=OUTCOME),
        "The access review Yearly was closed: kept 1, lowered 0, removed 1, undecided and kept 0, "
        "undecided and removed 0, changed before 0",
    ),
    (
        e.ReviewScheduled(review=2, plan=PLAN),
        "The access review Yearly of all clients begins every year, first on 1 March 2027",
    ),
    (
        e.ScheduledReviewBegun(review=2, begun=3, next=date(2028, 3, 1)),
        "The scheduled access review Yearly came round; next on 1 March 2028",
    ),
    (
        e.ScheduledReviewBegun(review=2, begun=0, next=date(2028, 3, 1)),
        "The access review Yearly found nothing to review; next on 1 March 2028",
    ),
    (e.ReviewUnscheduled(review=2), "The access review Yearly is scheduled no more"),
    (e.ByToken(token=5), "Done by software with the token Document store"),
    (e.UserSeated(member=1, user=b""), "Ivy was given a way to sign in"),
]


@pytest.mark.parametrize(("event", "sentence"), TOLD, ids=[sentence for _, sentence in TOLD])
def test_an_event_is_told_with_the_names_of_those_it_happened_to(event: e.Event, sentence: str) -> None:
    assert event_text(event, Known()) == sentence
    with in_language("cy"):
        welsh = event_text(event, Known())
    assert welsh != sentence
    assert "[" not in welsh


def test_no_event_is_left_without_a_sentence() -> None:
    assert set(SENTENCES) == set(get_args(e.Event))
    assert {type(event) for event, _ in TOLD} == set(get_args(e.Event))
