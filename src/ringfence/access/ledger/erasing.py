"""Erasing a person or a client on request: the words go, the numbers and every past decision stay.

The chain holds only salted digests of words, so it still proves itself; that words were erased is an entry of
its own. Who may is who manages the firm (rules.md 5).
"""

from collections.abc import Callable
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Q, QuerySet
from pyroaring import BitMap

from ringfence.access.actor import Actor
from ringfence.access.clock import instant_for
from ringfence.access.connection import answering, plain
from ringfence.access.door import STATES, lock
from ringfence.access.imported_lists import let_files_go
from ringfence.access.use.gathering import fold_within
from ringfence.access.writing.recording import record
from ringfence.core import events as e
from ringfence.core.authority.acting import Acting
from ringfence.core.authority.sharing import refused_acting, refused_managing
from ringfence.core.decision.moment import at
from ringfence.core.refusals import need
from ringfence.core.state.state import State
from ringfence.core.terms import Thing
from ringfence.firms.models import (
    ApplicationLine,
    AuditPack,
    AuditPackPart,
    Client,
    ClientDetails,
    ClientUse,
    DigestChoice,
    Document,
    Draft,
    Engagement,
    Firm,
    Invitation,
    LedgerEntry,
    ListUpload,
    Member,
    Notice,
    NoticeChoice,
    ProviderSession,
    Request,
    SecurityEvent,
    SignInProvider,
    Token,
    User,
)
from ringfence.firms.models.drafts import changed_note, changed_plan, new_note, new_plan
from ringfence.store.body import decode_body

from .erasing_policies import forget_in_policies, to_be_erased
from .members_and_clients import clients_in, members_in
from .texts import Gone, forget_reasons, forget_texts, forget_things

NO_NAME = {"name": "", "sort_key": ""}
NO_REFERENCE = {"reference": "", "reference_key": None}


class NotErasable(Exception):
    """What is still in use cannot be erased; the message says what to do first."""


_WORDS = ("email", "email_key", "external", "external_key", "user_name", "user_name_key")
"""What a member's place says of them, beside their name."""


def erase_member(firm: int, member: int, *, actor: Actor) -> int:
    """Erase a deactivated member's name, address and free texts; the firm's version after it.

    The place in the firm stays, as a number without a name and without a user. The user goes with it unless
    they have a place in another firm: then it is theirs. Raises `core.commands.Refused`, `NotErasable`,
    `FirmUnknown`, `StateUnavailable`.
    """

    def check(state: State) -> None:
        who = state.members.get(member)
        if who is None or who.active:
            raise NotErasable("Only a member who was deactivated can be erased: deactivate the member first.")

    def erase(row: Firm, state: State, gone: Gone) -> list[e.Text]:
        policies = forget_in_policies(row.pk, to_be_erased(row.pk, Thing.MEMBER, member), gone)
        forget_things(row.pk, Thing.MEMBER, [member], gone)
        forget_texts(row.pk, Q(thing=Thing.REQUEST.value, member=member), gone)
        _forget_reasons(
            row,
            lambda entry: entry.actor == member or members_in(_events(entry)) == BitMap([member]),
            gone,
        )
        place = Member.objects.filter(firm=row, number=member)
        users = list(place.exclude(user=None).values_list("user", flat=True))
        # As whom the firm's providers know them; what another firm's provider knows is not this firm's.
        theirs = SignInProvider.objects.filter(firm=row).values("uid")
        SocialAccount.objects.filter(user__in=users, provider__in=theirs).delete()
        ProviderSession.objects.filter(firm=row, user__in=users).delete()
        place.update(user=None, **dict.fromkeys(_WORDS, ""), **NO_NAME)
        User.objects.filter(pk__in=users).exclude(
            pk__in=Member.objects.filter(user__in=users).values("user")
        ).delete()
        Request.objects.filter(firm=row, member=member).update(reason="")
        Draft.objects.filter(firm=row, member=member).delete()
        ApplicationLine.objects.filter(firm=row, member=member).update(name="")
        Invitation.objects.filter(firm=row, member=member).delete()
        DigestChoice.objects.filter(firm=row, member=member).delete()
        Notice.objects.filter(firm=row, member=member).delete()
        NoticeChoice.objects.filter(firm=row, member=member).delete()
        SecurityEvent.objects.filter(firm=row, member=member).delete()
        _forget_use(row, member=member)
        tokens = Token.objects.filter(firm=row, member=member)
        forget_things(row.pk, Thing.TOKEN, list(tokens.values_list("number", flat=True)), gone)
        tokens.update(name="", name_key="", beginning="", addresses="")
        return policies

    return _erase(firm, actor, Thing.MEMBER, member, check, erase)


