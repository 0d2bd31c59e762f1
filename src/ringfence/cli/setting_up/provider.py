"""`ringfence provider …`: a firm's single sign-on, from the command line."""

from collections.abc import Callable
from typing import IO

import click
from django.conf import settings
from django.urls import reverse

from ringfence.access import OPERATOR
from ringfence.access.providers import (
    ASKED,
    NAMES,
    CheckFailed,
    Protocol,
    Provider,
    ProviderKind,
    StillRequired,
    TooManyProviders,
    add_provider,
    forget_link,
    provider_numbered,
    providers,
    remove_provider,
    settings_from,
    turn_off,
    turn_on,
)
from ringfence.access.providers.asking import keys_of, metadata_of
from ringfence.access.webhooks import UnfitAddress, fitting_address
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.options import address_option, firm_option, json_option, number_argument
from ringfence.cli.show import as_json, line, table
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from ringfence.wording.providers import fault_text

KINDS = click.Choice([each.value for each in ProviderKind])


@click.group()
def provider() -> None:
    """Set up a firm's single sign-on."""


@provider.command("add")
@click.argument("kind", type=KINDS)
@click.argument("where")
@click.option("--client", required=True, metavar="ID", help="Ringfence's client id there.")
@click.option(
    "--secret", type=click.File(), required=True, metavar="FILE", help="A file with its client secret, or -."
)
@click.option("--name", help="What the firm's people call it.")
@firm_option
@address_option
@json_option
def add(
    kind: str,
    where: str,
    client: str,
    secret: IO[str],
    name: str | None,
    firm: str | None,
    address: str,
    json: bool,
) -> None:
    """Add a provider, turned off, and print what is entered there.

    WHERE is the issuer; for entra the tenant's id, for okta and google the domain, for keycloak the address
    of the realm.
    """
    found, chosen = find_firm(firm), ProviderKind(kind)
    try:
        told = settings_from(chosen, where, client)
        fitting_address(told.issuer, settings.SIGN_IN_NETWORKS)
    except (ValueError, UnfitAddress) as unfit:
        raise Fault(
            f"{where!r} is nothing that can be asked: write for example {ASKED[chosen].example}. An address"
            " in a network of your own is allowed by RINGFENCE_SIGN_IN_NETWORKS."
        ) from unfit
    given = secret.read().strip()
    if not given:
        raise Fault("--secret: the file is empty.")
    try:
        made = add_provider(
            found.pk,
            name or NAMES.get(chosen, "Our identity provider"),
            chosen,
            told,
            secret=given,
            actor=OPERATOR,
        )
    except TooManyProviders as enough:
        raise Fault(f"{found.name} has as many providers as a firm may have: remove one first.") from enough
    addresses = _addresses(made, address)
    if json:
        as_json({"firm": found.pk, "number": made.number, **addresses})
        return
    line(f"Provider {made.number} is added, and off. Enter these there, then test it and turn it on:")
    for what, where_to in addresses.items():
        line(f"  {what}: {where_to}")


@provider.command("list")
@firm_option
@address_option
@json_option
def list_(firm: str | None, address: str, json: bool) -> None:
    """List a firm's providers."""
    found = find_firm(firm)
    kept = providers(found.pk)
    if json:
        as_json([{**_plain(each), **_addresses(each, address)} for each in kept])
        return
    table(
        ("#", "Name", "Kind", "Issuer", "State"),
        [(each.number, each.name, each.kind.value, _issuer(each), each.standing.value) for each in kept],
    )


@provider.command("test")
@number_argument
@firm_option
def test(number: int, firm: str | None) -> None:
    """Ask the provider what it says of itself and for its keys, as a sign-in does; signs nobody in."""
    _found, kept = _one(firm, number)
    if kept.protocol is not Protocol.OIDC:
        raise Fault("Only providers that speak OpenID Connect are asked.")
    try:
        told = metadata_of(kept.openid.issuer, settings.SIGN_IN_NETWORKS, anew=True)
        keys = keys_of(told.jwks_uri, settings.SIGN_IN_NETWORKS)
    except CheckFailed as failed:
        raise Fault(fault_text(failed.fault.value, failed.values)) from failed
    line(f"{told.issuer} answers as it should, with {len(keys)} keys.")
    line("Whether people come back from it shows on the page “Single sign-on”, by its test.")


@provider.command("on")
@number_argument
@firm_option
@address_option
def on(number: int, firm: str | None, address: str) -> None:
    """Let people sign in with it."""
    found, kept = _one(firm, number)
    turn_on(found.pk, number, actor=OPERATOR)
    line(f"People of {found.name} sign in with {kept.name} at {_addresses(kept, address)['page']}")


@provider.command("off")
@number_argument
@firm_option
def off(number: int, firm: str | None) -> None:
    """Let nobody sign in with it, and sign out whoever is."""
    found, kept = _one(firm, number)
    _unless_required(lambda: turn_off(found.pk, number, actor=OPERATOR))
    line(f"Nobody signs in with {kept.name} any more.")


@provider.command("remove")
@number_argument
@firm_option
def remove(number: int, firm: str | None) -> None:
    """Forget it, its secret and whom it knew."""
    found, kept = _one(firm, number)
    _unless_required(lambda: remove_provider(found.pk, number, actor=OPERATOR))
    line(f"{kept.name} is removed.")


@provider.command("forget")
@number_argument
@click.argument("member")
@firm_option
def forget(number: int, member: str, firm: str | None) -> None:
    """Forget as whom the provider knows MEMBER, who is linked anew when they next come.

    For who has another account there than the one they first came with.
    """
    found, kept = _one(firm, number)
    who = FirmNames(found).need(Thing.MEMBER, member)
    if not forget_link(found.pk, number, who, actor=OPERATOR):
        raise Fault(f"{member} has not come by {kept.name}.")
    line(f"{kept.name} knows {member} no more.")


def _one(firm: str | None, number: int) -> tuple[Firm, Provider]:
    found = find_firm(firm)
    kept = provider_numbered(found.pk, number)
    if kept is None:
        raise Fault(f"{found.name} has no provider {number}: `ringfence provider list` shows them.")
    return found, kept


def _unless_required(do: Callable[[], object]) -> None:
    try:
        do()
    except StillRequired as required:
        raise Fault(
            "The firm's people sign in with it alone: let them use passwords again first."
        ) from required


def _issuer(kept: Provider) -> str:
    return kept.openid.issuer if kept.protocol is Protocol.OIDC else str(kept.settings.get("entity_id", ""))


def _plain(kept: Provider) -> dict[str, object]:
    return {
        "number": kept.number,
        "name": kept.name,
        "kind": kept.kind.value,
        "protocol": kept.protocol.value,
        "issuer": _issuer(kept),
        "state": kept.standing.value,
    }


def _addresses(kept: Provider, address: str) -> dict[str, str]:
    """What is entered at the provider, and the page for the firm's people."""
    root = address.rstrip("/")
    return {
        "redirect_uri": root + reverse("provider-callback", args=[kept.uid]),
        "post_logout_redirect_uri": root + reverse("account_login"),
        "backchannel_logout_uri": root + reverse("provider-back-channel", args=[kept.uid]),
        "page": root + reverse("provider", args=[kept.uid]),
    }
