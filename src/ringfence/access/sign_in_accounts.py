"""Which user sits in which member's place: the ledger says so. How they sign in is their own matter.

A member with an e-mail address is given the user who signs in with it; where there is none yet, one without a
password is made, who proves the address by choosing one through it. Until they have, nobody is behind that
user: a member whose address is put right is given the user of the right one. Whoever came in by a link that
one firm's administrator was shown has proved no address, and is seated in that firm alone. Whoever has no
active place in any firm cannot sign in, and their sessions end.
"""

from collections.abc import Collection, Mapping

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db.models import Exists, OuterRef, Q, QuerySet
from msgspec.structs import replace

from ringfence.core.directory import unique_key
from ringfence.core.events import Change, MemberAdded, MemberDeactivated, MemberReactivated, UserSeated
from ringfence.core.terms import Instant, Role, Thing
from ringfence.firms.models import Firm, Member, User
from ringfence.store.loading import Loaded

from .actor import Actor
from .ledger.chain import user_digest
from .writing.recording import WorkedOut, record_as_worked_out, work_out


def record_and_seat(firm: Firm, worked_out: WorkedOut, *, command: str, actor: Actor, now: Instant) -> Loaded:
    """Record a change as `recording` does, and give the places that it makes their users.

    So with each place that it gives an address. Whoever has a user with a password keeps them, and a user who
    has a place in the firm takes no second one. Who sits in a principal's place is for principals.
    """
    change = worked_out.change
    seats = _seats(firm.pk, change, actor)
    before = _in_places(firm.pk, seats)
    if seats:
        seated = replace(change, events=change.events + events_of(firm, seats))
        # Seats are in no table that statements write to, and some of these may have run already.
        again = work_out(firm.pk, seated, after=worked_out.after, now=now)
        worked_out = replace(again, statements=worked_out.statements)
    loaded = record_as_worked_out(firm, worked_out, command=command, actor=actor, now=now)
    for member, user in seats.items():
        Member.objects.filter(firm=firm, number=member).update(user=user)
    forget_nobodies(before)
    _let_in(firm.pk, {*seats, *_members(change, MemberReactivated)})
    _shut_out(firm.pk, _members(change, MemberDeactivated))
    return loaded


def _members(change: Change, kind: type[MemberDeactivated | MemberReactivated]) -> set[int]:
    """Whom the change's events of a kind are about."""
    return {event.member for event in change.events if isinstance(event, kind)}


def events_of(firm: Firm, seats: Mapping[int, int]) -> tuple[UserSeated, ...]:
    """What the ledger says of users in places, given by the numbers of both."""
    return tuple(
        UserSeated(member=member, user=user_digest(firm.uid, user)) for member, user in seats.items()
    )


def principals_kept_from(actor: Actor, firm: int, members: Collection[int]) -> set[int]:
    """Those of the members whose place as a principal the actor may let nobody into (rules.md 5).

    Making one is for principals; where none has come in yet, an administrator may let the first one in.
    """
    principals = Member.objects.filter(firm=firm, role=Role.PRINCIPAL.value)
    wanted = set(principals.filter(number__in=members).values_list("number", flat=True))
    if actor.member is None or not wanted or principals.filter(number=actor.member, active=True).exists():
        return set()
    here = principals.filter(active=True, user__isnull=False)
    come_in = here.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return wanted if come_in.exists() else set()


def _seats(firm: int, change: Change, actor: Actor) -> dict[int, int]:
    """Users by the places that are to be given to them, in order of the places; made where there are none."""
    added = {event.member for event in change.events if isinstance(event, MemberAdded)}
    words: dict[int, dict[str, str]] = {}
    for text in change.texts:
        if text.thing is Thing.MEMBER:
            words.setdefault(text.number, {}).update(text.fields)
    addressed = {number for number, fields in words.items() if fields.get("email")}
    nobody = Q(user=None) | Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    rows = Member.objects.filter(nobody, firm=firm, number__in=addressed - added)
    there = {
        number: name
        for number, name, email in rows.values_list("number", "name", "user__email")
        if email != unique_key(words[number]["email"])
    }
    kept_from = principals_kept_from(actor, firm, there) if there else set()
    seats: dict[int, int] = {}
    for number in sorted(addressed & (added | set(there)) - kept_from):
        name = words[number].get("name") or there.get(number, "")
        user = user_to_seat(firm, words[number]["email"], name)
        if user is not None and user.pk not in seats.values():
            seats[number] = user.pk
    return seats


def user_to_seat(firm: int, email: str, name: str) -> User | None:
    """The user of the address, made where there is none; None where they take no (second) place in the firm.

    Their row is locked: whoever comes in at the same moment finds the place that they were given.
    """
    user, made = User.objects.select_for_update().get_or_create(
        email=unique_key(email), defaults={"name": name, "password": make_password(None)}
    )
    if made:
        return user
    unproven_here = user.let_in_by is not None and user.let_in_by != firm
    return None if unproven_here or Member.objects.filter(firm=firm, user=user).exists() else user


def unproven_elsewhere(firm: int, emails: Collection[str]) -> set[str]:
    """Those of the addresses, as they are compared, whose users another firm alone has let in."""
    known = User.objects.filter(email__in=[unique_key(email) for email in emails], let_in_by__isnull=False)
    return set(known.exclude(let_in_by=firm).values_list("email", flat=True))


def prove(user: User) -> None:
    """Note that a mail or the operator has proved the user's address."""
    User.objects.filter(pk=user.pk).update(let_in_by=None)
    user.let_in_by = None


def _in_places(firm: int, members: Collection[int]) -> set[int]:
    """The users who sit in these places."""
    rows = Member.objects.filter(firm=firm, number__in=members, user__isnull=False)
    return set(rows.values_list("user", flat=True)) if members else set()


def forget_nobodies(users: Collection[int]) -> None:
    """Remove those of the users who never had a password and have no place any more."""
    if users:
        User.objects.filter(
            ~Exists(Member.objects.filter(user=OuterRef("pk"))),
            pk__in=users,
            password__startswith=UNUSABLE_PASSWORD_PREFIX,
        ).delete()


def _let_in(firm: int, members: Collection[int]) -> None:
    """Let the users of these members sign in again, where they have an active place in whichever firm."""
    if members:
        _users(firm, members).filter(Exists(_ACTIVE), is_active=False).update(is_active=True)


def _shut_out(firm: int, members: Collection[int]) -> None:
    """Let nobody of these sign in who has no active place in any firm."""
    if members:
        _users(firm, members).filter(~Exists(_ACTIVE), is_active=True).update(is_active=False)


def _users(firm: int, members: Collection[int]) -> QuerySet[User]:
    return User.objects.filter(memberships__firm=firm, memberships__number__in=members)


_ACTIVE = Member.objects.filter(user=OuterRef("pk"), active=True)
"""A user's active places."""
