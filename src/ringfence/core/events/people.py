"""What happens to members, to groups and to the tokens that act as members."""

from pyroaring import BitMap

from ringfence.core.terms import Instant, Role, Scope

from .base import EventBase


class MemberAdded(EventBase, frozen=True, tag="member.added"):
    member: int
    role: Role
    access: bool
    manage_access: bool


class MemberChanged(EventBase, frozen=True, tag="member.changed"):
    """Role and permissions as they are from now on, all of them."""

    member: int
    role: Role
    access: bool
    manage_access: bool


class MemberDeactivated(EventBase, frozen=True, tag="member.deactivated"):
    member: int


class MemberReactivated(EventBase, frozen=True, tag="member.reactivated"):
    member: int


class UserSeated(EventBase, frozen=True, tag="user.seated"):
    """The member's place was given to a user, who signs in to it. Changes nobody's access.

    `user` is a digest of who that is (`proof.chain.user_digest`).
    """

    member: int
    user: bytes


class GroupCreated(EventBase, frozen=True, tag="group.created"):
    group: int


class GroupDeleted(EventBase, frozen=True, tag="group.deleted"):
    """Its places and grants go with it, and the defaults that name it."""

    group: int


class GroupKept(EventBase, frozen=True, tag="group.kept"):
    """The firm's directory says from now on who is in the group and what it is called, or no longer."""

    group: int
    directory: bool


class GroupJoined(EventBase, frozen=True, tag="group.joined"):
    group: int
    members: BitMap


class GroupLeft(EventBase, frozen=True, tag="group.left"):
    group: int
    members: BitMap


class TokenAdded(EventBase, frozen=True, tag="token.added"):
    """A token for other software, which acts as `member`. Its name and addresses lie beside the chain."""

    token: int
    member: int
    scopes: Scope
    digest: bytes
    """SHA-256 of its text."""
    expires: Instant | None = None


class TokenRevoked(EventBase, frozen=True, tag="token.revoked"):
    """For good: no token ever stands again."""

    token: int
    member: int
