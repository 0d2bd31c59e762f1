"""What every page gives to `layout.html`: a typed object, passed to the template as `page`.

A view declares a frozen subclass with what its own template shows. No decision is made here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link with its text; `current` marks the page being shown, `active` the section it belongs to."""

    text: str
    href: str
    current: bool = False
    active: bool = False
    new_tab: bool = False
    """Whether it opens another tab; its text says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorLine:
    """A line of the error summary; `href` is `#` and the id of the field to put right."""

    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What surrounds the content: whose firm it is, who is signed in and where they can go.

    Signed out, both names are empty. `sign_out` is an address that takes a POST.
    """

    home: str = "/"
    firm_name: str = ""
    member_name: str = ""
    account: str = ""
    sign_out: str = ""
    navigation: tuple[Link, ...] = ()
    footer: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """The pages about one thing, as a row of links above each of them; `label` says what they are about."""

    label: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: `title` without the firm's name; `back` an address, or empty for no back link.

    `next` is where the language switch comes back to: empty for the present address, given where that address
    takes no GET. `row` leads to the other pages about the same thing.
    """

    frame: Frame
    title: str
    back: str = ""
    errors: tuple[ErrorLine, ...] = ()
    next: str = ""
    row: PageRow | None = None
