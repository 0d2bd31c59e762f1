"""How a firm wants its people to sign in: a second step, how long a session lasts, from where administrators.

It holds for the pages of that firm and for nothing else: whoever has places in several firms meets the rules
of the one they enter. Changing it changes nobody's access; each change is an entry of the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from ipaddress import IPv6Address, ip_address, ip_network

import msgspec

from ringfence.core.events import SignInNoted, Text
from ringfence.core.refusals import need
from ringfence.core.terms import ADMINISTERING, Instant, Role, SignInStep
from ringfence.core.texts import clean_addresses
from ringfence.firms.models import Firm

from .actor import Actor
from .door import Beside
from .firm_now import FirmNow
from .ledger.noting import note
from .reading import refused_managing

DAY = 24 * 3600 * 1_000_000
"""Microseconds."""
MOST_GRACE = 90
"""Days."""
MOST_HOURS = 12
"""For which a session lasts where no firm says less (`SESSION_COOKIE_AGE` of the settings)."""


class LockedOut(ValueError):
    """Whoever sets it could not sign in afterwards; the argument is the address that they come from."""


class NotBySoftware(Exception):
    """A change of how people sign in that no token makes: it might let its holder in (decision 103)."""


class SignInPolicy(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a firm asks; nothing, where it has said nothing."""

    second_step: dict[Role, Instant] = {}
    """Of which roles a second step is asked, each with the instant at which it was first asked."""
    grace_days: int = 0
    """For how many days from then those who have none may go on without."""
    session_hours: int = 0
    """For how long a session lasts at most; 0 for as long as the operator lets it."""
    networks: tuple[str, ...] = ()
    """From where administrators and principals sign in; from anywhere where there are none."""
    only_provider: int = 0
    """The number of the provider by which alone people come in; 0 where they come in by every way."""
    kept_password: int = 0
    """The administrator who may use a password all the same (`access.sign_in_only`)."""

    def second_step_due(self, role: Role, joined: Instant) -> Instant | None:
        """When somebody of the role who came at `joined` needs a second step; None for never."""
        asked = self.second_step.get(role)
        return None if asked is None else Instant(max(asked, joined) + self.grace_days * DAY)

    def asks_no_less(self, before: SignInPolicy) -> bool:
        """Whether all that it lets anybody do the one before let them do as well."""
        second_step = set(self.second_step) >= set(before.second_step) and (
            not before.second_step or self.grace_days <= before.grace_days
        )
        hours = not before.session_hours or 0 < self.session_hours <= before.session_hours
        ways = (self.networks, self.only_provider, self.kept_password)
        return second_step and hours and ways == (before.networks, before.only_provider, before.kept_password)

    def lets_in(self, role: Role, address: str) -> bool:
        """Whether somebody of the role may be at this IP address; one that cannot be read is outside."""
        return not self.networks or role not in ADMINISTERING or is_within(address, self.networks)


NOTHING_ASKED = SignInPolicy()


def policy_of(firm: Firm) -> SignInPolicy:
    """The firm's, as its row was read: by the models, or as the plain text of a page's first question."""
    if isinstance(firm.sign_in, str):
        return NOTHING_ASKED if firm.sign_in == "{}" else msgspec.json.decode(firm.sign_in, type=SignInPolicy)
    return msgspec.convert(firm.sign_in, SignInPolicy)


def ask_second_step(
    firm: int, roles: Collection[Role], grace_days: int, *, actor: Actor, beside: Beside | None = None
) -> None:
    """Ask a second step of these roles, of no others; who has none may go on without for some days.

    A role of which it was asked before keeps its day. Raises `Refused`, `ValueError` for days out of bounds,
    `NotBySoftware` where a token asks less than before, `FirmUnknown`, `StateUnavailable`; nothing is written
    where it stands so already. `beside` is as with `noting.note`.
    """
    if not 0 <= grace_days <= MOST_GRACE:
        raise ValueError(grace_days)
    asked = tuple(role for role in Role if role in roles)

    def change(policy: SignInPolicy, now: Instant) -> SignInPolicy:
        second_step = {role: policy.second_step.get(role, now) for role in asked}
        return msgspec.structs.replace(policy, second_step=second_step, grace_days=grace_days if asked else 0)

    words, days = tuple(role.value for role in asked), grace_days if asked else 0
    _change(firm, change, SignInNoted(did=SignInStep.SECOND_STEP, words=words, count=days), actor, beside)


def limit_sessions(firm: int, hours: int, *, actor: Actor, beside: Beside | None = None) -> None:
    """Have people sign in again after so many hours, 0 for as long as the operator lets them.

    Raises likewise.
    """
    if not 0 <= hours <= MOST_HOURS:
        raise ValueError(hours)

    def change(policy: SignInPolicy, _now: Instant) -> SignInPolicy:
        return msgspec.structs.replace(policy, session_hours=hours)

    _change(firm, change, SignInNoted(did=SignInStep.SESSION, count=hours), actor, beside)


def limit_networks(firm: int, networks: Iterable[str], *, actor: Actor, address: str | None) -> None:
    """Have administrators and principals sign in from these networks alone; from anywhere without any.

    `address` is where the actor is, None for the operator: raises `LockedOut` where that is in none of them,
    and likewise; `Refused` too for what is no network.
    """
    kept = clean_addresses(networks, "networks")
    if kept and address is not None and not is_within(address, kept):
        raise LockedOut(address)

    def change(policy: SignInPolicy, _now: Instant) -> SignInPolicy:
        return msgspec.structs.replace(policy, networks=kept)

    _change(firm, change, SignInNoted(did=SignInStep.NETWORKS, words=kept), actor)


def note_sign_in(
    firm: int,
    noted: Callable[[FirmNow], SignInNoted],
    actor: Actor,
    *,
    unless: Callable[[FirmNow], bool] = lambda _: False,
    texts: Callable[[], tuple[Text, ...]] = tuple,
    beside: Beside | None = None,
    by_software: bool = False,
) -> FirmNow:
    """Change how the firm's people sign in, by administrators and principals alone, and note it.

    `noted` is asked within the transaction and writes what is changed, as `ledger.noting.note` has it. For
    whoever changes something of sign-in of their own: providers, domains. A token changes nothing of it,
    which is `NotBySoftware`, unless `by_software` says that the change asks no less of anybody.
    """

    def allowed(now: FirmNow) -> SignInNoted:
        need(refused_managing(now, actor.member))
        if actor.token is not None and not by_software:
            raise NotBySoftware
        return noted(now)

    return note(firm, allowed, actor, unless=unless, texts=texts, beside=beside)


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether the IP address is in one of the networks; no, where it is none."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    plain = found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
    return any(plain in ip_network(network) for network in networks)


def _change(
    firm: int,
    change: Callable[[SignInPolicy, Instant], SignInPolicy],
    event: SignInNoted,
    actor: Actor,
    beside: Beside | None = None,
) -> None:
    def policy() -> SignInPolicy:
        return policy_of(Firm.objects.only("sign_in").get(pk=firm))

    def stands(now: FirmNow) -> bool:
        need(refused_managing(now, actor.member))
        before = policy()
        return change(before, now.now) == before

    def write(now: FirmNow) -> SignInNoted:
        before = policy()
        after = change(before, now.now)
        if actor.token is not None and not after.asks_no_less(before):
            raise NotBySoftware
        Firm.objects.filter(pk=firm).update(sign_in=msgspec.to_builtins(after))
        return event

    note_sign_in(firm, write, actor, unless=stands, beside=beside, by_software=True)
