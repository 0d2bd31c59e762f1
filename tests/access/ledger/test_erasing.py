"""A person is erased on request: their words go, every past decision stays, the chain still proves itself."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.db.models import Q

from ringfence import access
from ringfence.access import OPERATOR, Actor, NotErasable, Refused
from ringfence.access.digest.choices import choose
from ringfence.access.invitations import invite
from ringfence.access.ledger.texts import stored_texts
from ringfence.access.ledger.verify_texts import TextsProved
from ringfence.access.notices import NewNotice, NoticeKind, choose_by_mail, hand_down
from ringfence.access.proof import ledger_lines
from ringfence.access.providers import OpenIdSettings, ProviderKind, add_provider, provider_of
from ringfence.core.commands import On
from ringfence.core.commands import definitions as w
from ringfence.core.events import Described
from ringfence.core.refusals import Refusal
from ringfence.core.terms import Instant, Level, Thing, member_subject
from ringfence.firms.models import (
    DigestChoice,
    Document,
    DocumentVersion,
    Draft,
    Firm,
    Invitation,
    LedgerText,
    Member,
    Notice,
    NoticeChoice,
    User,
)
from ringfence.firms.models.drafts import changed_note, changed_plan, new_note, new_plan
from ringfence.proof.ledger_file import prove_file
from tests.access.cast import ADMIN, Cast, found

pytestmark = pytest.mark.both_databases

ACME = 1


@pytest.fixture
def bob(firm: Cast) -> int:
    """A member who left, after a life in the firm."""
    number = firm.member("Robert")
    firm.client("Acme", firm.service("VAT"), reference="ACME-1")
    firm.do(w.ChangeSettings(values={"requests": True, "inaccessible": "named"}))
    firm.grant(member_subject(ADMIN), On.client(ACME))
    firm.turn_on()
    firm.do(w.OpenRequest(client=ACME, reason="Robert asks"), by=number)
    firm.do(w.DeclineRequest(client=ACME, member=number, reason="Not for Robert"), by=ADMIN)
    firm.do(w.ChangeMember(member=number, name="Robert Jones", reason="He married"), by=ADMIN)
    firm.do(w.DeactivateMember(member=number, reason="Robert left"), by=ADMIN)
    return number


def words_in_database(words: tuple[str, ...]) -> Iterator[str]:
    """Which of the words stand anywhere in the database, in any table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            text = repr(
                [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor.fetchall()]
            )
            # Among so many letters of digests a short word stands by chance.
            said = re.sub(r'"digests":"[^"]*"', "", text).lower()
            yield from (f"{word} in {table}" for word in words if word.lower() in said)


def test_an_erased_member_leaves_no_word_behind(firm: Cast, bob: int) -> None:
    access.erase_member(firm.firm, bob, actor=Actor(ADMIN))
    assert list(words_in_database(("robert", "married"))) == []
    assert Member.objects.get(firm=firm.firm, number=bob).user is None


def test_as_whom_the_firms_provider_knew_an_erased_member_goes_and_what_anothers_knows_stays(
    firm: Cast, bob: int
) -> None:
    user = User.objects.create_user("robert@example.com")
    Member.objects.filter(firm=firm.firm, number=bob).update(user=user)
    other = access.create_firm("Larks", "agency", admin_email="lena@larks.example", admin_name="Lena").firm
    access.execute(other, w.AddMember(name="Robert"), actor=OPERATOR)
    Member.objects.filter(firm=other, name="Robert").update(user=user)
    settings = OpenIdSettings(issuer="https://id.example.com", client_id="c")
    for where in (firm.firm, other):
        made = add_provider(where, "Directory", ProviderKind.OTHER, settings, secret="s", actor=OPERATOR)
        SocialAccount.objects.create(provider=made.uid, uid="robert", user=user)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    (left,) = SocialAccount.objects.all()
    kept = provider_of(left.provider)
    assert kept is not None
    assert kept.firm == other


def test_the_ledger_still_proves_itself_after_erasing(firm: Cast, bob: int) -> None:
    access.erase_member(firm.firm, bob, actor=Actor(ADMIN))
    report = access.verify(firm.firm)
    assert report.problems == ()
    assert report.erased > 0


