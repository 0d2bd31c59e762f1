"""What every page of the whole suite must be: run by the test client on each answer that it gets.

A failure names the page and what is wrong with it.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import cache, lru_cache
from gzip import compress
from typing import Any

import html5lib
from django.test import Client
from django.urls import Resolver404, resolve

from tests.support.looking import first_of_all, looker
from tests.support.repository import ROOT

NO_LABEL = {"hidden", "submit", "button"}
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
NEXT = re.compile(r'(<input type="hidden" name="next" value=")[^"]*')
NONCE = re.compile(r"'nonce-([^']+)'")
NUMBERS = re.compile(r"[0-9]")
LANGUAGE = re.compile(r'<html[^>]* lang="([a-z]+)"')
ALIKE = {"help-topic"}
"""Pages of one template that differ in their paragraphs alone."""
STATIC = ROOT / "src" / "ringfence" / "web" / "static"
HEAVIEST = 60_000
"""Bytes, compressed, of a page with its style sheet and scripts."""


class PageClient(Client):
    """Django's test client; every page that it is given is checked."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Sign in as though they had just given their password."""
        super().force_login(user, backend)
        session = self.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            faults = page_faults(response) + _seen_faults(response)
            where = f"{request.get('REQUEST_METHOD', 'GET')} {request.get('PATH_INFO')}"
            assert not faults, f"{where}:\n" + "\n".join(faults)
        return response


def _seen_faults(response: Any) -> list[str]:
    """What is wrong with how the page looks, of the first of its kind in its language; empty for all others.

    Kinds are routes, with the words in their addresses. Mistakes look alike on all of them.
    """
    markup = response.content.decode()
    if response.status_code != 200 or response.resolver_match is None or "govuk-error-summary" in markup:
        return []
    route, named = response.resolver_match.url_name, response.resolver_match.kwargs.values()
    words = [each for each in named if isinstance(each, str) and not NUMBERS.search(each)]
    kind = (route, *([] if route in ALIKE else words), *LANGUAGE.findall(markup)[:1])
    return looker().faults(markup) if first_of_all("-".join(kind)) else []


def page_faults(response: Any) -> list[str]:
    """What is wrong with the page; empty where nothing is."""
    policy = response.headers.get("Content-Security-Policy", "")
    # What is refused looks the same at every address but for where the other language leads.
    markup = NEXT.sub(r"\1", TOKEN.sub(r"\1", response.content.decode()))
    if nonce := NONCE.search(policy):
        # As every answer has another one, no page would be the same as one that was looked at already.
        policy, markup = policy.replace(nonce[1], "nonce"), markup.replace(nonce[1], "nonce")
    return _faults(markup, policy)


@lru_cache(maxsize=512)
def _faults(markup: str, policy: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    document: Any = parser.parse(markup)
    faults = [f"invalid HTML at {place}: {code} {values}" for place, code, values in parser.errors]
    faults += _headings(document)
    ids = Counter(each.get("id") for each in document.iter() if each.get("id"))
    faults += [f"the id {each!r} is there {count} times" for each, count in ids.items() if count > 1]
    faults += _labels(document)
    faults += _references(document, set(ids))
    faults += _policy(document, policy)
    faults += _links(document)
    faults += ["a heading of a table is empty" for each in document.iter("th") if not _text(each)]
    faults += _weight(document, markup)
    return faults


def _headings(document: Any) -> list[str]:
    headings = [_text(each) for each in document.iter("h1")]
    if len(headings) != 1:
        return [f"there are {len(headings)} h1 elements: {headings}"]
    title = re.sub(r"^(Error|Gwall): ", "", _text(document.find(".//title")))
    if not title.startswith(headings[0]):
        return [f"the title {title!r} does not begin with the heading {headings[0]!r}"]
    return [] if title.endswith("– Ringfence") else [f"the title {title!r} does not end with Ringfence"]


def _labels(document: Any) -> list[str]:
    labelled = {each.get("for") for each in document.iter("label")}
    faults = []
    for name in ("input", "select", "textarea"):
        for field in document.iter(name):
            if field.get("type") not in NO_LABEL and field.get("id") not in labelled:
                faults.append(f"the {name} {field.get('name')!r} has no label")
    return faults


def _references(document: Any, ids: set[str]) -> list[str]:
    faults = []
    for each in document.iter():
        for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            faults += [
                f"{name} names {wanted!r}, which is not there"
                for wanted in (each.get(name) or "").split()
                if wanted not in ids
            ]
        href = each.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            faults.append(f"a link leads to {href!r}, which is not there")
    return faults


def _policy(document: Any, policy: str) -> list[str]:
    nonce = NONCE.search(policy)
    faults = [] if "default-src 'none'" in policy else ["there is no content security policy"]
    for script in document.iter("script"):
        if nonce is None or script.get("nonce") != nonce.group(1):
            faults.append("a script has not the nonce of the policy")
    faults += ["there is a style attribute" for each in document.iter() if each.get("style")]
    return faults


def _links(document: Any) -> list[str]:
    faults = []
    addresses = [each.get("href") for each in document.iter("a")]
    addresses += [each.get("action") for each in document.iter("form")]
    for address in addresses:
        path = (address or "").partition("?")[0]
        if path.startswith("/") and not _is_there(path):
            faults.append(f"nothing is at {address!r}")
    return faults


@lru_cache(maxsize=4096)
def _is_there(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _weight(document: Any, markup: str) -> list[str]:
    scripts = [each.get("src") for each in document.iter("script") if each.get("src")]
    styles = [each.get("href") for each in document.iter("link") if each.get("rel") == "stylesheet"]
    # The components are imported by a script in the page.
    files = {*scripts, *styles, "/static/vendor/govuk-frontend.min.js"}
    weight = len(compress(markup.encode(), 6)) + sum(_compressed(each.split("?")[0]) for each in files)
    return [f"it weighs {weight} bytes"] if weight > HEAVIEST else []


@cache
def _compressed(address: str) -> int:
    return len(compress((STATIC / address.removeprefix("/static/")).read_bytes(), 6))


def _text(element: Any) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()
