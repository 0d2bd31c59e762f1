"""A member's name, contact address, role and permissions as a form: of who is added, of who changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from ringfence.access import Refused
from ringfence.access.reading import roles_offered
from ringfence.core.terms import Role
from ringfence.core.texts import MEMBER_NAME
from ringfence.web.previews.outcome import NO_NAMES, NameList
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import Visit
from ringfence.wording import role_name, role_text
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the form holds, as it was typed."""

    name: str = ""
    email: str = ""
    external: str = ""
    role: str = Role.STANDARD.value
    access: bool = True
    manage_access: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """The same as fields of a form."""
        switches = {name: "yes" for name in SWITCHES if getattr(self, name)}
        return {**{name: getattr(self, name) for name in TEXTS}, "role": self.role, **switches}


TEXTS = ("name", "email", "external")
"""The fields that are typed."""
SWITCHES = ("access", "manage_access")
"""The fields that are ticked or not."""
NAMES = tuple(each.name for each in fields(Details))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role with what it is there for."""

    value: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberDetailsPage(Page):
    caption: str
    details: Details
    roles: tuple[RoleChoice, ...]
    role_hint: str
    found: Mapping[str, str]
    """What is wrong, by field."""
    kept: Mapping[str, str]
    """Fields that the form sends along."""
    submit: str
    refused: NameList = NO_NAMES
    """The clients for which the change is refused."""


def read_details(given: Mapping[str, str], prefix: str = "") -> Details:
    """The form as it was sent; a role that there is not is standard."""
    role = given.get(f"{prefix}role", "")
    read = Details(
        name=given.get(f"{prefix}name", ""),
        email=given.get(f"{prefix}email", ""),
        external=given.get(f"{prefix}external", ""),
        role=role if any(role == each.value for each in Role) else Role.STANDARD.value,
        access=f"{prefix}access" in given,
        manage_access=f"{prefix}manage_access" in given,
    )
    if read.role == Role.AUDITOR.value:
        # An auditor has neither permission (rules.md 1), whatever was ticked before.
        return replace(read, access=False, manage_access=False)
    return read


def shown(details: Details) -> Details:
    """The same without the characters that no page may hold."""
    name, email, external = (showable(getattr(details, each)) for each in TEXTS)
    return replace(details, name=name, email=email, external=external)


def role_choices(visit: Visit, was: Role = Role.STANDARD) -> tuple[RoleChoice, ...]:
    """The roles that the visitor may give somebody who has the one, those that most people have first."""
    order = (Role.STANDARD, Role.ADMINISTRATOR, Role.PRINCIPAL, Role.AUDITOR)
    offered = roles_offered(visit.firm_now, visit.number, was)
    return tuple(
        RoleChoice(value=each.value, text=role_name(each), hint=role_text(each))
        for each in order
        if each in offered
    )


def role_hint(choices: tuple[RoleChoice, ...]) -> str:
    """Why roles are missing from the choices; empty where none is."""
    values = {each.value for each in choices}
    if len(values) == len(Role):
        return ""
    if values == {Role.PRINCIPAL.value}:
        return _("Only a principal can take this role away from somebody.")
    return _("Only a principal can make somebody a principal.")


def refused_field(refused: Refused) -> str:
    """The field of the form that a refusal is about."""
    field = "name" if refused.field == "member" and refused.limit is not None else refused.field
    return field if field in NAMES else "name" if refused.problem.value.startswith("text") else "role"


def details_sentence(refused: Refused) -> str:
    """What to do about a refusal, in the field's own words."""
    field, problem = refused_field(refused), refused.problem.value
    if field == "name" and problem == "text_empty":
        return _("Enter a name")
    if field == "name" and problem == "text_too_long":
        return _("The name must be %(limit)s characters or fewer") % {"limit": MEMBER_NAME}
    return problem_sentence(refused)


def error_lines(found: Mapping[str, str]) -> tuple[ErrorLine, ...]:
    """The lines of the error summary, each leading to its field."""
    return tuple(ErrorLine(text=text, href=f"#{field}") for field, text in found.items())


def in_words(visit: Visit, details: Details) -> tuple[str, ...]:
    """Role and permissions as the check of a change says them."""
    role = Role(details.role)
    said = [f"{role_name(role)}: {role_text(role)}"]
    said.append(_("May use client records.") if details.access else _("May not use client records."))
    if details.manage_access:
        said.append(_("May manage who has access to every [client]."))
    return tuple(said)
