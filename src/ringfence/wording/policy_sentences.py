"""The firm's own policies in plain words: each kind of statement a sentence, its people and clients named."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from ringfence.core import statements as st
from ringfence.core.terms import Role

from .levels_and_roles import level_name
from .saying import LazyText, gettext_lazy, ngettext
from .saying import gettext as _

NAMED = 8
"""Names that a sentence says; the rest is counted."""

MODES: dict[str, LazyText] = {"warn": gettext_lazy("Warns"), "refuse": gettext_lazy("Refuses")}
MODE_TEXTS: dict[str, LazyText] = {
    "warn": gettext_lazy("A change that would break it is made, and whoever makes it is told before."),
    "refuse": gettext_lazy("A change that would break it is not made."),
}

_ROLES: dict[Role, LazyText] = {
    Role.PRINCIPAL: gettext_lazy("the principals"),
    Role.ADMINISTRATOR: gettext_lazy("the administrators"),
    Role.STANDARD: gettext_lazy("the [members] with the role Standard"),
    Role.AUDITOR: gettext_lazy("the auditors"),
}


class StatementWords(Protocol):
    """The names of one firm, as far as the reader may know them."""

    def member(self, number: int) -> str: ...

    def group(self, number: int) -> str: ...

    def client(self, number: int) -> str: ...

    def service(self, number: int) -> str: ...


def statement_text(said: st.Statement, names: StatementWords) -> str:
    """What a statement says, as a sentence."""
    match said:
        case st.Never():
            text = _("Nobody among %(members)s sees any of %(clients)s.")
        case st.Only():
            text = _("Nobody but %(members)s sees any of %(clients)s.")
        case st.AtLeast():
            text = _("Of %(clients)s, each is seen by at least this many people: %(number)s.")
        case st.AtMost():
            text = _("Of %(clients)s, each is seen by at most this many people: %(number)s.")
        case st.AtMostClients():
            text = _("Of %(clients)s, nobody among %(members)s sees more than %(number)s.")
        case st.AtMostLevel():
            text = _("Nobody among %(members)s has more than this on any of %(clients)s: %(level)s.")
        case st.CheckIs(service=0):
            text = _("On %(client)s, %(member)s has exactly this: %(level)s.")
        case st.CheckIs():
            text = _("On %(client)s, %(service)s, %(member)s has exactly this: %(level)s.")
        case st.MemberSees(clients=frozenset(clients)):
            some = _("%(member)s sees exactly these [clients]: %(listed)s.")
            text = some if clients else _("%(member)s sees no [client] at all.")
        case st.OpenTo(members=frozenset(members)):
            some = _("%(client)s is open to exactly these [members]: %(listed)s.")
            text = some if members else _("%(client)s is open to nobody.")
    sentence = text % _values(said, names)
    return sentence[:1].upper() + sentence[1:]


def _values(said: st.Statement, names: StatementWords) -> Mapping[str, str]:
    match said:
        case st.Never() | st.Only() | st.AtMostClients() | st.AtMostLevel() | st.AtLeast() | st.AtMost():
            found = {"clients": clients_text(said.clients, names)}
            if not isinstance(said, st.AtLeast | st.AtMost):
                found["members"] = members_text(said.members, names)
            if isinstance(said, st.AtMostLevel):
                found["level"] = level_name(said.level)
            elif not isinstance(said, st.Never | st.Only):
                found["number"] = f"{said.number:,}"
            return found
        case st.CheckIs():
            return {
                "client": names.client(said.client),
                "member": names.member(said.member),
                "service": names.service(said.service) if said.service else "",
                "level": level_name(said.level),
            }
        case st.MemberSees():
            listed = _listed(sorted(map(names.client, said.clients)))
            return {"member": names.member(said.member), "listed": listed}
        case st.OpenTo():
            listed = _listed(sorted(map(names.member, said.members)))
            return {"client": names.client(said.client), "listed": listed}


def members_text(meant: st.MembersMeant, names: StatementWords) -> str:
    """Whom a statement means, as words within a sentence."""
    found = [_("all [members]")] if meant.everyone else sorted(map(names.member, meant.members))
    found += [_("the [group] %(group)s") % {"group": each} for each in sorted(map(names.group, meant.groups))]
    found += [str(_ROLES[role]) for role in Role if role in meant.roles]
    return _with_exceptions(found, sorted(map(names.member, meant.without)))


def clients_text(meant: st.ClientsMeant, names: StatementWords) -> str:
    """Which clients a statement means, as words within a sentence."""
    if meant.all:
        found = [_("all [clients]")]
    else:
        found = sorted(map(names.client, meant.clients))
        if meant.confidential:
            found.append(_("the confidential [clients]"))
    services = sorted(map(names.service, meant.services))
    found += [_("the [clients] of the service %(service)s") % {"service": each} for each in services]
    return _with_exceptions(found, sorted(map(names.client, meant.without)))


def _with_exceptions(found: list[str], without: list[str]) -> str:
    if not without:
        return _listed(found)
    return _("%(these)s (except %(others)s)") % {"these": _listed(found), "others": _listed(without)}


def _listed(words: Iterable[str]) -> str:
    words = list(words)
    more = len(words) - NAMED
    if more <= 0:
        return ", ".join(words)
    rest = ngettext("and %(more)s more", "and %(more)s more", more) % {"more": f"{more:,}"}
    return f"{', '.join(words[:NAMED])} {rest}"