def test_every_past_decision_still_replays_after_erasing(firm: Cast, bob: int) -> None:
    version = firm.view.version
    before = [set(access.replay(firm.firm, version=n).moment.who(ACME)) for n in range(4, version + 1)]
    access.erase_member(firm.firm, bob, actor=Actor(ADMIN))
    after = [set(access.replay(firm.firm, version=n).moment.who(ACME)) for n in range(4, version + 1)]
    assert before == after


def test_erasing_is_itself_an_entry(firm: Cast, bob: int) -> None:
    version = access.erase_member(firm.firm, bob, actor=Actor(ADMIN))
    (entry,) = access.entries(firm.firm, after=version - 1)
    assert (entry.command, entry.actor) == ("member.erase", Actor(ADMIN))


def test_words_about_others_stay(firm: Cast, bob: int) -> None:
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert access.words_at(firm.firm, Thing.CLIENT, [ACME], firm.view.version)[ACME]["name"] == "Acme"
    assert Member.objects.get(firm=firm.firm, number=ADMIN).name == "Ann"


def test_an_erased_address_can_be_given_to_somebody_else(firm: Cast, bob: int) -> None:
    address = Member.objects.get(firm=firm.firm, number=bob).email
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    done = firm.do(w.AddMember(name="Roberta", email=address))
    assert done.after.last_member == bob + 1


def test_an_active_member_cannot_be_erased(firm: Cast) -> None:
    with pytest.raises(NotErasable, match="deactivate"):
        access.erase_member(firm.firm, firm.member("Bob"), actor=OPERATOR)
    assert access.verify(firm.firm).erased == 0


def test_a_member_who_does_not_manage_the_firm_cannot_erase(firm: Cast, bob: int) -> None:
    cleo = firm.member("Cleo")
    with pytest.raises(Refused) as refused:
        access.erase_member(firm.firm, bob, actor=Actor(cleo))
    assert refused.value.refusal is Refusal.NOT_PERMITTED


def test_an_erased_client_leaves_no_word_behind(firm: Cast) -> None:
    vat = firm.service("VAT")
    row = w.ClientRow(name="Angharad Pennant", reference="PENNANT-1", kind="Person", services={vat: "UTR-77"})
    firm.do(w.AddClient(client=row, reason="Angharad came"))
    firm.grant(member_subject(ADMIN), On.client(ACME), Level.OWNER)
    document = Document.objects.create(firm=Firm.objects.get(pk=firm.firm), engagement=1)
    DocumentVersion.objects.create(
        firm_id=firm.firm, document=document, number=1, text="Angharad called", author=ADMIN, at=0
    )
    for purpose in (new_note(1), new_plan(1), changed_note(document.id), changed_plan(document.id)):
        values = {"title": "Angharad", "text": "Angharad rang again"}
        Draft.objects.create(firm_id=firm.firm, member=ADMIN, purpose=purpose, values=values)
    firm.do(w.RemoveClient(client=ACME, reason="Angharad left"))
    access.erase_client(firm.firm, ACME, actor=Actor(ADMIN))
    assert list(words_in_database(("angharad", "pennant", "utr-77"))) == []
    assert access.verify(firm.firm).problems == ()


def test_a_client_that_is_there_cannot_be_erased(firm: Cast) -> None:
    with pytest.raises(NotErasable, match="remove"):
        access.erase_client(firm.firm, firm.client("Acme"), actor=OPERATOR)


def test_a_reason_that_speaks_of_several_people_stays(firm: Cast, bob: int) -> None:
    cleo = firm.member("Cleo")
    command = w.CreateGroup(name="Pair", members=frozenset({ADMIN, cleo}), reason="A pair at work")
    firm.do(command, by=ADMIN)
    firm.do(w.DeactivateMember(member=cleo))
    access.erase_member(firm.firm, cleo, actor=OPERATOR)
    kept = LedgerText.objects.filter(firm=firm.firm, thing="entry", text__contains="A pair at work")
    assert kept.count() == 1


def test_the_user_of_an_erased_member_can_still_sign_in_elsewhere(firm: Cast, bob: int) -> None:
    user = Member.objects.get(firm=firm.firm, number=bob).user
    assert user is not None
    found("Elsewhere").do(w.AddMember(name="Robert", email=user.email))
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert User.objects.filter(pk=user.pk, is_active=True).exists()


