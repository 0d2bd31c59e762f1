"""The steps of the first ring-fence, each with what must be on the page before the next one can be taken."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.office import ALPHIE, BETA, BETH, CLIENTS, ENGAGEMENTS, FARMS, SION
from tests.browser.people import Person
from tests.browser.serving import Instance

GROUP = "Large corporates"
NEW_PASSWORD = "seven quiet lanterns"
LEFT_OUT = "Bramble Farm 60"
IN_GROUP = FARMS - 1 + 1
"""VAT of every farm but the one left out, and of Fortune 500."""
CLOSED = FARMS // 2
"""Farms that have nothing but VAT: those with odd numbers, all of them in the group."""
SELECTED = ("%(count)s selected in all", "%(count)s selected in all")
SERVICES_SHOWN = (
    "Showing %(first)s to %(last)s of %(total)s service to a client",
    "Showing %(first)s to %(last)s of %(total)s services to clients",
)
SOME_CLIENTS = (
    "Showing %(first)s to %(last)s of %(total)s client",
    "Showing %(first)s to %(last)s of %(total)s clients",
)
ALL_CLIENTS = ("Showing %(total)s client", "Showing all %(total)s clients")
PAGE = 50


@dataclass
class Journey:
    """The two of them, and the firm they are in."""

    instance: Instance
    alphie: Person
    beta: Person

    # --- Alphie

    def alphie_sets_a_password(self, link: str) -> None:
        alphie = self.alphie
        alphie.open(link)
        if alphie.words.language == "cy":
            alphie.page.get_by_role("button", name="Cymraeg").click()
        assert alphie.heading == alphie.say("Set your password")
        alphie.fill("New password", NEW_PASSWORD)
        alphie.fill("The same password again", NEW_PASSWORD)
        alphie.press("Set password")
        assert alphie.heading == alphie.say("Sign in")
        alphie.sign_in(ALPHIE, NEW_PASSWORD)
        assert alphie.heading == alphie.say("Clients")

    def alphie_turns_groups_on(self) -> None:
        alphie = self.alphie
        alphie.section("Manage account")
        alphie.press("Turn on access groups")
        alphie.press("Continue")
        assert alphie.say("Nobody’s access changes by this.") in alphie.text
        alphie.choose("Yes")
        alphie.press("Continue")
        assert alphie.heading == alphie.say("Access groups are turned on")

    def alphie_names_a_group(self) -> None:
        alphie = self.alphie
        alphie.follow("Create an access group")
        assert alphie.say("Create access group: step %(step)s of %(steps)s", step=1, steps=4) in alphie.text
        alphie.fill("Name of the access group", GROUP)
        alphie.press("Continue")

    def alphie_chooses_clients(self) -> None:
        """Ticks are kept from search to search and from page to page."""
        alphie, words = self.alphie, self.alphie.words
        assert alphie.heading == alphie.say("Which clients are in %(name)s?", name=GROUP)
        assert alphie.counted == words.count(*SERVICES_SHOWN, ENGAGEMENTS, first=1, last=PAGE)
        alphie.search("fortune")
        alphie.row("Fortune 500", "GB431661987").get_by_role("checkbox").check()
        alphie.search("bramble", service="VAT")
        assert alphie.selected == words.count(*SELECTED, 1)
        every = words.count("Select the %(count)s that matches", "Select all %(count)s that match", FARMS)
        alphie.page.get_by_role("button", name=every).click()
        assert alphie.selected == words.count(*SELECTED, FARMS + 1)
        alphie.turn_to(2)
        alphie.row(LEFT_OUT).get_by_role("checkbox").uncheck()
        alphie.turn_to(1)
        assert alphie.row("Bramble Farm 01").get_by_role("checkbox").is_checked()
        alphie.press("Clear the search")
        assert alphie.selected == words.count(*SELECTED, IN_GROUP)
        alphie.press("Continue")

    def alphie_chooses_members(self) -> None:
        alphie = self.alphie
        assert alphie.heading == alphie.say("Which team members are in %(name)s?", name=GROUP)
        for search, email in (("sion", SION), ("beth.conners@", BETH)):
            alphie.search(search, label="Name or e-mail address")
            alphie.row(email).get_by_role("checkbox").check()
        alphie.press("Continue")

    def alphie_checks_and_creates(self) -> None:
        """The preview is exact: two are outside the group, and each loses what is only VAT."""
        alphie = self.alphie
        assert alphie.heading == alphie.say("Check the access group")
        assert alphie.figure("team members gain access") == 0
        assert alphie.figure("team members lose access") == 2
        assert alphie.figure("team members whose access changes on clients that they keep") == 2
        assert alphie.figure("clients become closed") == IN_GROUP
        assert alphie.figure("clients become open to everybody") == 0
        losing = alphie.page.get_by_role("listitem").filter(has_text="Beta Sobeck").first
        assert alphie.words.count("%(count)s client", "%(count)s clients", CLOSED) in losing.inner_text()
        alphie.press("Create access group")
        assert alphie.heading == alphie.say("Access group created")

    def alphie_sees_the_group(self) -> None:
        alphie = self.alphie
        alphie.follow("See the access group")
        assert alphie.heading == GROUP
        assert alphie.words.count("%(num)s client", "%(num)s clients", IN_GROUP) in alphie.text
        assert alphie.words.count("%(num)s team member", "%(num)s team members", 2) in alphie.text

    def alphie_turns_groups_off(self) -> None:
        alphie = self.alphie
        alphie.section("Manage account")
        alphie.press("Turn off access groups")
        alphie.press("Continue")
        assert alphie.figure("team members gain access") == 2
        assert alphie.figure("clients become open to everybody") == IN_GROUP
        alphie.choose("Yes")
        alphie.press("Continue")
        assert alphie.heading == alphie.say("Access groups are turned off")

    # --- Beta

    def beta_signs_in(self) -> None:
        self.beta.sign_in(BETA)
        self.beta_sees(CLIENTS)

    def beta_sees(self, total: int) -> None:
        """The exact total of the list."""
        beta = self.beta
        beta.section("Clients")
        shown = SOME_CLIENTS if total > PAGE else ALL_CLIENTS
        assert beta.counted == beta.words.count(*shown, total, first=1, last=PAGE)

    def beta_finds(self, text: str, total: int, service: str = "") -> None:
        """A search finds so many of the clients that Beta sees."""
        self.beta.search(text, service=service)
        assert self.beta.page.locator("tbody tr").count() == total, f"{text} {service}: {self.beta.counted}"
        self.beta.follow("Clear the search")

    def address_of(self, client: str) -> str:
        """Where Beta opens a client's record."""
        self.beta.search(client)
        address = self.beta.page.get_by_role("link", name=client, exact=True).get_attribute("href")
        assert address is not None
        self.beta.follow("Clear the search")
        return address
