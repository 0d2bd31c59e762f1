"""How the firm's people sign in: what is asked of them, providers, domains, the directory. No secret is told.

Who comes in as whom is set on pages alone; what software may change is in `sign_in_writes.py` (decision 103).
"""

from __future__ import annotations

from typing import Annotated

from django.http import Http404
from ninja import Router
from pydantic import BaseModel, Field

from ringfence.access.directories import directory_of
from ringfence.access.domains import KeptDomain, domain_numbered, domains_of
from ringfence.access.providers import Protocol, Provider, ProviderKind, provider_numbered, providers
from ringfence.access.providers.saml import settings_of
from ringfence.access.sign_in_only import keeps_password
from ringfence.access.sign_in_policy import policy_of
from ringfence.api.caller import Caller
from ringfence.api.names import Ref, member_refs
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.routes import number_in_path, read
from ringfence.core.terms import Capability, Role
from ringfence.firms.models import Firm, Member
from ringfence.wording.directories import status_text, why_text

ROUTER = Router()
TIME = "microseconds since 1970-01-01T00:00:00Z"


class SecondStepAnswer(BaseModel):
    """A role of which a second step is asked."""

    role: Role
    since: Annotated[int, Field(description=f"Since when: {TIME}.")]


class SignInAnswer(BaseModel):
    """What the firm asks of who signs in."""

    second_step: list[SecondStepAnswer]
    grace_days: Annotated[int, Field(description="For how many days those who have none go on without.")]
    session_hours: Annotated[
        int, Field(description="For how long a session lasts at most; 0: as the operator lets it.")
    ]
    networks: Annotated[
        list[str],
        Field(description="From where administrators and principals sign in; none for anywhere."),
    ]
    only_provider: Annotated[Ref | None, Field(description="By which provider alone people come in.")]
    kept_password: Annotated[
        Ref | None, Field(description="The administrator who may use a password all the same.")
    ]


class ProviderAnswer(BaseModel):
    """A provider with which people sign in, without its secret."""

    id: int
    name: str
    protocol: Protocol
    kind: ProviderKind
    on: Annotated[bool, Field(description="Whether people sign in with it.")]
    issuer: Annotated[str, Field(description="Of OpenID Connect the issuer, of SAML the entity id.")]
    client_id: Annotated[str, Field(description="Of OpenID Connect.")]
    vouches: Annotated[bool, Field(description="Whether every address that it sends counts as verified.")]
    carries: Annotated[bool, Field(description="Whether what it tells changes people's places.")]
    sign_in_address: Annotated[str, Field(description="Of SAML: where people are sent.")]
    certificates: Annotated[int, Field(description="Of SAML: with how many it signs.")]


class RecordAnswer(BaseModel):
    """The TXT record that proves a domain."""

    name: str
    value: str


class DomainAnswer(BaseModel):
    """An e-mail domain that the firm says is its own."""

    id: int
    domain: Annotated[str, Field(description="In its own letters.")]
    in_dns: Annotated[str, Field(description="As DNS asks for it.")]
    proved: bool
    vouched: Annotated[bool, Field(description="Whether whoever runs Ringfence said so, without a record.")]
    record: Annotated[RecordAnswer | None, Field(description="What is looked for; null where nothing is.")]
    added_at: Annotated[int, Field(description=f"When: {TIME}.")]
    added_by: Annotated[Ref | None, Field(description="Null for whoever runs Ringfence.")]
    proved_at: Annotated[int | None, Field(description="When, if it is.")]
    proved_by: Ref | None
    checked_at: Annotated[int | None, Field(description="When the record was last looked for.")]
    missing_since: Annotated[int | None, Field(description="Since when it is missing, if it is.")]


class RunAnswer(BaseModel):
    """What became of the last time that the directory was asked."""

    at: Annotated[int, Field(description=f"When: {TIME}.")]
    status: Annotated[
        str,
        Field(
            description="saved, nothing_to_do, failed, or braked: too many would go, so nothing was taken."
        ),
    ]
    detail: Annotated[str, Field(description="What that means, and what to do about it.")]
    people: int
    groups: int
    left_out: Annotated[int, Field(description="People and groups that were left out.")]
    going: Annotated[int, Field(description="Of a run that was braked, how many would have gone …")]
    held: Annotated[int, Field(description="… of how many.")]
    failing_since: Annotated[int | None, Field(description="Since when no run has gone well.")]


class DirectoryAnswer(BaseModel):
    """The firm's LDAP directory, without its password."""

    server: str
    kind: str
    hourly: Annotated[bool, Field(description="Whether it is asked by the hour.")]
    last: Annotated[RunAnswer | None, Field(description="Null where it was never asked.")]


@read(
    ROUTER, "/sign-in", SignInAnswer, needs=Capability.READ_CONTROL, summary="What is asked of who signs in"
)
def sign_in_read(caller: Caller) -> SignInAnswer:
    """Of whom a second step, for how long, from where, by which provider."""
    return sign_in_answer(caller.firm)


