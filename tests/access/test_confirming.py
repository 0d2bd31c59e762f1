"""Every door to a firm refuses what raises power from who has not shown lately that it is them."""

import pytest

from ringfence import access
from ringfence.access import Actor
from ringfence.access.actor import NotConfirmed
from ringfence.access.batches.rehearse import Batch, rehearse
from ringfence.access.batches.save import save
from ringfence.access.sign_in_policy import limit_sessions, policy_of
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Role
from ringfence.firms.models import Firm, Member
from tests.access.cast import ADMIN, Cast

STALE = Actor(ADMIN, fresh=False)


@pytest.fixture
def ivy(firm: Cast) -> int:
    return firm.member("Ivy")


def role(firm: Cast, member: int) -> str:
    return Member.objects.get(firm=firm.firm, number=member).role


def test_a_command_is_refused_with_nothing_changed(firm: Cast, ivy: int) -> None:
    version = access.firm_state(firm.firm).version
    with pytest.raises(NotConfirmed):
        access.execute(firm.firm, w.ChangeMember(member=ivy, role=Role.ADMINISTRATOR), actor=STALE)
    assert role(firm, ivy) == Role.STANDARD
    assert access.firm_state(firm.firm).version == version


def test_a_list_of_commands_is_refused_likewise(firm: Cast, ivy: int) -> None:
    raising = (w.AddService(name="Payroll"), w.ChangeMember(member=ivy, manage_access=True))
    version = access.firm_state(firm.firm).version
    rehearsal = rehearse(firm.firm, [Batch("several", raising)], actor=STALE, version=version)
    with pytest.raises(NotConfirmed):
        save(rehearsal)
    assert not Member.objects.get(firm=firm.firm, number=ivy).manage_access


def test_what_is_only_noted_is_refused_likewise(firm: Cast) -> None:
    with pytest.raises(NotConfirmed):
        limit_sessions(firm.firm, 4, actor=STALE)
    assert policy_of(Firm.objects.get(pk=firm.firm)).session_hours == 0


def test_what_raises_nothing_is_done(firm: Cast, ivy: int) -> None:
    access.execute(firm.firm, w.AddService(name="Payroll"), actor=STALE)
    access.execute(firm.firm, w.DeactivateMember(member=ivy), actor=STALE)
    assert not Member.objects.get(firm=firm.firm, number=ivy).active


def test_it_can_still_be_previewed(firm: Cast, ivy: int) -> None:
    command = w.ChangeMember(member=ivy, role=Role.ADMINISTRATOR)
    assert access.preview(firm.firm, command, actor=STALE).change.events
