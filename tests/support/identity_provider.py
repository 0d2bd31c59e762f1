"""npm's oidc-provider, a certified identity provider, as a child process on loopback.

The program is tests/peers/identity.mjs. One serves a module; whoever changes something of it (`change`)
changes it back. `make test` installs it; where it is missing the error says how. Not here: what Ringfence
does with its answers.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

import httpx

PEERS = Path(__file__).parents[1] / "peers"
NODE = Path(sys.executable).with_name("node")


class PeerMissing(RuntimeError):
    """The program is not installed; the message says how to."""


class IdentityProvider:
    """One that runs. `people` are its accounts as claims, `sub` among them."""

    def __init__(self, issuer: str, people: list[dict[str, Any]]) -> None:
        self.issuer = issuer
        self.people = people

    def change(self, **asked: Any) -> None:
        """As `control` of the program says: `spoil={…}`, `rotate=True`, `people=[…]`."""
        httpx.post(f"{self.issuer}/control", json=asked).raise_for_status()

    def browser(self) -> "Browser":
        """A browser of somebody who is not signed in at the provider."""
        return Browser(self)


class Browser:
    """What a person's browser does at the provider, as far as it is HTTP. Its cookies last while it does."""

    def __init__(self, provider: IdentityProvider) -> None:
        self._cookies = httpx.Cookies()
        self._issuer = provider.issuer
        self.pages: list[str] = []
        """The bodies of the provider's pages that were seen, the last one last."""

    def sign_in(self, address: str, sub: str) -> str:
        """Go to the address (Ringfence's way to the provider), sign in as `sub`, and come back.

        The address at which the provider sends the browser back to Ringfence.
        """
        return self._walk(address, {"sub": sub})

    def cancel(self, address: str) -> str:
        """The same, but leave the sign-in."""
        return self._walk(address, {"cancel": "1"})

    def sign_out(self, address: str) -> str:
        """Go to the provider's page of signing out and say yes; where it sends the browser then."""
        return self._walk(address, {"logout": "yes"})

    def _walk(self, address: str, answers: dict[str, str]) -> str:
        with httpx.Client(timeout=30, cookies=self._cookies) as http:
            try:
                return self._walked(http, address, answers)
            finally:
                self._cookies = http.cookies

    def _walked(self, http: httpx.Client, address: str, answers: dict[str, str]) -> str:
        answer = http.get(address)
        for _ in range(20):
            if answer.is_redirect:
                target = urljoin(str(answer.url), answer.headers["Location"])
                if not target.startswith(f"{self._issuer}/"):
                    return target
                answer = http.get(target)
                continue
            self.pages.append(answer.text)
            form = _Form(answer.text)
            if form.action is None:
                return str(answer.url)
            sent = {**form.hidden, **answers}
            answer = http.post(urljoin(str(answer.url), form.action), data=sent)
        raise AssertionError("the provider sends the browser around in circles")


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.hidden: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = found.get("action") or ""
        if tag == "input" and found.get("type") == "hidden" and found.get("name"):
            self.hidden[str(found["name"])] = found.get("value") or ""


def client(
    client_id: str,
    root: str,
    *,
    back: str,
    signed_out: str = "/",
    logout: str = "",
    secret: str = "very-secret",
) -> dict[str, Any]:
    """A client as the provider's settings have it; `back`, `signed_out` and `logout` are paths at `root`."""
    found: dict[str, Any] = {
        "client_id": client_id,
        "client_secret": secret,
        "client_name": "Ringfence",
        "redirect_uris": [root + back],
        "post_logout_redirect_uris": [root + signed_out],
    }
    if logout:
        found |= {"backchannel_logout_uri": root + logout, "backchannel_logout_session_required": True}
    return found


@contextmanager
def identity_provider(
    clients: Sequence[dict[str, Any]], people: Sequence[dict[str, Any]], **settings: Any
) -> Iterator[IdentityProvider]:
    """The provider, until the block ends. Each of `people` is a dictionary of claims with their `sub`."""
    if not (PEERS / "node_modules" / "oidc-provider").is_dir() or not NODE.exists():
        raise PeerMissing("oidc-provider is not installed: run `make .venv/.peers-of-tests`")
    with TemporaryDirectory(prefix="ringfence-identity-") as folder:
        file = Path(folder) / "settings.json"
        told = {"clients": list(clients), "people": list(people), "controls": True, **settings}
        file.write_text(json.dumps(told))
        process = subprocess.Popen(
            [str(NODE), str(PEERS / "identity.mjs"), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert re.match(r'\{"issuer":', first), f"the provider said: {first!r}"
            yield IdentityProvider(json.loads(first)["issuer"], list(people))
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
