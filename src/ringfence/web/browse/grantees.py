"""Who is to be given access: a list of grantees with a level each, changed before anything is saved.

The list lies where its journey keeps it; here is how its form is read, what its rows
say and whom one may add.
What a grantee may be given is for the core to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from django.http import QueryDict

from ringfence.access.listing.people import members_matching
from ringfence.core.commands.definitions import GrantTo
from ringfence.core.terms import EVERYONE, GIVING, Level, Subject, group_subject, member_subject
from ringfence.web.queries.groups import groups_matching
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _

from .listing import Listing, list_page, sliced
from .paging import Paging
from .search import SearchForm, read_search

SHOWN = 25
"""Groups and members found that are offered at once."""
LEVELS = (*GIVING, Level.BLOCKED)
"""What a grantee may be given."""


class GranteeRow(NamedTuple):
    """Somebody who gets access, as the form shows them."""

    key: str
    name: str
    about: str
    level: str
    """The level's word, which the form sends back."""
    shown: str
    """What the level lets them do."""
    origin: str
    """Where it comes from; empty where that goes without saying."""
    fixed: bool
    """Whether they keep this whatever is chosen."""


class LevelOption(NamedTuple):
    """A level that may be chosen."""

    value: str
    text: str


class FoundRow(NamedTuple):
    """A group or member that the search has found and that can be added."""

    key: str
    name: str
    about: str


Origin = Callable[[GrantTo], str]
"""Where a grant of the list comes from, in words."""


def key_of(subject: Subject) -> str:
    """How a form names a grantee."""
    return f"{subject.kind}-{subject.number}"


def subject_in(visit: Visit, key: str) -> Subject | None:
    """Whom a form names: a group or member of the firm, inactive ones too."""
    kind, _dash, digits = key.partition("-")
    number = number_in(digits)
    if kind == "group" and number in visit.firm_now.groups:
        return group_subject(number)
    if kind == "member" and number in visit.firm_now.members:
        return member_subject(number)
    return None


def usual_level(visit: Visit, subject: Subject) -> Level:
    """What the firm's screens give at first (rules.md 1, levels)."""
    linked = visit.settings.profile == "practice" and subject.kind == "member"
    return Level.OWNER if linked else Level.EDITOR


def level_options(visit: Visit) -> tuple[LevelOption, ...]:
    """The levels to choose from; none where the firm's screens show one choice."""
    if visit.settings.levels != "four":
        return ()
    return tuple(LevelOption(each.word, level_shown(each)) for each in LEVELS)


def sent_grants(visit: Visit, post: QueryDict) -> list[GrantTo]:
    """The list as the form has it, with the one more or less that its button asked for."""
    go = post.get("go", "")
    keys = [key for key in post.getlist("given") if go != f"remove-{key}"]
    if go.startswith("add-"):
        keys.append(go.removeprefix("add-"))
    found: dict[Subject, Level] = {}
    for key in keys:
        subject = subject_in(visit, key)
        if subject is not None:
            found.setdefault(subject, level_of(post.get(f"level-{key}", "")) or usual_level(visit, subject))
    return [GrantTo(to=subject, level=level) for subject, level in found.items()]


def level_of(word: str) -> Level | None:
    """The level that a form names."""
    return next((each for each in LEVELS if each.word == word), None)


def kept_grants(grants: Iterable[GrantTo]) -> list[tuple[str, int, str]]:
    """How a draft keeps the list."""
    return [(grant.to.kind, grant.to.number, grant.level.word) for grant in grants]


def grants_kept(visit: Visit, kept: Iterable[Sequence[object]]) -> tuple[GrantTo, ...]:
    """The list that a draft keeps. Whom the firm has no longer is left out."""
    found = []
    for kind, number, word in kept:
        subject, level = subject_in(visit, f"{kind}-{number}"), level_of(str(word))
        if subject is not None and level is not None:
            found.append(GrantTo(to=subject, level=level))
    return tuple(found)


def grantee_rows(
    visit: Visit,
    grants: Iterable[GrantTo],
    names: SentenceNames,
    *,
    origin: Origin = lambda _grant: "",
    fixed: Subject | None = None,
) -> tuple[GranteeRow, ...]:
    """The list, in its order; `fixed` is who keeps what they get."""
    mine = member_subject(visit.number)
    return tuple(
        GranteeRow(
            key=key_of(grant.to),
            name=_("%(member)s (you)") % {"member": subject_text(names, grant.to)}
            if grant.to == mine
            else subject_text(names, grant.to),
            about=about(grant.to),
            level=grant.level.word,
            shown=level_shown(grant.level, own=grant.to.kind == "member"),
            origin=origin(grant),
            fixed=grant.to == fixed,
        )
        for grant in grants
    )