def test_what_is_kept_of_a_members_invitation_goes_with_them(firm: Cast) -> None:
    beth = firm.member("Beth")
    invite(firm.firm, beth, actor=access.Actor(ADMIN))
    firm.do(w.DeactivateMember(member=beth))
    access.erase_member(firm.firm, beth, actor=access.OPERATOR)
    assert not Invitation.objects.exists()


def test_what_an_erased_member_or_client_had_to_do_with_the_digest_goes_too(firm: Cast, bob: int) -> None:
    for member, client in ((bob, ACME), (ADMIN, ACME), (ADMIN, 0), (bob, 0)):
        choose(firm.firm, member, wanted=False, client=client)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    firm.do(w.RemoveClient(client=ACME), by=ADMIN)
    access.erase_client(firm.firm, ACME, actor=OPERATOR)
    assert list(DigestChoice.objects.values_list("member", "client")) == [(ADMIN, 0)]


def test_what_an_erased_member_was_told_and_wants_by_mail_goes_too(firm: Cast, bob: int) -> None:
    for member in (bob, ADMIN):
        hand_down(firm.firm, 0, [NewNotice(member=member, kind=NoticeKind.ACCESS_CHANGED)])
        choose_by_mail(firm.firm, member, {NoticeKind.ACCESS_CHANGED: False}, at=Instant(1))
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    assert list(Notice.objects.values_list("member", flat=True)) == [ADMIN]
    assert list(NoticeChoice.objects.values_list("member", flat=True)) == [ADMIN]


def test_an_erasure_says_in_the_chain_which_texts_it_took_and_no_others(firm: Cast, bob: int) -> None:
    before = blank(firm)
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    in_a_list = firm.clients(40)[7]
    for client in (ACME, in_a_list):
        firm.do(w.RemoveClient(client=client))
        access.erase_client(firm.firm, client, actor=OPERATOR)
    events = [event for entry in access.entries(firm.firm) for event in entry.events]
    said = [each.erased for each in events if isinstance(each, Described) and each.erased is not None]
    assert len(said) == 3
    assert sorted(place for each in said for place in each) == sorted(blank(firm) - before)
    assert prove_file(list(ledger_lines(firm.firm))).problem == ""


def blanked(firm: Cast, **which: Any) -> int:
    """Somebody takes these words away past Ringfence; the first entry that lacks some."""
    rows = LedgerText.objects.filter(firm=firm.firm, text__isnull=False, **which).order_by("entry")
    first = rows.values_list("entry", flat=True)[0]
    rows.update(text=None, salt=b"")
    return int(first)


def lacks(entry: int) -> str:
    return f"Entry {entry} lacks words, and no later entry says that they were erased."


def test_words_that_are_gone_without_an_erasure_are_named(firm: Cast, bob: int) -> None:
    entry = blanked(firm, thing="member", number=bob)
    assert lacks(entry) in access.verify(firm.firm).problems
    # Nor does the erasure of somebody else account for them.
    firm.do(w.RemoveClient(client=ACME))
    access.erase_client(firm.firm, ACME, actor=OPERATOR)
    assert lacks(entry) in access.verify(firm.firm).problems


def test_words_that_come_after_an_erasure_are_not_accounted_for_by_it(firm: Cast, bob: int) -> None:
    access.erase_member(firm.firm, bob, actor=OPERATOR)
    firm.do(w.AddService(name="Later"))
    entry = blanked(firm, thing="service")
    assert lacks(entry) in access.verify(firm.firm).problems


def test_an_erasure_of_old_that_does_not_say_what_it_took_accounts_for_what_is_theirs(db: None) -> None:
    texts = TextsProved(1, lambda *_texts: None)
    texts._blanked = {(1, 0): ("member", 2), (1, 1): ("client", 3), (2, 0): None}
    texts.account("member.erase", (Described(thing=Thing.MEMBER, number=2),))
    assert list(texts._unaccounted()) == [lacks(1)]


def blank(firm: Cast) -> set[tuple[int, int]]:
    """Entry and place of each text without words."""
    return {(text.entry, text.slot) for text in stored_texts(firm.firm, Q()) if text.text is None}