def erase_client(firm: int, client: int, *, actor: Actor) -> int:
    """Erase a removed client's name, references, details and documents; the firm's version after it.

    So with what was typed into a document and not saved. Raises `core.commands.Refused`, `NotErasable`,
    `FirmUnknown`, `StateUnavailable`.
    """

    def check(state: State) -> None:
        if client not in state.register.removed:
            raise NotErasable("Only a client that was removed can be erased: remove the client first.")

    def erase(row: Firm, state: State, gone: Gone) -> list[e.Text]:
        engagements = list(state.register.chain(client))
        policies = forget_in_policies(row.pk, to_be_erased(row.pk, Thing.CLIENT, client, engagements), gone)
        forget_things(row.pk, Thing.CLIENT, [client], gone)
        forget_things(row.pk, Thing.ENGAGEMENT, engagements, gone)
        forget_texts(row.pk, Q(thing=Thing.REQUEST.value, number=client), gone)
        alone = BitMap([client])
        _forget_reasons(row, lambda entry: clients_in(_events(entry), state.register) == alone, gone)
        Client.objects.filter(firm=row, number=client).update(kind="", **NO_NAME, **NO_REFERENCE)
        Engagement.objects.filter(firm=row, number__in=engagements).update(**NO_REFERENCE)
        Request.objects.filter(firm=row, client=client).update(reason="")
        documents = Document.objects.filter(firm=row, engagement__in=engagements)
        ids = list(documents.values_list("id", flat=True))
        kept = [purpose(number) for number in engagements for purpose in (new_note, new_plan)]
        kept += [purpose(id) for id in ids for purpose in (changed_note, changed_plan)]
        Draft.objects.filter(firm=row, purpose__in=kept).delete()
        documents.delete()
        ClientDetails.objects.filter(firm=row, client=client).delete()
        DigestChoice.objects.filter(firm=row, client=client).delete()
        _forget_use(row, client=client)
        return policies

    return _erase(firm, actor, Thing.CLIENT, client, check, erase)


def _erase(
    firm: int,
    actor: Actor,
    thing: Thing,
    number: int,
    check: Callable[[State], None],
    erase: Callable[[Firm, State, Gone], list[e.Text]],
) -> int:
    with answering(), transaction.atomic(durable=True):
        row = lock(firm)
        state = STATES.current(plain(), firm).state
        now = instant_for(row)
        acting = Acting(moment=at(state, now), actor=actor.member)
        need(refused_acting(acting) or refused_managing(acting))
        check(state)
        gone: Gone = []
        texts = erase(row, state, gone)
        # What lists on their way in say of anybody cannot be taken out of them: they are sent again.
        ListUpload.objects.filter(firm=row).delete()
        AuditPackPart.objects.filter(firm=row).delete()
        AuditPack.objects.filter(firm=row).delete()
        let_files_go(row.pk)
        events = (
            # What is gone is named in what the chain proves: nothing else passes for erased by this entry.
            e.Described(thing=thing, number=number, erased=tuple(sorted(gone))),
            *(e.Described(thing=text.thing, number=text.number) for text in texts),
        )
        change = e.Change(events=events, texts=texts)
        # Nothing that access is decided on: the state stays as it is.
        loaded = record(row, change, after=state, command=f"{thing.value}.erase", actor=actor, now=now)
    STATES.put(firm, loaded)
    return loaded.version


def _forget_use(firm: Firm, **whose: int) -> None:
    # What waits to be gathered would bring it back.
    while fold_within(firm.pk):
        pass
    ClientUse.objects.filter(firm=firm, **whose).delete()


def _forget_reasons(firm: Firm, speaks_of_them: Callable[[LedgerEntry], bool], gone: Gone) -> None:
    def chosen(with_reasons: QuerySet[Any]) -> list[int]:
        entries = LedgerEntry.objects.filter(firm=firm, number__in=with_reasons).order_by("number")
        return [entry.number for entry in entries.iterator(chunk_size=100) if speaks_of_them(entry)]

    forget_reasons(firm.pk, chosen, gone)


def _events(entry: LedgerEntry) -> tuple[e.Event, ...]:
    return decode_body(bytes(entry.body)).events
