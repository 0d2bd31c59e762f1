"""The Jinja2 environment of all pages, and the few helpers that the component macros are written with.

Not here: what a page shows (`ringfence.web.shell.page`) and the macros themselves (`templates/components/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import get_urlconf, reverse
from jinja2 import Environment, StrictUndefined, Undefined
from markupsafe import Markup, escape

from ringfence.wording import saying
from ringfence.wording.catalogue import language_spoken
from ringfence.wording.sentences import one_stop

from .figures import figure
from .keeping import KEEPING


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for by this function's dotted name.

    A name that a template uses and a page does not have is an error, never an empty place on the page.
    """
    options["undefined"] = StrictUndefined
    options["autoescape"] = True
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    made = Environment(**options)
    made.add_extension("jinja2.ext.i18n")
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # what `{% trans %}` compiles to
    made.globals |= {
        "_": _gettext,
        "gettext": _gettext,
        "ngettext": _ngettext,
        "current_language": language_spoken,
        "notices": notices,
        "figure": figure,
        "idle_seconds": idle_seconds,
        "keeping_header": KEEPING,
        "part": part,
        "sends_mail": sends_mail,
        "parts": parts,
        "static": static,
        "url": url,
        "words": words,
    }
    made.filters["attributes"] = attributes
    return made


def _gettext(message: str, /, **variables: object) -> Markup:
    """The text with the variables in it; what a page gives for them is escaped.

    The extension's own finds the function and the language's rules for escaping anew for each text of a page.
    """
    said = language_spoken(), saying.profile_spoken()
    if not variables:
        return _whole(message, *said)
    text = _marked_up(message, *said)
    return (Markup(one_stop(text, variables)) if ")s." in text else text) % variables


def _ngettext(singular: str, plural: str, num: int, /, **variables: object) -> Markup:
    """The same for a number of things, which is `num` among the variables unless they have another."""
    given = {"num": num, **variables}
    return Markup(one_stop(saying.ngettext(singular, plural, num), given)) % given


@lru_cache(maxsize=8192)
def _marked_up(message: str, language: str, profile: str | None) -> Markup:
    """The text in the language and the profile's words, which are those of the moment."""
    return Markup(saying.gettext(message))


@lru_cache(maxsize=8192)
def _whole(message: str, language: str, profile: str | None) -> Markup:
    """A text without variables. It is a form for them all the same: a missing one is an error."""
    return _marked_up(message, language, profile) % {}


def idle_seconds() -> int:
    """After how many seconds of asking for nothing a user is signed out."""
    return int(settings.SESSION_IDLE_SECONDS)


def sends_mail() -> bool:
    """Whether anything is sent by mail here."""
    return bool(settings.SENDS_MAIL)


def url(name: str, *args: object, **kwargs: object) -> str:
    """The address of the named route; a route takes either positional or named arguments."""
    return (
        reverse(name, args=args, kwargs=kwargs)
        if args or kwargs
        else _plain_url(name, get_urlconf() or settings.ROOT_URLCONF)
    )


@lru_cache(maxsize=64)
def _plain_url(name: str, routes: str) -> str:
    """The address of a route without arguments: the same on every page that has these `routes`."""
    return reverse(name)


def notices(request: HttpRequest | None) -> Iterable[Message]:
    """What the pages before left to be told on this one, each once; reading them uses them up."""
    if request is None:
        return ()
    return list({message.message: message for message in get_messages(request)}.values())


def words(*parts: object) -> str:
    """The given words with one space between, the empty ones left out: for `class` and `aria-describedby`."""
    return " ".join(str(part) for part in parts if not isinstance(part, Undefined) and part)


def attributes(values: Mapping[str, object] | None) -> Markup:
    """HTML attributes, each with a space before it.

    True gives the bare name, as of `hidden`; None and False leave the attribute out.
    """
    written = Markup()
    for name, value in (values or {}).items():
        if value is True:
            written += Markup(" {}").format(name)
        elif value is not None and value is not False:
            written += Markup(' {}="{}"').format(name, value)
    return written


class Part:
    """One part of a component, read alike whether a page gave a text, a mapping or an object.

    `part("Name").text` is "Name"; what was not given is None; an empty part is false and prints nothing.
    """

    __slots__ = ("_given",)

    def __init__(self, given: object) -> None:
        if given is False or given == "":
            given = None
        self._given = {"text": given} if isinstance(given, str | int | saying.LazyText) else given

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # what Python asks of an object is no option of a component
            raise AttributeError(name)
        if isinstance(self._given, Mapping):
            return self._given.get(name)
        return getattr(self._given, name, None)

    def __getitem__(self, name: str) -> Any:
        return self.__getattr__(name)

    def __bool__(self) -> bool:
        return bool(self._given)

    def __html__(self) -> str:
        return str(escape(self.text if self.text is not None else ""))


def part(given: object) -> Part:
    """`given` as a `Part`; a part stays what it is."""
    if isinstance(given, Part):
        return given
    return Part(None if isinstance(given, Undefined) else given)


def parts(given: Iterable[object] | None, *, keep_empty: bool = False) -> Iterator[Part]:
    """Each of the items as a `Part`; without the empty ones, so that a template can write `{…} if …`."""
    for item in given or ():
        if item or keep_empty:
            yield part(item)
