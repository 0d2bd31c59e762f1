"""What a plan does, said in one line for each thing: before and after, and only what is for the reader."""

from zoneinfo import ZoneInfo

import pytest

from ringfence.core.terms import Instant, Level, Role, Target, group_subject
from ringfence.lists.plans.access_plan import GrantChange, KnownGrant
from ringfence.lists.plans.client_plan import ClientChange, KnownClient
from ringfence.lists.plans.description import describe, line_of
from ringfence.lists.plans.people_plan import KnownMember, MemberChange, Place
from ringfence.lists.rows.typed_rows import AccessRow, MemberRow, PlaceRow, TypedClient

LONDON = ZoneInfo("Europe/London")
ACME = KnownClient(7, "Acme", "A1", "Ltd", False, {"vat": "GB1"})
BETH = KnownMember(3, "Beth", "beth@example.com", Role.STANDARD, True, False, True)
ROW = TypedClient(5, "Acme", "A1")
CLOSE = Instant(1_782_860_400_000_000)  # the close of 30 June 2026 in London


@pytest.mark.parametrize(
    ("item", "line"),
    [
        (TypedClient(5, "Acme", "A1"), "A1 Acme"),
        (TypedClient(5, "Acme", "A1", "Ltd", True, {"VAT": "GB1"}), "A1 Acme (Ltd, confidential, VAT GB1)"),
        (ClientChange(ROW, ACME, name="Acme 2"), "A1 Acme: name “Acme” → “Acme 2”"),
        (ClientChange(ROW, ACME, kind="PLC"), "A1 Acme: type “Ltd” → “PLC”"),
        (ClientChange(ROW, ACME, confidential=True), "A1 Acme: confidential"),
        (ClientChange(ROW, ACME, confidential=False), "A1 Acme: no longer confidential"),
        (ClientChange(ROW, ACME, services_added={"PAYE": "120/A"}), "A1 Acme: + PAYE 120/A"),
        (ClientChange(ROW, ACME, services_changed={"VAT": "GB2"}), "A1 Acme: VAT “GB1” → “GB2”"),
        (MemberRow(5, "Tom", "t@example.com", active=False), "Tom t@example.com (inactive)"),
        (
            MemberChange(MemberRow(5, "", "beth@example.com"), BETH, role=Role.AUDITOR, access=False),
            "beth@example.com: role “standard” → “auditor”; may not use client records",
        ),
        (Place(PlaceRow(5, "Team A", "beth@example.com"), 2, 3), "beth@example.com in Team A"),
    ],
)
def test_each_addition_and_change_is_one_line(item: object, line: str) -> None:
    assert describe(item, LONDON) == line
    assert line_of(item) == 5


def grant(before: KnownGrant | None, after: KnownGrant, service: str | None = None) -> str:
    row = AccessRow(5, "A1", service, "Team A", None)
    return describe(GrantChange(row, group_subject(2), Target("client", 7), after, before), LONDON)


def test_a_new_grant_says_whom_on_what_and_the_level() -> None:
    assert grant(None, KnownGrant(Level.READER), "VAT") == "Team A on A1 VAT: reader"


def test_a_changed_grant_says_what_stood_there() -> None:
    changed = grant(KnownGrant(Level.READER), KnownGrant(Level.OWNER, CLOSE, 1250))
    assert changed == "Team A on A1: reader → owner until the end of 30 June 2026, 12.5 % of the fee"


def test_an_expiry_within_a_day_is_said_to_the_second() -> None:
    assert grant(None, KnownGrant(Level.READER, Instant(CLOSE - 1_000_000))).endswith(
        "until 30 June 2026, 23:59:59"
    )


def test_a_tax_reference_that_the_reader_does_not_see_is_not_said() -> None:
    hidden = KnownClient(7, "Acme", "A1", "Ltd", False, {"vat": "GB1"}, unseen={"vat"})
    assert (
        describe(ClientChange(ROW, hidden, services_changed={"VAT": "GB2"}), LONDON) == "A1 Acme: VAT “GB2”"
    )


def test_letters_that_steer_a_terminal_are_not_printed() -> None:
    assert "\x1b" not in describe(TypedClient(5, "Ac\x1b[31mme", "A1"), LONDON)
