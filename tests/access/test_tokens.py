"""Tokens over the tables: shown once, taken while they stand, refused right after they were revoked."""

import pytest

from ringfence import access
from ringfence.access import OPERATOR, Actor, Refused, erase_member, rehearse, save
from ringfence.access.batches.rehearse import Batch
from ringfence.access.connection import plain
from ringfence.access.tokens import LAST_USES, MadeToken, acting_token, adding, make_token, place_of
from ringfence.access.undoing import StandsAgainst, Undoing, ask_undoing
from ringfence.core.commands import definitions as w
from ringfence.core.events import ByToken, TokenRevoked
from ringfence.core.refusals import Problem
from ringfence.core.terms import Instant, Scope
from ringfence.core.undoing.why import Left, Why
from ringfence.firms.models import LedgerEntry, LedgerText, Token
from ringfence.store.engines import source_for
from ringfence.store.token_text import new_token_text, token_digest
from ringfence.store.tokens import MINUTE, note_tokens_used
from tests.access.cast import ADMIN, Cast

pytestmark = pytest.mark.both_databases

ANYWHERE = ""
READING = Scope.DECIDE | Scope.SEARCH


def made(firm: Cast, name: str = "Document store", scopes: Scope = READING, **more: object) -> MadeToken:
    return make_token(firm.firm, actor=Actor(ADMIN), name=name, scopes=scopes, **more)  # type: ignore[arg-type]


def taken(token: MadeToken, address: str = ANYWHERE) -> bool:
    return acting_token(f"Bearer {token.text}", address) is not None


def test_a_token_is_taken_for_the_member_and_the_scopes_it_was_made_for(firm: Cast) -> None:
    token = made(firm)
    found = acting_token(f"Bearer {token.text}", ANYWHERE)
    assert found is not None
    assert (found.firm, found.number, found.token.member) == (firm.firm, token.number, ADMIN)
    assert found.token.scopes == READING


def test_the_text_of_a_token_is_in_no_table(firm: Cast) -> None:
    token = made(firm)
    secret = token.text[14:]
    assert secret not in str(list(Token.objects.values_list()))
    assert secret not in str(list(LedgerText.objects.values_list("text")))
    assert secret.encode() not in b"".join(map(bytes, LedgerEntry.objects.values_list("body", flat=True)))


def test_a_text_that_is_no_token_or_was_never_made_is_not_taken(firm: Cast) -> None:
    made(firm)
    for header in ("", "Bearer ", f"Bearer {new_token_text()}", "Bearer ringfence_0000"):
        assert acting_token(header, ANYWHERE) is None


def test_a_revoked_token_is_not_taken_any_more(firm: Cast) -> None:
    token, other = made(firm), made(firm, "Tax portal")
    firm.do(w.RevokeToken(token=token.number), by=ADMIN)
    assert not taken(token)
    assert taken(other)


