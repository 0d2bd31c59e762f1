"""Plans of grants: what a row adds, changes and leaves alone, against a firm held in memory."""

import datetime
from collections.abc import Collection, Mapping
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ringfence.core.directory import unique_key
from ringfence.core.refusals import Refused
from ringfence.core.terms import Instant, Level, Role, Subject, Target, group_subject, member_subject
from ringfence.lists.plans.access_plan import GrantChange, KnownGrant, plan_access
from ringfence.lists.plans.client_plan import KnownClient, Plan
from ringfence.lists.plans.people_plan import KnownMember
from ringfence.lists.rows.typed_rows import AccessRow
from tests.lists.lists import FirmInMemory, nothing_to_do

NOW = Instant(1_782_820_800_000_000)  # 2026-06-30T12:00Z
PAST = Instant(NOW - 1)
NEXT_CLOSE = Instant(1_782_864_000_000_000)  # 2026-07-01T00:00Z
TEAM, BETH = group_subject(2), member_subject(3)
ACME, ACME_VAT = Target("client", 7), Target("engagement", 70)


class AccessInMemory(FirmInMemory):
    """A firm with client A1 (VAT), Team A, Beth, and the grants given."""

    zone = ZoneInfo("UTC")
    now = NOW

    def __init__(
        self, grants: Mapping[tuple[Subject, Target], KnownGrant] | None = None, *, adviser: bool = False
    ) -> None:
        super().__init__(
            services=["VAT", "PAYE"],
            clients=[
                KnownClient(7, "Acme", "A1", "", False, {"vat": ""}),
                KnownClient(8, "Gone", "G1", "", False, {}, standing="removed"),
                KnownClient(9, "Hidden", "H1", "", False, {}, standing="hidden"),
            ],
            members=[KnownMember(3, "Beth", "beth@example.com", Role.STANDARD, True, False, True)],
            groups={"Team A": []},
        )
        self._grants = grants or {}
        self.adviser_level = Level.OWNER if adviser else Level.EDITOR

    def engagements(self, pairs: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], int]:
        return {pair: 70 for pair in pairs if pair == (7, "vat")}

    def may_not_share(self, target: Target) -> Refused | None:
        return None

    def grant(self, subject: Subject, target: Target) -> KnownGrant | None:
        return self._grants.get((subject, target))


def row(
    reference: str = "A1",
    *,
    service: str | None = None,
    email: str | None = None,
    level: Level | None = None,
    expires: datetime.date | None = None,
    fee_split: Decimal | None = None,
) -> AccessRow:
    return AccessRow(2, reference, service, None if email else "Team A", email, level, expires, fee_split)


def planned(given: AccessRow, stands: KnownGrant | None = None) -> Plan[GrantChange, GrantChange]:
    """The plan of one row for Team A on A1, where that grant stands."""
    return plan_access([given], AccessInMemory({(TEAM, ACME): stands} if stands else {}))


def test_a_new_grant_is_added_with_its_subject_and_target() -> None:
    (added,) = planned(row(level=Level.READER)).added
    assert (added.subject, added.target, added.grant) == (TEAM, ACME, KnownGrant(Level.READER))


def test_a_row_with_a_service_is_for_that_engagement() -> None:
    (added,) = planned(row(service="vat", email="beth@example.com", level=Level.BLOCKED)).added
    assert (added.subject, added.target) == (BETH, ACME_VAT)


def test_a_grant_that_stands_is_left_alone() -> None:
    plan = planned(row(level=Level.READER), KnownGrant(Level.READER))
    assert (nothing_to_do(plan), plan.unchanged) == (True, 1)


def test_another_level_is_a_change_that_keeps_expiry_and_fee_split() -> None:
    (changed,) = planned(row(level=Level.OWNER), KnownGrant(Level.READER, NEXT_CLOSE, 500)).changed
    assert changed.grant == KnownGrant(Level.OWNER, NEXT_CLOSE, 500)


def test_a_row_that_is_silent_on_the_level_keeps_it() -> None:
    assert nothing_to_do(planned(row(), KnownGrant(Level.OWNER)))


def test_a_new_grant_without_a_level_is_an_editors() -> None:
    (added,) = planned(row()).added
    assert added.grant.level is Level.EDITOR


def test_a_new_adviser_without_a_level_is_an_owner() -> None:
    plan = plan_access([row(email="beth@example.com")], AccessInMemory(adviser=True))
    assert plan.added[0].grant.level is Level.OWNER


def test_a_day_is_an_expiry_at_its_close() -> None:
    (added,) = planned(row(expires=datetime.date(2026, 6, 30))).added
    assert added.grant.expires == NEXT_CLOSE


def test_a_fee_split_is_kept_in_hundredths() -> None:
    (added,) = planned(row(email="beth@example.com", fee_split=Decimal("12.5"))).added
    assert added.grant.fee_split == 1250


def test_a_grant_that_has_expired_is_left_alone_where_the_row_says_so() -> None:
    moment = datetime.datetime(2026, 6, 30, 11, 59, 59, 999_999, tzinfo=datetime.UTC)
    assert nothing_to_do(planned(row(level=Level.READER, expires=moment), KnownGrant(Level.READER, PAST)))


def test_a_grant_that_has_expired_is_given_anew_by_a_row_without_expiry() -> None:
    (changed,) = planned(row(level=Level.READER), KnownGrant(Level.READER, PAST)).changed
    assert changed.grant == KnownGrant(Level.READER)


def test_an_expiry_that_has_passed_is_a_fault() -> None:
    (fault,) = planned(row(expires=datetime.date(2026, 6, 29))).faults
    assert "has passed" in fault.message


@pytest.mark.parametrize("reference", ["Z9", "G1", "H1"])
def test_a_client_that_is_unknown_removed_or_hidden_is_no_client(reference: str) -> None:
    (fault,) = planned(row(reference)).faults
    assert f"no client “{reference}”" in fault.message


def test_a_service_that_the_client_does_not_have_is_a_fault() -> None:
    (fault,) = planned(row(service="PAYE")).faults
    assert "has no PAYE" in fault.message


def test_a_member_that_the_firm_does_not_have_is_a_fault() -> None:
    (fault,) = planned(row(email="zoe@example.com")).faults
    assert "no member" in fault.message


def test_references_are_compared_trimmed_and_without_case() -> None:
    assert unique_key(" a1 ") == "a1"
    assert planned(row(" a1 ")).added[0].target == ACME
