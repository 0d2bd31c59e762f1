"""Every mail is text and HTML from one source: no markup that people wrote, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import override_settings

import ringfence.notices
from ringfence.notices.blocks import Hand, HtmlHand, MailLink, PlainHand
from ringfence.notices.sending import Recipient, _templates, send, written

FOLDER = Path(ringfence.notices.__file__).parent
MAILS = sorted(path.parent.name for path in FOLDER.glob("*/subject.txt"))
LINK = "https://ringfence.example/set-password/abc"
DILYS = Recipient(address="dilys@pike.example", language="en", firm="Pike & Marlow")


def invitation(recipient: Recipient = DILYS, inviter: str = "Owen") -> tuple[str, str]:
    with override_settings(ADDRESS="https://ringfence.example"):
        letter = written(recipient, "invitation", inviter=inviter, link=LINK, days=7)
    return letter.text, letter.html


@pytest.mark.parametrize("name", MAILS)
def test_a_body_is_nothing_but_blocks(name: str) -> None:
    source = (FOLDER / name / "body.txt").read_text()
    between = [text for _, kind, text in _templates().lex(source) if kind == "data"]
    assert "".join(between).strip() == ""


def test_text_and_html_have_the_same_link() -> None:
    text, html = invitation()
    assert f"Set your password:\n{LINK}\n" in text
    assert f'href="{LINK}"' in html
    assert ">Set your password</a>" in html


def test_what_people_write_is_text_in_either_form() -> None:
    text, html = invitation(inviter='<a href="https://evil.example">Owen</a>')
    assert '<a href="https://evil.example">Owen</a> has given you a place at Pike & Marlow' in text
    assert "&lt;a href=&#34;https://evil.example&#34;&gt;Owen&lt;/a&gt; has given" in html
    assert "Pike &amp; Marlow" in html


@pytest.mark.parametrize(
    "block",
    [
        lambda hand: hand.say("<i>&"),
        lambda hand: hand.heading("<i>&"),
        lambda hand: hand.items(["<i>&", MailLink("<i>&", "https://x.example/?a=1&b=<i>")]),
        lambda hand: hand.quote("<i>&\n<i>&"),
        lambda hand: hand.button("<i>&", 'https://x.example/"<i>'),
    ],
)
def test_every_block_escapes_what_it_is_given(block: object) -> None:
    assert "<i>" not in block(HtmlHand())  # type: ignore[operator]
    assert "<i>&" in block(PlainHand())  # type: ignore[operator]


@pytest.mark.parametrize("hand", [PlainHand(), HtmlHand()])
def test_a_list_of_nothing_leaves_nothing(hand: Hand) -> None:
    assert hand.items([]) == ""


def test_the_html_loads_nothing_from_elsewhere() -> None:
    html = invitation()[1]
    assert not re.search(r"<(?:img|link|script|iframe|object)|\bsrc=|url\(|@import", html)
    assert 'name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html


def test_the_html_says_which_language_it_is_in() -> None:
    text, html = invitation(Recipient(address="d@pike.example", language="cy", firm="Pike & Marlow"))
    assert '<html lang="cy">' in html
    assert "Gosod eich cyfrinair:" in text
    assert "Gosod eich cyfrinair</a>" in html


def test_a_name_that_ends_with_a_full_stop_ends_the_sentence_with_it() -> None:
    text, html = invitation(Recipient(address="d@pike.example", language="en", firm="Pike & Co."))
    assert "Sent by Ringfence for Pike & Co.\n" in text
    assert "Pike &amp; Co..<" not in html
    clients = SimpleNamespace(count=1, names=("Fortune 500",), too_many=False)
    values: dict[str, object] = {
        "clients": clients,
        "when": "today",
        "who": "Owen",
        "command": "",
        "manages": True,
        "link": LINK,
    }
    told = written(
        Recipient(address="d@pike.example", language="en", firm="Pike & Co."), "self_access", **values
    ).text
    assert "who has access in Pike & Co.\n" in told


def test_a_mail_that_one_can_do_without_says_where_to_choose() -> None:
    choosing = "https://ringfence.example/firms/1/notices/choose"
    text, html = invitation(Recipient(address="d@pike.example", language="en", choosing=choosing))
    assert choosing in text
    assert f'href="{choosing}"' in html
    assert "Choose what comes" not in invitation()[0]


def test_a_message_has_both_forms_and_one_click_ends_what_can_be_ended() -> None:
    unsubscribe = "https://ringfence.example/unsubscribe/abc"
    send(DILYS, "password_link", link=LINK, days=1)
    ends = Recipient(address="dilys@pike.example", language="en", unsubscribe=unsubscribe)
    send(ends, "password_link", link=LINK, days=1)
    plain, ended = (each.message() for each in mail.outbox)
    assert [part.get_content_type() for part in plain.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert "List-Unsubscribe" not in plain
    assert ended["List-Unsubscribe"] == f"<{unsubscribe}>"
    assert ended["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
