"""The frame of every page: its title, whose it is, where one can go, and what it does without scripts."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.test import RequestFactory
from jinja2 import Environment
from markupsafe import Markup

import ringfence.web
from ringfence.web.browse.listing import Listing, ListPage
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm
from ringfence.web.shell.page import ErrorLine, Frame, Link, Page
from ringfence.wording.catalogue import in_language

pytestmark = pytest.mark.usefixtures("addresses")

TOKEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="t">')
FRAME = Frame(
    home="/pike/",
    firm_name="Pike & Marlow",
    member_name="Jo Marsh",
    account="/pike/you/",
    sign_out="/sign-out/",
    navigation=(Link(text="Clients", href="/pike/clients/", current=True), Link(text="Groups", href="/g/")),
    footer=(Link(text="Accessibility", href="/accessibility/"),),
)
PAGE = Page(frame=FRAME, title="Clients")
SEARCH = SearchForm(text="", text_error="", service=0, services=(), action="/pike/clients/", label="Name")


@pytest.fixture
def request_() -> HttpRequest:
    request = RequestFactory().get("/pike/clients/?page=2")
    request.csp_nonce = "n0nce"  # type: ignore[attr-defined]  # set by django-csp
    return request


def _show(pages: Environment, page: Page, request: HttpRequest) -> Any:
    markup = pages.get_template("layout.html").render(page=page, request=request, csrf_input=TOKEN)
    return html5lib.parse(markup, namespaceHTMLElements=False)


def _title(document: Any) -> str:
    return str(document.findtext(".//title"))


def test_the_title_names_the_page_the_firm_and_the_product(pages: Environment, request_: HttpRequest) -> None:
    assert _title(_show(pages, PAGE, request_)) == "Clients – Pike & Marlow – Ringfence"


def test_every_component_that_needs_a_script_is_started(pages: Environment, request_: HttpRequest) -> None:
    started = pages.get_template("layout.html").render(page=PAGE, request=request_, csrf_input=TOKEN)
    folder = Path(ringfence.web.__file__).parent / "templates"
    sources = [each.read_text("utf-8") for each in folder.rglob("*.html")]
    modules = {
        each for source in sources for each in re.findall(r"""data-module\W+govuk-([a-z-]+)""", source)
    }
    # Radio buttons are the style sheet's.
    for module in modules - {"radios"}:
        name = module.title().replace("-", "")
        assert re.search(rf"import {{[^}}]*\b{name}\b", started), name
        assert re.search(rf"of \[[^]]*\b{name}\b", started), name
    assert len(modules) > 5


def test_the_title_says_first_that_something_is_wrong(pages: Environment, request_: HttpRequest) -> None:
    page = dataclasses.replace(PAGE, errors=(ErrorLine(text="Enter a name", href="#name"),))
    assert _title(_show(pages, page, request_)).startswith("Error: Clients")


def test_the_title_says_which_page_of_a_list_it_is(pages: Environment, request_: HttpRequest) -> None:
    paging = Paging(total=450, number=2, query={})
    listing: Listing[str] = Listing(search=SEARCH, paging=paging, heading="", lines=())
    page = ListPage(frame=PAGE.frame, title=PAGE.title, listing=listing)
    assert _title(_show(pages, page, request_)) == "Clients (page 2 of 9) – Pike & Marlow – Ringfence"


def test_the_page_says_which_language_it_is_in(pages: Environment, request_: HttpRequest) -> None:
    with in_language("cy"):
        assert _show(pages, PAGE, request_).get("lang") == "cy"


def test_the_first_link_leads_to_the_content(pages: Environment, request_: HttpRequest) -> None:
    document = _show(pages, PAGE, request_)
    href = document.find(".//a").get("href")
    assert document.find(f".//main[@id='{href.removeprefix('#')}']") is not None


def test_the_member_is_named_and_can_sign_out_by_a_form(pages: Environment, request_: HttpRequest) -> None:
    document = _show(pages, PAGE, request_)
    assert document.findtext(".//a[@href='/pike/you/']") == "Jo Marsh"
    form = document.find(".//form[@action='/sign-out/']")
    assert form.get("method") == "post"
    assert form.find("input[@name='csrfmiddlewaretoken']") is not None


def test_a_page_signed_out_offers_no_way_to_sign_out(pages: Environment, request_: HttpRequest) -> None:
    document = _show(pages, Page(frame=Frame(), title="Sign in"), request_)
    assert [form.get("action") for form in document.iterfind(".//form")] == ["/language"]


def test_the_navigation_marks_the_present_page(pages: Environment, request_: HttpRequest) -> None:
    document = _show(pages, PAGE, request_)
    current = document.findall(".//*[@aria-current='page']")
    assert ["".join(link.itertext()) for link in current] == ["Clients"]


@pytest.mark.parametrize(("language", "other"), [("en", "cy"), ("cy", "en")])
def test_the_other_language_is_one_button_away(
    pages: Environment, request_: HttpRequest, language: str, other: str
) -> None:
    with in_language(language):
        form = _show(pages, PAGE, request_).find(".//form[@action='/language']")
    offered = form.findall(".//button[@name='language']")
    assert [(button.get("value"), button.get("lang")) for button in offered] == [(other, other)]


def test_the_language_switch_comes_back_to_the_same_page(pages: Environment, request_: HttpRequest) -> None:
    document = _show(pages, PAGE, request_)
    assert document.find(".//input[@name='next']").get("value") == "/pike/clients/?page=2"


def test_a_page_can_say_where_the_language_switch_comes_back_to(
    pages: Environment, request_: HttpRequest
) -> None:
    document = _show(pages, dataclasses.replace(PAGE, next="/pike/"), request_)
    assert document.find(".//input[@name='next']").get("value") == "/pike/"


def test_a_back_link_stands_only_where_the_page_gives_one(pages: Environment, request_: HttpRequest) -> None:
    assert _show(pages, PAGE, request_).find(".//a[@class='govuk-back-link']") is None
    document = _show(pages, dataclasses.replace(PAGE, back="/pike/"), request_)
    assert document.find(".//a[@class='govuk-back-link']").get("href") == "/pike/"


def test_the_error_summary_leads_to_the_fields(pages: Environment, request_: HttpRequest) -> None:
    page = dataclasses.replace(PAGE, errors=(ErrorLine(text="Enter a name", href="#name"),))
    assert _show(pages, page, request_).findtext(".//main//a[@href='#name']") == "Enter a name"


def test_what_was_done_is_told_on_the_next_page(pages: Environment, request_: HttpRequest) -> None:
    request_._messages = [Message(constants.SUCCESS, "<VAT> group created")]  # type: ignore[attr-defined]
    document = _show(pages, PAGE, request_)
    assert document.findtext(".//*[@role='alert']//p") == "<VAT> group created"


def test_what_was_done_is_told_once_however_often_it_was_left(
    pages: Environment, request_: HttpRequest
) -> None:
    request_._messages = [Message(constants.INFO, "Nothing would change") for _time in range(2)]  # type: ignore[attr-defined]
    document = _show(pages, PAGE, request_)
    assert [each.text for each in document.findall(".//main//*[@role='region']//p")] == [
        "Nothing would change"
    ]


def test_every_script_written_into_the_page_carries_the_nonce(
    pages: Environment, request_: HttpRequest
) -> None:
    scripts = _show(pages, PAGE, request_).findall(".//script")
    assert {script.get("nonce") for script in scripts} == {"n0nce"}


def test_the_page_carries_no_style_of_its_own(pages: Environment, request_: HttpRequest) -> None:
    document = _show(pages, PAGE, request_)
    assert document.find(".//style") is None
    assert document.find(".//*[@style]") is None


@pytest.mark.parametrize("code", ["403", "404", "500", "503"])
def test_an_error_page_needs_neither_a_page_nor_a_request(pages: Environment, code: str) -> None:
    document = html5lib.parse(pages.get_template(f"errors/{code}.html").render(), namespaceHTMLElements=False)
    assert document.findtext(".//title") == f"{document.findtext('.//h1')} – Ringfence"


@pytest.mark.parametrize("code", ["403", "404", "500", "503"])
def test_an_error_page_offers_both_languages_where_there_is_a_request(
    pages: Environment, request_: HttpRequest, code: str
) -> None:
    markup = pages.get_template(f"errors/{code}.html").render(request=request_, csrf_input=TOKEN)
    assert html5lib.parse(markup, namespaceHTMLElements=False).find(".//button[@value='cy']") is not None
