"""A mail over a real mail server, read in a browser: its link asks for the sign-in and then leads on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.company import HARBOUR
from tests.browser.office import BETA, NOOR
from tests.browser.people import Person
from tests.cli.processes.test_supervisor import until
from tests.support.mail_server import MailServer, mail_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.office import Office

pytestmark = pytest.mark.database


def settings(server: MailServer) -> dict[str, str]:
    return {
        "RINGFENCE_EMAIL_BACKEND": "",
        "RINGFENCE_MAIL_HOST": "127.0.0.1",
        "RINGFENCE_MAIL_PORT": str(server.port),
        "RINGFENCE_MAIL_TLS": "none",
    }


def test_the_link_of_a_request_leads_to_its_page_after_the_sign_in(office: Office, browser: Browser) -> None:
    with mail_server() as server, office.copy(settings(server)) as served:
        served.run_module("tests.browser.company")
        for command in (
            ("settings.change", "requests=true", "on_activation=leave"),
            ("control.turn_on",),
            ("request.open", "client=AUR-1", "--as", BETA, "--reason", "The year end"),
        ):
            served.run("do", *command, "--firm", HARBOUR)
        until(lambda: any(message["To"] == NOOR for message in server.received))
        message = next(message for message in server.received if message["To"] == NOOR)
        assert message["Subject"] == f"Mads Holm asks for access in {HARBOUR}"
        body = message.get_body(("html",))
        assert body is not None
        html = str(body.get_content())
        found = re.search(r'class="button" href="([^"]+)"', html)
        assert found is not None

        nils = Person(browser, served, width=320, profile="kyc")
        try:
            nils.page.set_content(html)
            assert nils.page.evaluate("document.documentElement.scrollWidth") <= 320
            nils.page.goto(found[1])
            assert "/sign-in" in nils.page.url
            nils.sign_in(NOOR)
            assert nils.page.url == found[1]
            assert "The year end" in nils.text
        finally:
            nils.close()
