"""The demonstration's mails: written to a folder and shown to anybody there, and nowhere else at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from ringfence.notices.mail_folder import folder_mail, forget_mails, mail_names
from ringfence.notices.sending import Recipient, send
from tests.web.checks import PageClient
from tests.web.reading import link, rows, text

pytestmark = pytest.mark.django_db
DILYS = Recipient(address="dilys@pike.example", language="en")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """The folder of a demonstration."""
    with override_settings(
        DEMO_MAILS=str(tmp_path / "mails"),
        EMAIL_BACKEND="ringfence.notices.mail_folder.EmailBackend",
        ADDRESS="https://ringfence.example",
    ):
        yield tmp_path / "mails"


def send_one(days: int = 1) -> None:
    send(DILYS, "password_link", link="https://ringfence.example/set-password/abc", days=days)


def test_each_mail_is_a_file_of_its_own(folder: Path) -> None:
    send_one(1)
    send_one(2)
    newest, oldest = map(folder_mail, mail_names())
    assert newest is not None
    assert oldest is not None
    assert "within 2 days" in newest.text
    assert "within 1 day" in oldest.html
    assert len(list(folder.iterdir())) == 2


def test_anybody_reads_them_there_as_text_and_as_html(folder: Path) -> None:
    send_one()
    visitor = PageClient()
    listed = visitor.get(reverse("demo-mails"))
    assert str(folder) in text(listed)
    ((subject, to, _when),) = rows(listed)
    assert (subject, to) == ("Set your password for Ringfence", "dilys@pike.example")
    one = visitor.get(link(listed, subject))
    assert "Set your password:https://ringfence.example/set-password/abc" in text(one)
    # A mail, not one of our pages: styles stand within it.
    html = Client().get(link(one, "See it as HTML"))
    assert b'href="https://ringfence.example/set-password/abc"' in html.content
    assert "default-src 'none'" in html["Content-Security-Policy"]
    assert link(visitor.get(reverse("account_login")), "Mails of the demonstration") == reverse("demo-mails")


@pytest.mark.parametrize("route", ["demo-mails", "demo-mail", "demo-mail-html"])
def test_elsewhere_there_is_no_such_page(route: str, folder: Path) -> None:
    send_one()
    arguments = () if route == "demo-mails" else (mail_names()[0],)
    with override_settings(DEMO_MAILS=""):
        assert PageClient().get(reverse(route, args=arguments)).status_code == 404


def test_starting_over_forgets_them(folder: Path) -> None:
    send_one()
    forget_mails()
    assert mail_names() == []
    assert "There is none yet." in text(PageClient().get(reverse("demo-mails")))


def test_what_is_no_mail_of_the_folder_is_not_there(folder: Path) -> None:
    (folder.parent / "secret.eml").write_text("x")
    assert folder_mail("../secret") is None
    assert PageClient().get(reverse("demo-mail", args=["secret"])).status_code == 404