def sign_in_answer(firm: int) -> SignInAnswer:
    """How it stands."""
    policy = policy_of(Firm.objects.only("sign_in").get(pk=firm))
    provider = provider_numbered(firm, policy.only_provider) if policy.only_provider else None
    keeper = None
    if provider is not None:
        keeper = Member.objects.filter(firm=firm, number=policy.kept_password, active=True).first()
    kept = keeper is not None and keeps_password(policy, keeper)
    return SignInAnswer(
        second_step=[SecondStepAnswer(role=role, since=at) for role, at in policy.second_step.items()],
        grace_days=policy.grace_days,
        session_hours=policy.session_hours,
        networks=list(policy.networks),
        only_provider=None if provider is None else Ref(id=provider.number, name=provider.name),
        kept_password=Ref(id=keeper.number, name=keeper.name) if keeper is not None and kept else None,
    )


@read(
    ROUTER,
    "/sign-in/providers",
    ListAnswer[ProviderAnswer],
    needs=Capability.READ_CONTROL,
    summary="Providers of single sign-on",
)
def providers_list(caller: Caller, page: Pages) -> ListAnswer[ProviderAnswer]:
    """By id, those that are off too."""
    found = {each.number: each for each in providers(caller.firm)}
    part = part_of(sorted(found), page)
    items = [_provider(found[number]) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/sign-in/providers/{provider}",
    ProviderAnswer,
    needs=Capability.READ_CONTROL,
    summary="One provider of single sign-on",
)
def provider_read(caller: Caller, provider: int = number_in_path("provider")) -> ProviderAnswer:
    """Without its secret, which nobody is shown."""
    found = provider_numbered(caller.firm, provider)
    if found is None:
        raise Http404
    return _provider(found)


@read(ROUTER, "/domains", ListAnswer[DomainAnswer], needs=Capability.READ_CONTROL, summary="E-mail domains")
def domains_list(caller: Caller, page: Pages) -> ListAnswer[DomainAnswer]:
    """By id."""
    found = {each.number: each for each in domains_of(caller.firm)}
    part = part_of(sorted(found), page)
    members = member_refs(caller.firm)
    items = [_domain(found[number], members) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(ROUTER, "/domains/{domain}", DomainAnswer, needs=Capability.READ_CONTROL, summary="One e-mail domain")
def domain_read(caller: Caller, domain: int = number_in_path("domain")) -> DomainAnswer:
    """How it stands, with the record that proves it."""
    found = domain_numbered(caller.firm, domain)
    if found is None:
        raise Http404
    return _domain(found, member_refs(caller.firm))


@read(ROUTER, "/directory", DirectoryAnswer, needs=Capability.READ_CONTROL, summary="The firm's directory")
def directory_read(caller: Caller) -> DirectoryAnswer:
    """Where it is asked, and what came of it the last time; 404 where there is none."""
    return directory_answer(caller.firm)


def directory_answer(firm: int) -> DirectoryAnswer:
    """How it stands; raises `Http404`."""
    kept = directory_of(firm)
    if kept is None:
        raise Http404
    last = kept.last
    run = None
    if last.status:
        said = why_text(last.why, last.said, last.about) if last.why else status_text(last.status)
        run = RunAnswer(
            at=last.at,
            status=last.status,
            detail=said,
            people=last.people,
            groups=last.groups,
            left_out=last.left_out,
            going=last.going,
            held=last.held,
            failing_since=last.failing_since or None,
        )
    return DirectoryAnswer(
        server=str(kept.settings.get("server", "")),
        kind=str(kept.settings.get("kind", "active-directory")),
        hourly=kept.hourly,
        last=run,
    )


def _provider(kept: Provider) -> ProviderAnswer:
    saml = settings_of(kept) if kept.protocol is Protocol.SAML else None
    openid = kept.openid if saml is None else None
    return ProviderAnswer(
        id=kept.number,
        name=kept.name,
        protocol=kept.protocol,
        kind=kept.kind,
        on=kept.on,
        issuer=openid.issuer if openid is not None else saml.entity_id if saml is not None else "",
        client_id=openid.client_id if openid is not None else "",
        vouches=openid is not None and openid.vouches,
        carries=openid is not None and openid.carries,
        sign_in_address=saml.sso_url if saml is not None else "",
        certificates=len(saml.certificates) if saml is not None else 0,
    )


def _domain(kept: KeptDomain, members: dict[int, Ref]) -> DomainAnswer:
    def who(number: int | None) -> Ref | None:
        return None if number is None else members.get(number, Ref(id=number, name=""))

    record = None if kept.vouched else RecordAnswer(name=kept.record_name, value=kept.record_text)
    return DomainAnswer(
        id=kept.number,
        domain=kept.text,
        in_dns=kept.key,
        proved=kept.proved,
        vouched=kept.vouched,
        record=record,
        added_at=kept.added_at,
        added_by=who(kept.added_by),
        proved_at=kept.proved_at or None,
        proved_by=who(kept.proved_by) if kept.proved else None,
        checked_at=kept.checked_at or None,
        missing_since=kept.missing_since or None,
    )
