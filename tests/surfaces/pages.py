"""A scenario through pages: what each member reads in their browser about the clients and their level.

Over the tables of `tables.py`, whose answers are asked as well. The list of clients says which ones a member
sees, the record of a client at which level each service of it is open. Commands go through the door of
`access`: there are pages for some of them only.
"""

import re
from html import unescape
from unittest.mock import patch

from django.test import Client
from django.urls import reverse

from ringfence.access import clock
from ringfence.core.commands import Command
from ringfence.core.scenario.setup import Book
from ringfence.core.terms import GIVING, Instant, Level, Thing
from ringfence.firms.models import Member, User
from ringfence.web.shell.levels import level_shown
from ringfence.wording.saying import in_words_of
from tests.surfaces.tables import Tables

SERVICE = re.compile(r'id="service-\d+">(.*?)</h3>(.*?)</section>', re.DOTALL)
YOUR_ACCESS = re.compile(r"Your access\s*</dt>\s*<dd[^>]*>\s*(.*?)\s*</dd>", re.DOTALL)
LINE = re.compile(r'<th scope="row".*?href="[^"]*/clients/(\d+)".*?</th>', re.DOTALL)
NO_ACCESS = "No access"


class Pages(Tables):
    """The same firm as its members see it. Nobody reads a page twice while nothing changes."""

    def set_up(self, book: Book, now: Instant) -> None:
        super().set_up(book, now)
        self.browsers: dict[int, Client] = {}
        self.records: dict[tuple[int, int, Instant], dict[str, Level]] = {}
        self.lists: dict[tuple[int, Instant], set[int]] = {}

    def carry_out(self, command: Command, actor: int | None, now: Instant) -> str:
        self.records.clear()
        self.lists.clear()
        return super().carry_out(command, actor, now)

    def level(self, member: int, engagement: int, now: Instant) -> Level:
        level = super().level(member, engagement, now)
        firm = self.now(now)
        client = firm.client_of(engagement)
        service = self.book.name(Thing.SERVICE, firm.service_of(engagement))
        read = self.record(member, client, now).get(service, Level.NONE)
        assert read is level, f"the record of client {client} says {read.word}, the tables {level.word}"
        return read

    def clients(self, member: int, now: Instant) -> set[int]:
        clients = super().clients(member, now)
        read = self.listed(member, now)
        assert read == clients, f"the list shows {read}, the tables {clients}"
        return read

    def record(self, member: int, client: int, now: Instant) -> dict[str, Level]:
        """By service, at which level the client's record says it is open; empty where it does not open."""
        known = self.records.get((member, client, now))
        if known is None:
            page = self.page(member, reverse("client", args=[self.firm, client]), now)
            known = self.records[member, client, now] = self._levels(page, now)
        return known

    def _levels(self, page: str, now: Instant) -> dict[str, Level]:
        with in_words_of(self.now(now).settings):
            told = {level_shown(level, own=own): level for level in GIVING for own in (True, False)}
        found = {}
        for service, card in SERVICE.findall(page):
            access = YOUR_ACCESS.search(card)
            assert access is not None, f"no level stands at {service}"
            found[unescape(service)] = told[unescape(access[1])]
        return found

    def listed(self, member: int, now: Instant) -> set[int]:
        """The clients in the list that are not marked as closed to the member."""
        known = self.lists.get((member, now))
        if known is None:
            page = self.page(member, reverse("clients", args=[self.firm]), now)
            known = self.lists[member, now] = {
                int(line[1]) for line in LINE.finditer(page) if NO_ACCESS not in line[0]
            }
        return known

    def page(self, member: int, address: str, now: Instant) -> str:
        """What the member reads there; nothing where they are refused, or told that there is no such page."""
        with patch.object(clock, "clock", lambda: now):
            response = self._browser(member).get(address)
        assert response.status_code in {200, 403, 404}
        return response.content.decode() if response.status_code == 200 else ""

    def _browser(self, member: int) -> Client:
        if member not in self.browsers:
            client = self.browsers[member] = Client()
            client.force_login(self._user(member))
        return self.browsers[member]

    def _user(self, number: int) -> User:
        """Who sits in the member's place; scenarios give few of them an address to sign in with."""
        row = Member.objects.select_related("user").get(firm=self.firm, number=number)
        if row.user is None:
            row.user = User.objects.create(email=f"member{number}@scenario.example", name=row.name)
            Member.objects.filter(firm=self.firm, number=number).update(user=row.user)
        return row.user
