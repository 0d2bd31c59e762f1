"""An address is taken only where `serve` would answer the links that begin with it."""

from typing import Any

import pytest

from ringfence.cli.addresses import fault_of


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("ringfence.example", "does not begin with https:// or http://"),
        ("ftp://ringfence.example", "does not begin with https:// or http://"),
        ("https://", "does not begin with"),
        ("https://other.example", "RINGFENCE_HOSTS does not name other.example"),
        ("https://ringfence.example/office", "more than scheme, host and port"),
        ("https://ringfence.example:port", "is no address"),
    ],
)
def test_an_address_whose_links_would_not_be_answered_has_a_fault(
    settings: Any, address: str, said: str
) -> None:
    settings.ALLOWED_HOSTS = ["ringfence.example"]
    assert said in fault_of(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://ringfence.example",
        "https://office.ringfence.example:8443/",
        "HTTP://RINGFENCE.example",
        "http://[::1]:8000",
    ],
)
def test_an_address_that_the_hosts_name_has_none(settings: Any, address: str) -> None:
    settings.ALLOWED_HOSTS = [".ringfence.example", "[::1]"]
    assert fault_of(address) == ""
