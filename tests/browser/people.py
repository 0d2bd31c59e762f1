"""Somebody at a browser: pages found by role and label, in the words of their language.

The words are the product's own, looked up in its catalogue, so that a page in the wrong language fails.
"""

from __future__ import annotations

import gettext
from functools import cache
from typing import TYPE_CHECKING, Any

from ringfence.core.settings import Profile
from ringfence.wording.forms import in_words
from tests.browser.office import PASSWORD
from tests.support.repository import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Response

    from tests.browser.serving import Instance

LOCALE = ROOT / "src" / "ringfence" / "locale"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE, languages=[language])


class Untranslated(AssertionError):
    """The Welsh catalogue lacks a text that a test looks for."""


class Words:
    """What the pages of a firm with a profile say, in one language."""

    def __init__(self, language: str, profile: Profile = "agency") -> None:
        self.language = language
        self.profile: Profile = profile

    def say(self, english: str, **values: object) -> str:
        """The text in the language."""
        found = english
        if self.language != "en":
            found = _catalogue(self.language).gettext(english)
            if found == english:
                raise Untranslated(english)
        found = in_words(found, self.language, self.profile)
        return found % values if values else found

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The text for a number of things."""
        found = one if number == 1 else many
        if self.language != "en":
            found = _catalogue(self.language).ngettext(one, many, number)
        found = in_words(found, self.language, self.profile)
        return found % {"num": number, "count": number, "total": number, **values}


class Person:
    """A browser of one's own at a server: nobody else's cookies, one language, with scripts or without."""

    def __init__(
        self,
        browser: Browser,
        instance: Instance,
        *,
        language: str = "en",
        width: int = 1280,
        scripts: bool = True,
        profile: Profile = "agency",
    ) -> None:
        self.instance = instance
        self.words = Words(language, profile)
        self.context = browser.new_context(
            base_url=instance.address,
            viewport={"width": width, "height": 900},
            # Welsh is chosen on the page, as most will.
            locale="en-GB",
            java_script_enabled=scripts,
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        """What the browser complained of: broken scripts, refused styles."""
        self.page.on("pageerror", lambda fault: self.said.append(str(fault)))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:
        # A page that is refused is told of as well; that is what some tests ask for.
        if (
            message.type == "error"
            and "status of 4" not in message.text
            and "status of 5" not in message.text
        ):
            self.said.append(message.text)

    def close(self) -> None:
        self.context.close()

    @property
    def cookies(self) -> list[Any]:
        """What keeps this person signed in."""
        return list(self.context.cookies())

    @cookies.setter
    def cookies(self, cookies: list[Any]) -> None:
        self.context.add_cookies(cookies)

    # --- Reading

    def say(self, english: str, **values: object) -> str:
        return self.words.say(english, **values)

    @property
    def heading(self) -> str:
        """The one heading of the first level."""
        return self.page.get_by_role("heading", level=1).inner_text().strip()

    @property
    def counted(self) -> str:
        """The heading of the list: how many rows are shown of how many."""
        return self.page.locator("h2#shown").inner_text().strip()

    @property
    def text(self) -> str:
        """All that the page says."""
        return self.page.get_by_role("main").inner_text()

    def link(self, english: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.say(english, **values), exact=True).first

    @property
    def selected(self) -> str:
        """How many rows of a list of choices are ticked over all pages, in the page's words."""
        return self.page.locator("#choices strong").first.inner_text()

    def row(self, *cells: str) -> Locator:
        """The row of a table that has all these texts."""
        found = self.page.get_by_role("row")
        for cell in cells:
            found = found.filter(has_text=cell)
        return found

    def figure(self, one: str, many: str, number: int) -> bool:
        """Whether the preview shows this number for what these words count."""
        words = self.words.count(one, many, number)
        item = self.page.locator(".rf-figures__item").filter(has=self.page.get_by_text(words, exact=True))
        return item.count() == 1 and item.get_by_role("definition").inner_text() == str(number)

    # --- Doing

    def choose_language(self) -> None:
        """Have the pages in this person's language from now on."""
        if self.page.locator("html").get_attribute("lang") != self.words.language:
            name = {"en": "English", "cy": "Cymraeg"}[self.words.language]
            self.go(self.page.get_by_role("button", name=name))

    def go(self, control: Locator) -> None:
        """Use a link or a button that leads to another page, and wait until that is there."""
        with self.page.expect_navigation():
            control.click()

    def open(self, path: str) -> Response:
        """Go to an address of this server."""
        response = self.page.goto(path)
        assert response is not None
        return response

    def follow(self, english: str, **values: object) -> None:
        """Follow a link of the page."""
        self.go(self.link(english, **values))

    def section(self, english: str) -> None:
        """Go to a part of the product by the navigation; its menu is opened where there is no room."""
        navigation = self.page.get_by_role("navigation")
        link = navigation.get_by_role("link", name=self.say(english), exact=True).first
        if not link.is_visible():
            self.page.get_by_role("button", name=self.say("Menu"), exact=True).click()
        self.go(link)

    def press(self, english: str) -> None:
        """Press a button of the page; some look like one and lead on, which are links."""
        main = self.page.get_by_role("main")
        self.go(main.get_by_role("button", name=self.say(english), exact=True))

    def turn_to(self, number: int) -> None:
        """Another page of a list of choices: a button, because it sends the ticks."""
        name = self.say("Page %(number)s", number=number)
        self.go(self.page.get_by_role("button", name=name, exact=True))

    def fill(self, english: str, text: str) -> None:
        """Write into the field with this label."""
        self.page.get_by_label(self.say(english), exact=True).fill(text)

    def choose(self, english: str) -> None:
        """Choose the radio button with this label."""
        self.page.get_by_role("radio", name=self.say(english), exact=True).check()

    @property
    def boxes(self) -> Locator:
        """The boxes of the rows; that in the head of the table ticks these."""
        return self.page.locator("tbody").get_by_role("checkbox")

    def begin_a_group(self, firm: str) -> None:
        """Begin a custom group, up to its name."""
        self.open(f"{firm}/manage/groups/create")
        self.choose("Custom [group]")
        self.press("Continue")

    def name_a_group(self, firm: str, name: str) -> None:
        """Begin a custom group, up to the choice of its clients."""
        self.begin_a_group(firm)
        self.fill("Name of the [group]", name)
        self.press("Continue")

    def filter(self, text: str, *, label: str = "", service: str = "") -> None:
        """Search a list of choices; the same button keeps the ticks."""
        self._fill_search(label, text)
        if service:
            self.page.get_by_label(self.say("Service"), exact=True).select_option(label=service)
        self.press("Apply filters")

    def search(self, text: str, *, label: str = "", service: str = "") -> None:
        """Search the list of the page."""
        self._fill_search(label, text)
        if service:
            self.page.get_by_label(self.say("Service"), exact=True).select_option(label=service)
        self.press("Search")

    def _fill_search(self, label: str, text: str) -> None:
        """The field of a search; without a label, that of clients, as the firm's trade calls references."""
        if label:
            self.fill(label, text)
        else:
            self.page.locator("#search").fill(text)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in from wherever it is asked for, else from the sign-in page."""
        if "/sign-in" not in self.page.url:
            self.open("/sign-in")
        self.choose_language()
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in")
