"""The steps of the first ring-fence, each with what must be on the page before the next one can be taken."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.office import ACE, ALPHIE, BETA, BETH, CLIENTS, FARMS, SION
from tests.browser.people import Person
from tests.browser.serving import Instance

GROUP = "Large corporates"
NEW_PASSWORD = "seven quiet lanterns"
LEFT_OUT = "Bramble Farm 60"
IN_GROUP = FARMS - 1 + 1
"""VAT of every farm but the one left out, and of Fortune 500."""
CLOSED = FARMS // 2
"""Farms that have nothing but VAT: those with odd numbers, all of them in the group."""
SERVICES = ("%(services)s service of %(clients)s", "%(services)s services of %(clients)s")
SOME_CLIENTS = (
    "Showing %(first)s to %(last)s of %(total)s [client]",
    "Showing %(first)s to %(last)s of %(total)s [clients]",
)
ALL_CLIENTS = ("Showing %(total)s [client]", "Showing all %(total)s [clients]")
SOME_SERVICES = (
    "Showing %(first)s to %(last)s of %(total)s service of [clients]",
    "Showing %(first)s to %(last)s of %(total)s services of [clients]",
)
PAGE, CHOOSING_PAGE = 50, 25

# What the figures of a preview count.
GAIN = ("[member] gains access", "[members] gain access")
LOSE = ("[member] loses access", "[members] lose access")
CHANGE = ("[member]’s access changes", "[members]’ access changes")
CLOSE = ("[client] becomes closed", "[clients] become closed")
CLOSE_IN_PART = ("[client] becomes closed in part", "[clients] become closed in part")
OPEN = ("[client] becomes open to everybody", "[clients] become open to everybody")


@dataclass
class Journey:
    """The two of them, and the firm they are in."""

    instance: Instance
    alphie: Person
    sion: Person

    # --- Alphie

    def alphie_sets_a_password(self, link: str) -> None:
        alphie = self.alphie
        alphie.open(link)
        alphie.choose_language()
        self._set_a_password(alphie)
        alphie.sign_in(ALPHIE, NEW_PASSWORD)
        assert alphie.heading == ACE

    @staticmethod
    def _set_a_password(person: Person) -> None:
        assert person.heading == person.say("Set your password")
        person.fill("New password", NEW_PASSWORD)
        person.fill("The same password again", NEW_PASSWORD)
        person.press("Set password")
        assert person.heading == person.say("Sign in")

    def alphie_turns_groups_on(self) -> None:
        alphie = self.alphie
        alphie.section("Manage account")
        alphie.press("Turn on [access control]")
        alphie.press("Continue")
        assert alphie.say("Nobody’s access changes by this.") in alphie.text
        alphie.choose("Yes")
        alphie.press("Continue")
        assert alphie.heading == alphie.say("[Access control is] turned on")

    def alphie_names_a_group(self) -> None:
        alphie = self.alphie
        alphie.follow("Create [a group]")
        assert alphie.say("Create [group]: step %(step)s of %(steps)s", step=1, steps=5) in alphie.text
        alphie.choose("Custom [group]")
        alphie.press("Continue")
        alphie.fill("Name of the [group]", GROUP)
        alphie.press("Continue")

    def alphie_chooses_clients(self) -> None:
        """Ticks are kept from search to search and from page to page."""
        alphie, words = self.alphie, self.alphie.words
        assert alphie.heading == alphie.say("Select [clients]")
        alphie.filter("fortune")
        alphie.row("Fortune 500", "GB431661987").get_by_role("checkbox").check()
        alphie.filter("bramble", service="VAT")
        assert alphie.counted.startswith(words.count(*SOME_SERVICES, FARMS, first=1, last=CHOOSING_PAGE))
        assert alphie.selected == self.selected(1)
        every = words.count("Select the %(count)s that matches", "Select all %(count)s that match", FARMS)
        alphie.go(alphie.page.get_by_role("button", name=every))
        assert alphie.selected == self.selected(FARMS + 1)
        alphie.turn_to(3)
        alphie.row(LEFT_OUT).get_by_role("checkbox").uncheck()
        alphie.turn_to(1)
        assert alphie.row("Bramble Farm 01").get_by_role("checkbox").is_checked()
        alphie.press("Clear filters")
        assert alphie.selected == self.selected(IN_GROUP)
        alphie.press("Continue")

    def alphie_chooses_members(self) -> None:
        alphie = self.alphie
        assert alphie.heading == alphie.say("Select [members]")
        for search, email in (("beta.sobeck", BETA), ("beth.conners@", BETH)):
            alphie.filter(search, label="Name or e-mail address")
            alphie.row(email).get_by_role("checkbox").check()
        alphie.press("Continue")

    def alphie_checks_and_creates(self) -> None:
        """The preview is exact: two are outside the group, and each loses the VAT; half keep their client."""
        alphie = self.alphie
        assert alphie.heading == alphie.say("Check your answers")
        assert alphie.figure(*GAIN, 0)
        assert alphie.figure(*LOSE, 2)
        assert alphie.figure(*CHANGE, 0)
        assert alphie.figure(*CLOSE, CLOSED)
        assert alphie.figure(*CLOSE_IN_PART, IN_GROUP - CLOSED)
        assert alphie.figure(*OPEN, 0)
        losing = alphie.page.get_by_role("listitem").filter(has_text="Siôn Parry").first
        assert self.services(IN_GROUP, IN_GROUP) in losing.inner_text()
        alphie.press("Create [group]")
        assert alphie.heading == alphie.say("[Group] created")

    def selected(self, rows: int) -> str:
        """How many rows are chosen over all pages and searches."""
        words = "%(count)s selected across all searches"
        return self.alphie.words.count(words, words, rows)

    def services(self, services: int, clients: int) -> str:
        """Services of clients, as pages count them."""
        words = self.alphie.words
        of = words.count("%(count)s [client]", "%(count)s [clients]", clients)
        return words.count(*SERVICES, services, services=services, clients=of)

    def alphie_sees_the_group(self) -> None:
        alphie = self.alphie
        alphie.follow("See the [group]")
        assert alphie.heading == GROUP
        assert alphie.words.count("%(count)s [client]", "%(count)s [clients]", IN_GROUP) in alphie.text
        assert alphie.words.count("%(count)s [member]", "%(count)s [members]", 2) in alphie.text

    def alphie_turns_groups_off(self) -> None:
        alphie = self.alphie
        alphie.section("Manage account")
        alphie.press("Turn off [access control]")
        alphie.press("Continue")
        assert alphie.figure(*GAIN, 2)
        assert alphie.figure(*OPEN, IN_GROUP)
        alphie.fill("To turn off [access control], type the name of the firm", ACE)
        alphie.press("Turn off [access control]")
        assert alphie.heading == alphie.say("[Access control is] turned off")

    # --- Siôn

    def sion_asks_for_a_link_and_signs_in(self) -> None:
        """A member who was imported has no password yet: the link comes by e-mail."""
        sion = self.sion
        sion.open("/sign-in")
        sion.choose_language()
        sion.follow("I have no password yet, or have forgotten it")
        sion.fill("E-mail address", SION)
        sion.press("Send the link")
        assert sion.heading == sion.say("Look into your e-mail")
        sion.open(self.instance.wait_for(r"http://\S+/set-password/\S+"))
        self._set_a_password(sion)
        sion.sign_in(SION, NEW_PASSWORD)
        self.sion_sees(CLIENTS)

    def sion_sees(self, total: int) -> None:
        """The exact total of the list."""
        sion = self.sion
        sion.section("[Clients]")
        shown = SOME_CLIENTS if total > PAGE else ALL_CLIENTS
        assert sion.counted == sion.words.count(*shown, total, first=1, last=PAGE)

    def sion_finds(self, text: str, total: int, service: str = "") -> None:
        """A search finds so many of the clients that Siôn sees."""
        self.sion.search(text, service=service)
        assert self.sion.page.locator("tbody tr").count() == total, f"{text} {service}: {self.sion.counted}"
        self.sion.follow("Clear the search")

    def address_of(self, client: str) -> str:
        """Where Siôn opens a client's record."""
        self.sion.search(client)
        address = self.sion.page.get_by_role("link", name=client, exact=True).get_attribute("href")
        assert address is not None
        self.sion.follow("Clear the search")
        return address
