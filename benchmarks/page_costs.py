"""What pages cost the server's processor: a firm of 5,000 clients, asked in this process by Django's client.

`python page_costs.py` reads names of pages from stdin, a line each, and answers with the processor's
milliseconds of one page. It runs on an older source tree too (`bench_pages.py`), so it asks for nothing new.
"""

import gc
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CLIENTS, MEMBERS, GROUPS = 5_000, 100, 60
CHOSEN_MEMBERS = 20
PAGES = ("clients", "client", "create-group-clients", "create-group-members", "create-group-check")
"""By their routes."""
WARM = 3


class Pages:
    """The firm, its administrator at a browser, and a group that is finished but for its last step."""

    def __init__(self) -> None:
        from django.core.management import call_command
        from django.test import Client

        from ringfence.access import OPERATOR, create_firm, execute
        from ringfence.firms.models import Member
        from ringfence.samples import generate

        call_command("migrate", verbosity=0)
        self.firm = create_firm("Bench", "agency", admin_email="owen@bench.example", admin_name="Owen").firm
        for command in generate.commands(clients=CLIENTS, members=MEMBERS, groups=GROUPS):
            execute(self.firm, command, actor=OPERATOR)
        self.client = Client(headers={"Host": "localhost"})
        owen = Member.objects.get(firm=self.firm, number=1).user
        assert owen is not None
        self.client.force_login(owen)
        self._choose()

    def _choose(self) -> None:
        """Two thousand services and twenty members for a new group."""
        from django.urls import NoReverseMatch

        people = [str(number) for number in range(2, 2 + CHOSEN_MEMBERS)]
        try:
            self.address("create-group-name")
        except NoReverseMatch:
            self._send("create-group", name="New", go="continue")
        else:
            self._send("create-group", kind="custom")
            self._send("create-group-name", name="New")
        self._send("create-group-clients", go="all", shown_service="3")
        self._send("create-group-members", go="search", shown=people, tick=people)

    def _send(self, route: str, **form: Any) -> None:
        answer = self.client.post(self.address(route), form)
        assert answer.status_code == 302, (route, answer.status_code)

    def address(self, route: str) -> str:
        from django.urls import reverse

        return reverse(route, args=[self.firm, 7] if route == "client" else [self.firm])

    def cost(self, route: str) -> float:
        """Milliseconds of the processor for the page."""
        address = self.address(route)
        gc.collect()
        gc.disable()
        start = time.process_time()
        answer = self.client.get(address)
        taken = time.process_time() - start
        gc.enable()
        assert answer.status_code == 200, (route, answer.status_code)
        return taken * 1000


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ringfence-pages-") as folder:
        file = Path(folder) / "bench.sqlite3"
        file.touch()
        os.environ |= {"RINGFENCE_DATABASE": f"sqlite:///{file}", "RINGFENCE_DATA": folder}
        os.environ["DJANGO_SETTINGS_MODULE"] = "ringfence.settings"
        import django

        django.setup()
        pages = Pages()
        for route in PAGES:
            for _ in range(WARM):
                pages.cost(route)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            sys.stdout.write(f"{pages.cost(line.strip())}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
