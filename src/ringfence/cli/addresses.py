"""The address at which people reach Ringfence, for links that are printed: what is wrong with one."""

from urllib.parse import urlsplit

DEFAULT = "http://127.0.0.1:8000"


def fault_of(address: str) -> str:
    """What is wrong with the address and what to do; empty where links with it will be answered.

    `serve` answers no request for a host that RINGFENCE_HOSTS does not name, so no such link is printed.
    """
    from django.conf import settings
    from django.http.request import validate_host

    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return f"{address!r} is no address: write it like https://ringfence.example."
    if parts.scheme not in {"http", "https"} or not host:
        return (
            f"{address!r} does not begin with https:// or http://: write it like https://ringfence.example."
        )
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        return f"{address!r} holds more than scheme, host and port: write it like https://ringfence.example."
    shown = f"[{host}]" if ":" in host else host
    if not validate_host(shown, settings.ALLOWED_HOSTS):
        return f"RINGFENCE_HOSTS does not name {shown}, so its pages are refused: name it there."
    return ""
