"""npm's samlify in the role of an identity provider, as a child process on loopback.

The program is tests/peers/saml.mjs. One serves a module. Not here: what Ringfence does with its answers.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.support.identity_provider import NODE, PEERS, PeerMissing


class Sent(NamedTuple):
    """What a browser is to post: where, and what."""

    address: str
    answer: str


class SamlProvider:
    """One that runs."""

    def __init__(self, root: str) -> None:
        self.root = root

    @property
    def metadata(self) -> str:
        """What it says of itself."""
        return httpx.get(f"{self.root}/metadata").raise_for_status().text

    def change(self, **asked: Any) -> None:
        """`receiver=` our metadata; `spoil={…}` as the program says."""
        httpx.post(f"{self.root}/control", json=asked).raise_for_status()

    def sign_in(self, address: str, sub: str) -> Sent:
        """Go to the address (Ringfence's way to the provider), sign in as `sub`: what it sends back by."""
        page = httpx.get(address, params={**httpx.URL(address).params, "sub": sub}, timeout=30)
        assert page.status_code == httpx.codes.OK, page.text
        found = re.search(r'action="([^"]*)".*?value="([^"]*)"', page.text, re.DOTALL)
        assert found is not None
        return Sent(found[1], found[2])


@contextmanager
def saml_provider(people: Sequence[dict[str, str]]) -> Iterator[SamlProvider]:
    """The provider, until the block ends. Each of `people` has `sub`, `email` and `name`."""
    if not (PEERS / "node_modules" / "samlify").is_dir() or not NODE.exists():
        raise PeerMissing("samlify is not installed: run `make .venv/.peers-of-tests`")
    (key, cert), (other_key, other_cert) = _key_pair(), _key_pair()
    told = {"people": list(people), "key": key, "cert": cert, "otherKey": other_key, "otherCert": other_cert}
    with TemporaryDirectory(prefix="ringfence-saml-") as folder:
        file = Path(folder) / "settings.json"
        file.write_text(json.dumps(told))
        process = subprocess.Popen(
            [str(NODE), str(PEERS / "saml.mjs"), str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            first = process.stdout.readline()
            assert first.startswith('{"root":'), f"the provider said: {first!r}"
            yield SamlProvider(json.loads(first)["root"])
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _key_pair() -> tuple[str, str]:
    """A private key and its certificate, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Provider of the tests")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), cert.public_bytes(serialization.Encoding.PEM).decode()