def about(subject: Subject) -> str:
    """What kind of grantee it is, where the name does not say it."""
    if subject.kind == "member":
        return ""
    return _("built-in [group]") if subject.number == EVERYONE else _("[group]")


def grantee_search(visit: Visit, here: str) -> SearchForm:
    """The search for somebody to add, as it stands in the address."""
    return read_search(visit, here, _("[Group] or [member], by name or e-mail address"))


def query_of(post: QueryDict) -> str:
    """The search that was typed, as an address holds it."""
    query = QueryDict(mutable=True)
    if text := post.get("search", "").strip():
        query["search"] = text
    return query.urlencode()


def found_grantees(
    visit: Visit, search: SearchForm, given: Iterable[str], *, offered: bool = True
) -> Listing[FoundRow]:
    """Whom the search finds that is not `given` yet; nobody before a search, or where none is `offered`."""
    listed = set(given)
    matching = list(_candidates(visit, search.wanted.text)) if offered and search.active else []
    found = [row for row in matching if row.key not in listed]
    return list_page(
        visit,
        search,
        total=len(found),
        page=sliced(found),
        lines=lambda rows: rows,
        heading=_more,
        empty=_empty(search, on_the_list=bool(matching)),
        size=SHOWN,
    )


def _empty(search: SearchForm, *, on_the_list: bool) -> str:
    if on_the_list:
        return _("Everybody found is on the list already.")
    return _("Try a part of the name or e-mail address, or clear the search.") if search.active else ""


def _more(paging: Paging, search: SearchForm) -> str:
    """What is said where more are found than are offered: a search that is left alone loses no choice."""
    if paging.total <= SHOWN:
        return ""
    told = {"shown": figure(SHOWN), "total": figure(paging.total)}
    return _("These are the first %(shown)s of %(total)s. Type more of the name to find the others.") % told


def _candidates(visit: Visit, text: str) -> Iterator[FoundRow]:
    """Groups, then active members; Everyone only while it may be given anything (rules.md 3)."""
    everyone = visit.settings.everyone_may_be_granted
    for number, name in groups_matching(visit.firm_now, text):
        if number != EVERYONE or everyone:
            yield FoundRow(f"group-{number}", name, about(group_subject(number)))
    for row in members_matching(visit.firm.pk, text, within=visit.firm_now.active_members):
        yield FoundRow(f"member-{row.number}", row.name, row.email)


def origin_of_defaults(visit: Visit) -> Origin:
    """Where each grant of a new client's list comes from: the firm's policy, one's own, or chosen now.

    For the same grantee one's own wins (rules.md 5, `client.add`).
    """
    policy = everyone_policy(visit)
    own = {each.to: each.level for each in own_defaults(visit)}
    owns = visit.settings.creator_owns

    def said(grant: GrantTo) -> str:
        if owns and grant.to == member_subject(visit.number):
            return _("because you add it")
        firm = policy.get(grant.to)
        if own.get(grant.to) == grant.level:
            return _instead(_("from your own [client] permissions"), firm, grant.level)
        if firm == grant.level:
            return _("from your firm’s default permissions policy")
        return _instead(_("chosen here"), own.get(grant.to, firm), grant.level)

    return said


def _instead(said: str, other: Level | None, level: Level) -> str:
    if other is None or other == level:
        return said
    return _("%(origin)s, instead of: %(level)s") % {"origin": said, "level": level_shown(other)}


def everyone_policy(visit: Visit) -> dict[Subject, Level]:
    """What the firm's policy gives Everyone on a new client (rules.md 9, `default_everyone`)."""
    settings = visit.settings
    if not settings.everyone_level or not settings.everyone_may_be_granted:
        return {}
    return {group_subject(EVERYONE): settings.everyone_level}


def own_defaults(visit: Visit) -> tuple[GrantTo, ...]:
    """The visitor's own default grantees, while they count."""
    if not visit.settings.personal_defaults:
        return ()
    return default_grants(visit, visit.number)


def offers_own_defaults(visit: Visit) -> bool:
    """Whether the visitor is led to their own list: it counts, may be asked for, or holds somebody."""
    settings = visit.settings
    asks = settings.personal_defaults or settings.everyone_grants == "with_default"
    return visit.can(Capability.USE_CLIENTS) and (asks or bool(default_grants(visit, visit.number)))


def default_grants(visit: Visit, member: int) -> tuple[GrantTo, ...]:
    """A member's own default grantees as they stand, also while they do not count."""
    found = visit.firm_now.personal_defaults.get(member, ())
    return tuple(GrantTo(to=each.subject, level=each.level) for each in found)
