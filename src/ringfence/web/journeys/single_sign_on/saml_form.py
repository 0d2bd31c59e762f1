"""Adding a provider that speaks SAML, and reading its metadata anew: pasted, or from its address."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.providers import (
    MOST_PROVIDERS,
    CheckFailed,
    Protocol,
    ProviderKind,
    SignInCheck,
    StillRequired,
    TooManyProviders,
    add_provider,
    change_provider,
)
from ringfence.access.providers.asking import asked, waiting_for
from ringfence.access.providers.saml import SamlSettings, UnfitMetadata, installed, read_metadata
from ringfence.core.refusals import Refused
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.providers import REQUIRED, fault_text
from ringfence.wording.saying import gettext as _

from .finding import found


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlPage(Page):
    installed: bool
    name: str
    """Empty where only its metadata are read anew."""
    name_error: str
    metadata: str
    metadata_error: str
    new: bool


@in_lane(Lane.PROVIDERS, "POST")
@needs(Capability.MANAGE, READS_AND_SENDS)
def add(visit: Visit) -> HttpResponse:
    """A new one, from its metadata."""
    post = visit.request.POST
    name, given = post.get("name", ""), post.get("metadata", "")
    if visit.request.method != "POST" or not installed():
        return _page(visit, name, given, {}, new=True)
    errors, read = {}, None
    try:
        read = _read(given)
    except CheckFailed as failed:
        errors["metadata"] = fault_text(failed.fault.value, failed.values)
    except UnfitMetadata:
        errors["metadata"] = _unfit()
    if read is not None:
        kept = msgspec.to_builtins(read)
        try:
            made = add_provider(
                visit.firm.pk, name, ProviderKind.OTHER, kept, actor=visit.actor, protocol=Protocol.SAML
            )
        except Refused as refused:
            errors["name"] = problem_sentence(refused)
        except TooManyProviders:
            told = _("A firm has at most %(count)s providers: remove one first") % {"count": MOST_PROVIDERS}
            errors["name"] = told
        else:
            told = _("The provider is added. Enter these addresses there, then test it.")
            messages.success(visit.request, told)
            return redirect("provider-settings", firm=visit.firm.pk, provider=made.number)
    return _page(visit, name, given, errors, new=True)


@in_lane(Lane.PROVIDERS, "POST")
@needs(Capability.MANAGE, READS_AND_SENDS)
def change(visit: Visit, provider: int) -> HttpResponse:
    """Its metadata anew, as when it signs with another certificate."""
    kept = found(visit, provider)
    if kept.protocol is not Protocol.SAML:
        raise Http404
    given, errors = visit.request.POST.get("metadata", ""), {}
    if visit.request.method == "POST" and installed():
        try:
            read = msgspec.to_builtins(_read(given))
            change_provider(visit.firm.pk, provider, actor=visit.actor, settings=read)
        except CheckFailed as failed:
            errors["metadata"] = fault_text(failed.fault.value, failed.values)
        except UnfitMetadata:
            errors["metadata"] = _unfit()
        except StillRequired:
            errors["metadata"] = str(REQUIRED)
        else:
            messages.success(visit.request, _("The provider is changed."))
            return redirect("provider-settings", firm=visit.firm.pk, provider=provider)
    return _page(visit, kept.name, given, errors, new=False, provider=provider)


def _read(given: str) -> SamlSettings:
    """From what was pasted, or from the address that was; raises `CheckFailed`, `UnfitMetadata`."""
    address = given.strip()
    if not address.startswith(("https://", "http://")):
        return read_metadata(given)
    with waiting_for(address):
        accepted = {"Accept": "application/samlmetadata+xml, application/xml, text/xml"}
        answer = asked("GET", address, accepted, None, settings.SIGN_IN_NETWORKS, SignInCheck.METADATA)
    return msgspec.structs.replace(read_metadata(answer.body), metadata_url=address)


def _unfit() -> str:
    return _(
        "Enter the provider’s metadata, or their address: with its name, where people sign in by a redirect,"
        " and the certificate with which it signs"
    )


def _page(
    visit: Visit, name: str, given: str, errors: dict[str, str], *, new: bool, provider: int = 0
) -> HttpResponse:
    firm = visit.firm.pk
    page = SamlPage(
        frame=frame_for(visit, "manage"),
        title=_("Add a SAML provider") if new else _("Read the metadata anew"),
        back=reverse("providers", args=[firm])
        if new
        else reverse("provider-settings", args=[firm, provider]),
        errors=tuple(ErrorLine(text=text, href=f"#{field}") for field, text in errors.items()),
        installed=installed(),
        name=showable(name),
        name_error=errors.get("name", ""),
        metadata=showable(given),
        metadata_error=errors.get("metadata", ""),
        new=new,
    )
    return show(visit.request, "single_sign_on/saml.html", page)
