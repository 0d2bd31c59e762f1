"""No digest tells of what its reader may not see or know: on whole random firms, by the specification."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from ringfence.access import FirmNow
from ringfence.access.digest.choices import DigestWish
from ringfence.access.digest.happened import ACCESS, Deed, Happened, HappenedToMany, Happenings
from ringfence.access.digest.reader import DayTold, DigestReader
from ringfence.core.decision.moment import at
from ringfence.core.scenario.bridge import state_of
from ringfence.core.specification import decide as specification
from ringfence.core.specification.facts import Facts
from ringfence.core.terms import Capability, Level, group_subject, member_subject
from tests.core.firms import MOMENTS, firms
from tests.core.random_examples import name_the_seed, random_examples

ABOUT_ENGAGEMENT = {Deed.SERVICE_ADDED, Deed.REFERRED, Deed.WRITTEN, Deed.REWRITTEN}


@st.composite
def happened(draw: st.DrawFn, facts: Facts) -> Happenings:
    """Anything may have happened, also to clients and services that are gone."""
    members = [*facts.members, None]
    subjects = [member_subject(each) for each in facts.members] + [group_subject(1)]
    found = Happenings(to_one={}, to_many=[])
    for number, engagement in facts.engagements.items():
        for deed in draw(st.lists(st.sampled_from(sorted(set(Deed) - {Deed.SHARED})), max_size=3)):
            each = Happened(
                deed=deed,
                client=engagement.client,
                actor=draw(st.sampled_from(members)),
                engagement=number if deed in ABOUT_ENGAGEMENT | {Deed.SERVICE_REMOVED} else 0,
                subject=draw(st.sampled_from(subjects)) if deed in ACCESS else None,
            )
            found.to_one.setdefault(each.client, []).append(each)
    some = BitMap(draw(st.sets(st.sampled_from(sorted(facts.clients) or [1]))))
    if some:
        deed = draw(st.sampled_from([Deed.ADDED, Deed.GIVEN]))
        subject = draw(st.sampled_from(subjects)) if deed in ACCESS else None
        found.to_many.append(
            HappenedToMany(deed=deed, actor=draw(st.sampled_from(members)), clients=some, subject=subject)
        )
    return found


def sees(facts: Facts, member: int, engagement: int, now: int) -> bool:
    return specification.decide(facts, member, engagement, now)[0] > Level.NONE  # type: ignore[arg-type]


@random_examples(60)
@given(data=st.data(), facts=firms())
def test_no_digest_names_a_client_that_its_reader_cannot_see(data: st.DataObject, facts: Facts) -> None:
    name_the_seed()
    day = data.draw(happened(facts))
    off = BitMap(data.draw(st.sets(st.sampled_from(sorted(facts.clients) or [1]))))
    for now in MOMENTS:
        firm_now = FirmNow(firm=1, version=1, moment=at(state_of(facts), now))
        for member, seen in firm_now.seen_among(day.clients, facts.members):
            reader = DigestReader(firm_now, member, seen, DigestWish(off=off))
            told = reader.told(day)
            allowed = set(specification.sees(facts, member, now)) - set(off)
            assert set(told.clients) <= allowed
            for many in told.many:
                assert set(many.clients) <= allowed
            whole = DigestReader(firm_now, member, seen, DigestWish())
            hold(facts, firm_now, member, whole, day, whole.told(day), now)


def hold(
    facts: Facts,
    firm_now: FirmNow,
    member: int,
    reader: DigestReader,
    day: Happenings,
    told: DayTold,
    now: int,
) -> None:
    """Each line is of what they may know, and exactly where there is a line there is a client."""
    for client, deeds in day.to_one.items():
        if client not in specification.sees(facts, member, now):  # type: ignore[arg-type]
            continue
        about = reader.about(deeds)
        for each in about:
            assert each.actor != member
            if each.deed in ABOUT_ENGAGEMENT:
                assert sees(facts, member, each.engagement, now)
            if each.deed in ACCESS and each.subject != member_subject(member):
                assert firm_now.may(member, Capability.READ_CONTROL) or shares(facts, member, client, now)
            if each.deed is Deed.SHARED:
                assert facts.settings.inaccessible == "named"
        assert (client in told.clients) is bool(about)


def shares(facts: Facts, member: int, client: int, now: int) -> bool:
    """Whether rules.md 5 lets them share the client."""
    who = facts.members[member]
    if who.manage_access:
        return True
    level = specification.client_authority_level(facts, member, client, now)  # type: ignore[arg-type]
    if facts.settings.sharing == "owners":
        return level is Level.OWNER
    return facts.settings.sharing == "anyone_with_access" and level > Level.NONE
