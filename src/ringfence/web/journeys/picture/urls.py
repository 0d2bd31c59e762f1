"""Addresses of pictures: each has a page, lists of what its boxes gather, and a file."""

from django.urls import URLPattern, path

from ringfence.web.shell.capability import Capability

from . import pages

FIRM = "firms/<number:firm>"
PLACES = (
    (f"{FIRM}/manage/picture", "firm-picture", pages.of_firm, Capability.READ_CONTROL),
    (
        f"{FIRM}/manage/team-members/<number:member>/picture",
        "member-picture",
        pages.of_member,
        Capability.READ_CONTROL,
    ),
    (f"{FIRM}/clients/<number:number>/picture", "client-picture", pages.of_client, Capability.MEMBER),
    (f"{FIRM}/your-account/picture", "your-picture", pages.of_oneself, Capability.MEMBER),
)


def _paths() -> list[URLPattern]:
    found = []
    for address, name, make, capability in PLACES:
        page, box, file = pages.views(make, capability)
        found.append(path(address, page, name=name))
        found.append(path(f"{address}/boxes/<slug:box>", box, name=f"{name}-box"))
        found.append(path(f"{address}.svg", file, name=f"{name}-file"))
    return found


urlpatterns: list[URLPattern] = _paths()