def test_a_token_is_not_taken_from_its_expiry_on(firm: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    token = made(firm, expires=Instant(firm.view.moment.now + 60 * MINUTE))
    assert taken(token)
    now = firm.view.moment.now
    monkeypatch.setattr("ringfence.access.clock.clock", lambda: Instant(now + 61 * MINUTE))
    assert not taken(token)


def test_a_token_ends_with_its_member_for_good(firm: Cast) -> None:
    bob = firm.member("Bob")
    token = made(firm, member=bob)
    firm.do(w.DeactivateMember(member=bob))
    assert not taken(token)
    firm.do(w.ReactivateMember(member=bob))
    assert not taken(token)


def test_a_token_is_taken_from_the_addresses_it_is_limited_to_alone(firm: Cast) -> None:
    token = made(firm, addresses=("203.0.113.0/24", "2001:db8::1"))
    assert taken(token, "203.0.113.200")
    assert taken(token, "::ffff:203.0.113.200")
    assert taken(token, "2001:db8::1")
    for address in ("203.0.114.1", "2001:db8::2", "::ffff:203.0.114.1", "", "unix"):
        assert not taken(token, address)


def test_the_ledger_names_the_token_that_a_command_came_with(firm: Cast) -> None:
    token = made(firm, scopes=Scope.MANAGE)
    actor = Actor(ADMIN, token.number)
    done = access.execute(firm.firm, w.AddService(name="Audit"), actor=actor)
    found = rehearse(
        firm.firm, [Batch("import", (w.AddService(name="VAT"),))], actor=actor, version=done.version
    )
    save(found)
    one, other = access.entries_numbered(firm.firm, [done.version, done.version + 1])
    for entry in (one, other):
        assert entry.actor.member == ADMIN
        assert entry.events[-1] == ByToken(token=token.number)
    assert access.verify(firm.firm).whole


def test_nothing_is_changed_with_a_token_that_was_revoked_or_does_not_manage(firm: Cast) -> None:
    manages, reads = made(firm, scopes=Scope.MANAGE), made(firm, "Reads")
    version = firm.view.version
    batches = [Batch("import", (w.AddService(name="VAT"),))]
    found = rehearse(firm.firm, batches, actor=Actor(ADMIN, reads.number), version=version)
    with pytest.raises(Refused) as refused:
        save(found)
    assert refused.value.problem is Problem.TOKEN_ENDED
    firm.do(w.RevokeToken(token=manages.number))
    for number in (manages.number, reads.number):
        with pytest.raises(Refused) as refused:
            access.execute(firm.firm, w.AddService(name="Audit"), actor=Actor(ADMIN, number))
        assert refused.value.problem is Problem.TOKEN_ENDED
    assert firm.view.version == version + 1


def test_the_ledger_proves_tokens_with_their_names_and_addresses(firm: Cast) -> None:
    token = made(firm, addresses=("203.0.113.7",))
    firm.do(w.RevokeToken(token=made(firm, "Gone").number))
    assert access.verify(firm.firm).whole
    row = Token.objects.filter(firm=firm.firm, number=token.number)
    for change in (
        {"addresses": ""},
        {"digest": b"x" * 32},
        {"scopes": int(Scope.MANAGE)},
        {"revoked": 1},
        {"name": "Other"},
        {"member": 9},
    ):
        was = row.values(*change).get()
        row.update(**change)
        assert not access.verify(firm.firm).whole, change
        row.update(**was)
    Token.objects.filter(firm=firm.firm, name="Gone").update(revoked=None)
    assert not access.verify(firm.firm).whole


def test_making_a_token_is_undone_by_revoking_it(firm: Cast) -> None:
    token = made(firm)
    undoing = ask_undoing(firm.firm, token.committed.version, actor=OPERATOR)
    assert isinstance(undoing, Undoing)
    save(undoing.rehearsal)
    assert not taken(token)


def test_revoking_a_token_is_never_undone(firm: Cast) -> None:
    token = made(firm)
    done = firm.do(w.RevokeToken(token=token.number))
    with pytest.raises(StandsAgainst) as stands:
        ask_undoing(firm.firm, done.version, actor=OPERATOR)
    assert stands.value.why is Why.TOKEN_REVOKED


def test_undoing_a_deactivation_leaves_the_tokens_revoked_and_says_so(firm: Cast) -> None:
    bob = firm.member("Bob")
    token = made(firm, member=bob)
    done = firm.do(w.DeactivateMember(member=bob))
    assert TokenRevoked(token=token.number, member=bob) in done.change.events
    undoing = ask_undoing(firm.firm, done.version, actor=OPERATOR)
    assert isinstance(undoing, Undoing)
    assert Left.TOKENS in undoing.left
    save(undoing.rehearsal)
    assert firm.view.moment.state.members[bob].active
    assert not taken(token)


def test_a_last_use_is_written_once_a_minute_and_changes_no_version(firm: Cast) -> None:
    token, version = made(firm), firm.view.version
    row, source = Token.objects.filter(firm=firm.firm, number=token.number), source_for(plain())
    assert row.get().used is None
    for at, written in (
        (MINUTE, MINUTE),
        (MINUTE + 5, MINUTE),
        (2 * MINUTE, 2 * MINUTE),
        (MINUTE, 2 * MINUTE),
    ):
        note_tokens_used(source, [(firm.firm, token.number)], at)
        assert row.get().used == written
    assert firm.view.version == version
    assert access.verify(firm.firm).whole


def test_a_use_is_noted_and_only_of_a_token_that_is_taken(firm: Cast) -> None:
    token, gone = made(firm), made(firm, "Gone")
    firm.do(w.RevokeToken(token=gone.number))
    LAST_USES.taken()
    assert (taken(token), taken(gone)) == (True, False)
    assert LAST_USES.taken() == {(firm.firm, token.number)}


def test_erasing_a_member_takes_the_words_of_their_tokens_along(firm: Cast) -> None:
    bob = firm.member("Bob")
    token = made(firm, "Bob’s laptop", member=bob, addresses=("203.0.113.7",))
    firm.do(w.DeactivateMember(member=bob))
    erase_member(firm.firm, bob, actor=OPERATOR)
    row = Token.objects.get(firm=firm.firm, number=token.number)
    assert (row.name, row.addresses, row.beginning) == ("", "", "")
    assert not LedgerText.objects.filter(thing="token", number=token.number, text__isnull=False).exists()
    assert access.verify(firm.firm).whole


def test_a_token_is_of_the_firm_that_made_it(firm: Cast, other_firm: Cast) -> None:
    one, other = made(firm), made(other_firm)
    for token, its in ((one, firm), (other, other_firm)):
        digest = token_digest(token.text)
        assert digest is not None
        place = place_of(digest)
        assert place is not None
        assert place.firm == its.firm


def test_the_command_holds_no_text_of_the_token() -> None:
    text = new_token_text()
    assert text[14:] not in repr(adding(text, name="Sync", scopes=Scope.DECIDE))
