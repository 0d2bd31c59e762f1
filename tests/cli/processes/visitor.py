"""Somebody at the pages of a real server, over plain HTTP: keeps cookies, sends forms with their token."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from typing import NamedTuple

SECONDS = 60
PASSWORD = "three green otters"


class Answer(NamedTuple):
    """What came back in the end, after redirects."""

    status: int
    text: str
    path: str


class Visitor:
    """One browser without scripts at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask(urllib.request.Request(self.address + path))

    def post(self, path: str, **fields: str) -> Answer:
        """Send the form of the page at `path`, with its token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path).text)
        assert token is not None, f"no form at {path}"
        return self.send(path, csrfmiddlewaretoken=token[1], **fields)

    def send(self, path: str, **fields: str) -> Answer:
        """Send these fields alone."""
        body = urllib.parse.urlencode(fields).encode()
        return self._ask(urllib.request.Request(self.address + path, body, {"Referer": self.address + path}))

    def sign_in(self, email: str, then: str = "/") -> Answer:
        """Sign in with the password that everybody here has, and go to the page `then`."""
        return self.post("/sign-in", login=email, password=PASSWORD, next=then)

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                path = urllib.parse.urlsplit(answer.url).path
                return Answer(answer.status, answer.read().decode(), path)
        except urllib.error.HTTPError as answer:
            with answer:
                return Answer(answer.code, answer.read().decode(), urllib.parse.urlsplit(answer.url).path)
