"""Which user sits in which member's place: the ledger says so. How they sign in is their own matter.

A member with an e-mail address is given the user who signs in with it; where there is none yet, one without a
password is made, who proves the address by choosing one through it. Until they have, nobody is behind that
user: a member whose address is put right is given the user of the right one. Whoever came in by a link that
one firm's administrator was shown has proved no address, and is seated in that firm alone. Whoever has no
active place in any firm cannot sign in, and their sessions end.
"""

from collections.abc import Collection, Mapping
from secrets import token_urlsafe

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.models import Exists, OuterRef, Q
from msgspec.structs import replace

from ringfence.core.directory import unique_key
from ringfence.core.events import Change, MemberAdded, MemberDeactivated, MemberReactivated, UserSeated
from ringfence.core.many_texts import runs
from ringfence.core.terms import Instant, Role, Thing
from ringfence.firms.models import Firm, Member, User
from ringfence.proof.chain import user_digest
from ringfence.store.loading import Loaded

from .actor import Actor
from .sql import among_numbers, numbers_parameter, rows_of
from .writing.recording import WorkedOut, record_as_worked_out, with_events
from .writing.tables.bulk import execute, execute_each


def record_and_seat(firm: Firm, worked_out: WorkedOut, *, command: str, actor: Actor, now: Instant) -> Loaded:
    """Record a change as `recording` does, and give the places that it makes their users.

    So with each place that it gives an address. Whoever has a user with a password keeps them, and a user who
    has a place in the firm takes no second one. Who sits in a principal's place is for principals. Raises
    `NotConfirmed` where somebody else is let into a place that gives power.
    """
    change = worked_out.change
    new: set[int] = set()
    seats = _seats(firm.pk, change, actor, new)
    before = _in_places(firm.pk, seats.keys() - _members(change, MemberAdded))
    if seats:
        events = events_of(firm, seats)
        actor.need_fresh(worked_out.after, worked_out.after, events)
        seated = replace(change, events=change.events + events)
        worked_out = with_events(worked_out, seated)
    loaded = record_as_worked_out(firm, worked_out, command=command, actor=actor, now=now)
    execute_each(
        "UPDATE firms_member SET user_id = %s WHERE firm_id = %s AND number = %s",
        [(user, firm.pk, member) for member, user in seats.items()],
    )
    forget_nobodies(before)
    _let_in(firm.pk, {*seats, *_members(change, MemberReactivated)} - new)
    _shut_out(firm.pk, _members(change, MemberDeactivated))
    return loaded


def _members(change: Change, kind: type[MemberAdded | MemberDeactivated | MemberReactivated]) -> set[int]:
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


def _seats(firm: int, change: Change, actor: Actor, new: set[int]) -> dict[int, int]:
    """Users by the places that are to be given to them, in order of the places; made where there are none.

    The places of those who were made, who may sign in already, are added to `new`.
    """
    added = _members(change, MemberAdded)
    words: dict[int, dict[str, str]] = {}
    # The firm is locked meanwhile: the words of a long list of clients are passed over as a whole.
    for thing, texts in runs(change.texts):
        for text in texts if thing is Thing.MEMBER else ():
            words.setdefault(text.number, {}).update(text.fields)
    addressed = {number for number, fields in words.items() if fields.get("email")}
    there = {
        number: name
        for number, name, email in _of_nobody(firm, addressed - added)
        if email != unique_key(words[number]["email"])
    }
    kept_from = principals_kept_from(actor, firm, there) if there else set()
    seats: dict[int, int] = {}
    for number in sorted(addressed & (added | set(there)) - kept_from):
        name = words[number].get("name") or there.get(number, "")
        user = _made(unique_key(words[number]["email"]), name)
        if user is not None:
            new.add(number)
        else:
            user = user_to_seat(firm, words[number]["email"], name)
        if user is not None and user.pk not in seats.values():
            seats[number] = user.pk
    return seats


def _of_nobody(firm: int, members: Collection[int]) -> list[tuple[int, str, str | None]]:
    """Those of the members behind whom nobody is yet: number, name, and their user's address."""
    if not members:
        return []
    nobody = Q(user=None) | Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    rows = Member.objects.filter(nobody, firm=firm, number__in=members)
    return list(rows.values_list("number", "name", "user__email"))


def user_to_seat(firm: int, email: str, name: str) -> User | None:
    """The user of the address, made where there is none; None where they take no (second) place in the firm.

    Their row is locked: whoever comes in at the same moment finds the place that they were given.
    """
    address = unique_key(email)
    if (made := _made(address, name)) is not None:
        return made
    user = User.objects.select_for_update().get(email=address)
    unproven_here = user.let_in_by is not None and user.let_in_by != firm
    return None if unproven_here or Member.objects.filter(firm=firm, user=user).exists() else user


def _made(address: str, name: str) -> User | None:
    """A user without a password, in one statement; None where the address has one, or is given one now."""
    user = User(email=address, name=name, password=UNUSABLE_PASSWORD_PREFIX + token_urlsafe(30))
    fields = [field for field in User._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    found = rows_of(
        f"INSERT INTO firms_user ({names}) VALUES ({', '.join(['%s'] * len(fields))})"
        " ON CONFLICT (email) DO NOTHING RETURNING id",
        *(field.get_db_prep_save(field.pre_save(user, add=True), connection) for field in fields),
    )
    if not found:
        return None
    ((user.pk,),) = found
    return user


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
    if not members:
        return set()
    rows = Member.objects.filter(firm=firm, number__in=members, user__isnull=False)
    return set(rows.values_list("user", flat=True))


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
    _may_sign_in(firm, members, f"SET is_active = TRUE WHERE NOT is_active AND {_ACTIVE}")


def _shut_out(firm: int, members: Collection[int]) -> None:
    """Let nobody of these sign in who has no active place in any firm."""
    _may_sign_in(firm, members, f"SET is_active = FALSE WHERE is_active AND NOT {_ACTIVE}")


def _may_sign_in(firm: int, members: Collection[int], change: str) -> None:
    """Change the users of these members; with `change`, what is set and where."""
    if not members:
        return
    theirs = f"SELECT user_id FROM firms_member WHERE firm_id = %s AND {among_numbers('number')}"
    execute(f"UPDATE firms_user {change} AND id IN ({theirs})", firm, numbers_parameter(members))


_ACTIVE = "EXISTS (SELECT 1 FROM firms_member WHERE user_id = firms_user.id AND active)"
"""A condition: the user has an active place."""
