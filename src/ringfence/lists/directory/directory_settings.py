"""How a firm's directory is asked: which server, as whom, for whom, and which attribute is what.

Values and what is wrong with them; the password is not among them. Asking is in `asking`.
"""

import ssl
from collections.abc import Iterator
from enum import StrEnum
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from ldap3.core.exceptions import LDAPException
from ldap3.operation.search import parse_filter
from ldap3.utils.dn import parse_dn

MOST_WORDS = 2_000
"""Characters of a filter or a name of an entry."""
MOST_CERTIFICATES = 200_000


class DirectoryKind(StrEnum):
    """Which directory it is: what its attributes are called, and how it says that somebody is off."""

    ACTIVE_DIRECTORY = "active-directory"
    OPENLDAP = "openldap"


class SettingFault(StrEnum):
    """What is wrong with a setting; `wording.directories` has the sentences."""

    SERVER = "server"
    IN_THE_CLEAR = "in_the_clear"
    START_TLS_TWICE = "start_tls_twice"
    CERTIFICATES = "certificates"
    BASE = "base"
    FILTER = "filter"
    ATTRIBUTE = "attribute"


class UnfitSetting(ValueError):
    """A setting with which nothing can be asked."""

    def __init__(self, field: str, fault: SettingFault) -> None:
        super().__init__(f"{field}: {fault}")
        self.field = field
        self.fault = fault


class DirectorySettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How it is asked. Empty filters and attributes are those of its kind (`ATTRIBUTES`, `FILTERS`)."""

    kind: DirectoryKind = DirectoryKind.ACTIVE_DIRECTORY
    server: str = ""
    """``ldaps://dc.example.com`` or ``ldap://dc.example.com:3268``."""
    start_tls: bool = False
    certificates: str = ""
    """PEM of the authorities that it is believed by; those of the machine where it is empty."""
    user: str = ""
    """Who asks: the name of an entry, or ``name@domain`` in Active Directory; nobody where it is empty."""
    people_base: str = ""
    people_filter: str = ""
    groups_base: str = ""
    """Where groups are; none are kept where it is empty."""
    groups_filter: str = ""
    """Which of these groups are kept; nested ones need not be among them."""
    email: str = ""
    name: str = ""
    external: str = ""
    add_groups: bool = True
    """Whether groups that the firm lacks are created; else they are told and passed over."""

    def attribute(self, field: Literal["email", "name", "external"]) -> str:
        """The attribute that holds the field."""
        return getattr(self, field) or ATTRIBUTES[self.kind][field]

    @property
    def people(self) -> str:
        """The filter for people."""
        return self.people_filter or FILTERS[self.kind]

    @property
    def groups(self) -> str:
        """The filter for groups that are kept."""
        return self.groups_filter or ANY_GROUP

    @property
    def host(self) -> str:
        return urlsplit(self.server).hostname or ""

    @property
    def port(self) -> int:
        return urlsplit(self.server).port or (636 if self.encrypted else 389)

    @property
    def encrypted(self) -> bool:
        """Whether TLS begins with the connection."""
        return urlsplit(self.server).scheme == "ldaps"


ATTRIBUTES = {
    DirectoryKind.ACTIVE_DIRECTORY: {"email": "mail", "name": "displayName", "external": "objectGUID"},
    DirectoryKind.OPENLDAP: {"email": "mail", "name": "cn", "external": "entryUUID"},
}
FILTERS = {
    # Neither machines nor contacts, which are people to it as well.
    DirectoryKind.ACTIVE_DIRECTORY: "(&(objectCategory=person)(objectClass=user))",
    DirectoryKind.OPENLDAP: "(objectClass=inetOrgPerson)",
}
ANY_GROUP = (
    "(|(objectClass=group)(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))"
)


def need_fit(settings: DirectorySettings) -> None:
    """Raises `UnfitSetting` for the first thing that is wrong with them."""
    for field, fault in _wrong(settings):
        raise UnfitSetting(field, fault)


def _wrong(settings: DirectorySettings) -> Iterator[tuple[str, SettingFault]]:
    yield from _wrong_server(settings)
    for field in ("people_base", "groups_base"):
        base = getattr(settings, field)
        if (base or field == "people_base") and not _is_name(base):
            yield field, SettingFault.BASE
    for field in ("people_filter", "groups_filter"):
        if not _is_filter(getattr(settings, field)):
            yield field, SettingFault.FILTER
    for field in ("email", "name", "external"):
        word = getattr(settings, field)
        if word and not (word.isascii() and word.replace("-", "").replace(";", "").isalnum()):
            yield field, SettingFault.ATTRIBUTE


def _wrong_server(settings: DirectorySettings) -> Iterator[tuple[str, SettingFault]]:
    try:
        parts = urlsplit(settings.server)
        beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
        fit = parts.scheme in ("ldap", "ldaps") and bool(parts.hostname) and not beyond and parts.port != 0
    except ValueError:
        fit = False
    if not fit:
        yield "server", SettingFault.SERVER
        return
    if settings.encrypted and settings.start_tls:
        yield "start_tls", SettingFault.START_TLS_TWICE
    if not settings.encrypted and not settings.start_tls and not _is_this_machine(settings.host):
        yield "server", SettingFault.IN_THE_CLEAR
    if settings.certificates:
        try:
            if len(settings.certificates) > MOST_CERTIFICATES:
                raise ValueError
            ssl.create_default_context(cadata=settings.certificates)
        except (ssl.SSLError, ValueError):
            yield "certificates", SettingFault.CERTIFICATES


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_name(base: str) -> bool:
    try:
        return 0 < len(base) <= MOST_WORDS and bool(parse_dn(base))
    except LDAPException:
        return False


def _is_filter(words: str) -> bool:
    if not words:
        return True
    try:
        parse_filter(words, None, False, False, None, False)  # type: ignore[no-untyped-call]  # its stubs lack it
    except (LDAPException, ValueError, IndexError):
        return False
    return len(words) <= MOST_WORDS
