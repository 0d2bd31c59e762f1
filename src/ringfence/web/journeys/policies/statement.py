"""The questions of one statement: who, which clients, how many or how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.policing.naming import Meant, PolicyNames
from ringfence.access.policing.reading import MOST
from ringfence.core.terms import EVERYONE, Level, Role
from ringfence.web.queries.things import every_group, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording import role_name
from ringfence.wording.policy_faults import policy_fault_text
from ringfence.wording.saying import gettext as _

from .draft import begin, read_draft
from .forms import FORMS, StatementForm

LEVELS = (Level.NONE, Level.READER, Level.EDITOR)
FIELDS = ("who", "group", "role", "members", "without", "which", "service", "clients", "but", "number")
ALL_FIELDS = (*FIELDS, "level", "client", "people")

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage(Page):
    form: StatementForm
    values: dict[str, str]
    wrong: dict[str, str]
    """What is wrong, by field."""
    groups: Choices
    roles: Choices
    services: Choices
    levels: Choices


@needs(Capability.MANAGE, READS_AND_SENDS)
def statement(visit: Visit, form: str) -> HttpResponse:
    """The fields of one kind of statement; what is sent joins the policy that was begun."""
    asked = FORMS.get(form)
    if asked is None:
        raise Http404
    if visit.request.method != "POST":
        return _page(visit, asked, {}, {})
    values = {field: visit.request.POST.get(field, "") for field in ALL_FIELDS}
    given = _Given(values, PolicyNames(visit.firm_now, visit.number))
    said = given.statement(asked)
    if given.wrong:
        return _page(visit, asked, values, given.wrong)
    draft = read_draft(visit) or begin(visit)
    # The second sending of a form says nothing new.
    if said not in draft.statements:
        draft.keep(statements=[*draft.statements, said])
    return redirect("policy-check" if draft.name else "policy-name", firm=visit.firm.pk)


class _Given:
    """What a form says, as words of a policy file; what is wrong with it, by field."""

    def __init__(self, values: dict[str, str], names: PolicyNames) -> None:
        self._values, self._names = values, names
        self.wrong: dict[str, str] = {}

    def statement(self, form: StatementForm) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if form.number:
            found[form.number] = self._number(form.least)
        if form.level:
            found[form.level] = self._level()
        if form.members:
            found[form.members] = self._members()
        if form.clients:
            found[form.clients] = self._clients()
        if form.client:
            found[form.client] = self._client()
        if form.people:
            found[form.people] = self._listed("people", self._names.member, empty=True)
        return found

    def _number(self, least: int) -> int:
        text = self._values["number"].strip()
        number = number_in(text)
        if not (text.isascii() and text.isdigit()) or not least <= number <= MOST:
            self.wrong["number"] = _("Enter a whole number from %(least)s on, such as 2") % {"least": least}
        return number

    def _level(self) -> str:
        word = self._values["level"]
        if word not in {level.word for level in LEVELS}:
            self.wrong["level"] = _("Select how much they may do at most")
        return word

    def _members(self) -> Any:
        match self._values["who"]:
            case "everyone":
                meant: dict[str, Any] = {"members": "everyone"}
            case "group":
                meant = {"group": self._chosen("group", self._names.group, _("Select [a group]"))}
            case "role":
                if self._values["role"] not in set(Role):
                    self.wrong["role"] = _("Select a role")
                meant = {"role": self._values["role"]}
            case "members":
                meant = {"members": self._listed("members", self._names.member)}
            case _:
                self.wrong["who"] = _("Select which [members] it is about")
                return ""
        without = self._listed("without", self._names.member, empty=True)
        return _plainly(meant, without, "members")

    def _clients(self) -> Any:
        match self._values["which"]:
            case "all" | "confidential" as word:
                meant: dict[str, Any] = {"clients": word}
            case "service":
                meant = {"service": self._chosen("service", self._names.service, _("Select a service"))}
            case "clients":
                meant = {"clients": self._listed("clients", self._names.client)}
            case _:
                self.wrong["which"] = _("Select which [clients] it is about")
                return ""
        but = self._listed("but", self._names.client, empty=True)
        return _plainly(meant, but, "clients")

    def _client(self) -> str:
        word = self._values["client"].strip()
        if not word:
            self.wrong["client"] = _("Enter the name or reference of [a client]")
        else:
            self._find("client", word, self._names.client)
        return word

    def _chosen(self, field: str, meaning: Callable[[str], Meant], unchosen: str) -> str:
        """The name of what was chosen from a list: it is told by its number."""
        word = f"#{number_in(self._values[field])}"
        if not meaning(word).number:
            self.wrong[field] = unchosen
            return word
        return self._names.group_word(number_in(word[1:])) if field == "group" else self._service(word)

    def _service(self, word: str) -> str:
        return self._names.service_word(number_in(word[1:]))

    def _listed(self, field: str, meaning: Callable[[str], Meant], *, empty: bool = False) -> list[str]:
        """The lines of a field, each a name."""
        words = list(dict.fromkeys(line.strip() for line in self._values[field].splitlines() if line.strip()))
        if not words and not empty:
            self.wrong[field] = _("Enter at least one name, each on a line of its own")
        for word in words:
            if field not in self.wrong:
                self._find(field, word, meaning)
        return words

    def _find(self, field: str, word: str, meaning: Callable[[str], Meant]) -> None:
        found = meaning(word)
        if found.fault is not None:
            values = {"name": word, "several": ", ".join(found.several[:10])}
            self.wrong[field] = policy_fault_text(found.fault.value, values, found.near)


def _plainly(meant: dict[str, Any], without: list[str], plain: str) -> Any:
    """As it is written most plainly: names alone need no key."""
    if without:
        return {**meant, "except": without}
    return meant.get(plain, meant)


def _page(visit: Visit, form: StatementForm, values: dict[str, str], wrong: dict[str, str]) -> HttpResponse:
    firm = visit.firm.pk
    page = StatementPage(
        frame=frame_for(visit, "manage"),
        title=str(form.text),
        back=reverse("add-policy", args=[firm]),
        errors=tuple(ErrorLine(text=text, href=f"#{field}") for field, text in wrong.items()),
        form=form,
        values={field: showable(values.get(field, "")) for field in ALL_FIELDS},
        wrong={field: wrong.get(field, "") for field in ALL_FIELDS},
        groups=tuple((str(number), name) for number, name in every_group(firm) if number != EVERYONE),
        roles=tuple((role.value, role_name(role)) for role in Role),
        services=tuple((str(number), name) for number, name in services_of(firm)),
        levels=tuple((level.word, level_shown(level)) for level in LEVELS),
    )
    return show(visit.request, "policies/statement.html", page)
