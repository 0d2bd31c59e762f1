"""OpenID Connect through allauth: its providers, state, PKCE and exchange of codes, with apps of our table.

What we add to it: everything is asked through `GuardedSession`, the ID token's signature and nonce are always
checked, and what comes back is kept for who tests it. Whom it leads to is said in `access.linking`.
"""

from __future__ import annotations

import secrets
import time
from typing import Any
from urllib.parse import urlencode

import jwt
import msgspec
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from ringfence.access.linking import Arrival
from ringfence.access.providers import CheckFailed, Protocol, Provider, SignInCheck, SignInFault, provider_of
from ringfence.access.providers.asking import GuardedSession, Metadata, got, keys_of, metadata_of
from ringfence.access.providers.tokens import (
    SKEW,
    check_id_token,
    check_logout_token,
    signed_claims,
)
from ringfence.core.directory import unique_key
from ringfence.firms.sealing import Unsealable

SCOPE = ("openid", "profile", "email")
VERIFIED = ("email_verified", "xms_edov")
"""Claims that say that the address is the person's; the second one is Entra's."""


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """Apps come from the firms' providers; nobody signs themselves up, and nothing is asked unguarded."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The app of the provider with this uid."""
        found = provider_of(provider) if provider else None
        return [app_of(found)] if found is not None and found.protocol is Protocol.OIDC else []

    def get_requests_session(self) -> GuardedSession:
        """What the library asks providers through."""
        return GuardedSession(settings.SIGN_IN_NETWORKS)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """Users are made by firms."""
        return False

    def generate_state_param(self, state: dict[str, Any]) -> str:
        """Of as many letters as a key."""
        return secrets.token_urlsafe(24)


def app_of(provider: Provider) -> SocialApp:
    """The provider as the library knows apps; raises `CheckFailed` where its secret cannot be opened."""
    try:
        secret = provider.secret()
    except Unsealable as unsealable:
        raise CheckFailed(SignInCheck.CODE, SignInFault.SEALED) from unsealable
    found = provider.openid
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=provider.uid,
        name=provider.name,
        client_id=found.client_id,
        secret=secret,
        settings={"server_url": found.issuer, "oauth_pkce_enabled": True},
    )


class SignInAt:
    """One sign-in at a provider that speaks OpenID Connect: the way there, and what came back.

    `seen` is everything that came back, by what it is, for who tests it; no secret and no token is in it.
    """

    def __init__(self, request: HttpRequest, provider: Provider) -> None:
        self.request = request
        self.provider = provider
        self.seen: dict[str, Any] = {}
        self._library = _Adapter(request, self)
        self.at = OpenIDConnectProvider(request, app=app_of(provider))

    def metadata(self, *, anew: bool = False) -> Metadata:
        """What the provider says of itself; raises `CheckFailed`."""
        found = metadata_of(self.provider.openid.issuer, settings.SIGN_IN_NETWORKS, anew=anew)
        self.seen["metadata"] = msgspec.to_builtins(found)
        return found

    def there(self, process: str, after: str, *, anew: bool = False, hint: str = "") -> HttpResponseRedirect:
        """The way to the provider; raises `CheckFailed`.

        `process` says what it is for, `after` where to then. With `anew` the provider asks for their password
        again whatever it knows of them.
        """
        self.metadata(anew=process == "test")
        nonce = secrets.token_urlsafe(24)
        sent = {"nonce": nonce}
        if anew:
            sent |= {"prompt": "login", "max_age": "0"}
        if hint:
            sent["login_hint"] = hint
        state: dict[str, Any] = {"nonce": nonce, "process": process, "next_url": after}
        if anew:
            state["asked_at"] = time.time()
        client = self._library.get_client(self.request, self.at.app)
        pkce = self.at.get_pkce_params()
        verifier = pkce.pop("code_verifier")
        state_id = self.at.stash_redirect_state(self.request, pkce_code_verifier=verifier, **state)
        sent |= pkce | {"state": state_id}
        address = client.get_redirect_url(self._library.authorize_url, SCOPE, sent)
        return HttpResponseRedirect(address)

    def came_back(self) -> dict[str, Any]:
        """What was kept of the way there, once; raises `CheckFailed` where this browser has begun no such."""
        states = statekit.get_states(self.request)
        state, began, uid = states.pop(self.request.GET.get("state", ""), ({}, 0.0, ""))
        if uid != self.provider.uid or time.time() - began > statekit.STATE_TTL:
            raise CheckFailed(SignInCheck.CAME_BACK, SignInFault.STALE)
        # As the library does, but that it is written with all else that this request changes.
        self.request.session[statekit.STATES_SESSION_KEY] = states
        found: dict[str, Any] = state
        return found

    def arrival(self, state: dict[str, Any]) -> Arrival:
        """Who came, once every check but those of `linking` has passed; raises `CheckFailed`."""
        told = self.request.GET
        metadata = self.metadata()
        issuer = told.get("iss")
        wants = metadata.authorization_response_iss_parameter_supported
        if issuer != metadata.issuer and (issuer is not None or wants):
            raise CheckFailed(
                SignInCheck.CAME_BACK, SignInFault.OTHER_ISSUER, told=issuer or "", entered=metadata.issuer
            )
        if "error" in told:
            self.seen["answer"] = {
                name: told[name][:500] for name in ("error", "error_description") if name in told
            }
            if told["error"] == "access_denied":
                raise CheckFailed(SignInCheck.CAME_BACK, SignInFault.CANCELLED)
            raise CheckFailed(
                SignInCheck.CAME_BACK,
                SignInFault.PROVIDER_SAYS,
                error=told["error"][:100],
                description=told.get("error_description", "")[:300],
            )
        if not told.get("code"):
            raise CheckFailed(SignInCheck.CAME_BACK, SignInFault.NO_CODE)
        return self._arrival(metadata, self._tokens(state), state)

    def _tokens(self, state: dict[str, Any]) -> dict[str, Any]:
        client = self._library.get_client(self.request, self.at.app)
        try:
            answer = self._library.get_access_token_data(
                self.request, self.at.app, client, pkce_code_verifier=state["pkce_code_verifier"]
            )
        except OAuth2Error as refused:
            raise CheckFailed(
                SignInCheck.CODE, SignInFault.PROVIDER_SAYS, error=str(refused)[:300], description=""
            ) from refused
        except (ValueError, KeyError, TypeError, AttributeError) as nonsense:
            raise CheckFailed(
                SignInCheck.CODE, SignInFault.NO_JSON, address=self._library.access_token_url
            ) from nonsense
        if not isinstance(answer, dict) or not isinstance(answer.get("access_token"), str):
            raise CheckFailed(SignInCheck.CODE, SignInFault.NO_TOKEN)
        self.seen["tokens"] = sorted(map(str, answer))
        if not isinstance(answer.get("id_token"), str):
            raise CheckFailed(SignInCheck.CODE, SignInFault.NO_TOKEN)
        return answer

    def _arrival(self, metadata: Metadata, tokens: dict[str, Any], state: dict[str, Any]) -> Arrival:
        token = tokens["id_token"]
        claims = self._claims(metadata, token)
        found = self.provider.openid
        check_id_token(
            claims,
            issuer=metadata.issuer,
            client_id=found.client_id,
            nonce=state["nonce"],
            algorithm=jwt.get_unverified_header(token)["alg"],
            access_token=tokens["access_token"],
        )
        if state.get("asked_at") is not None and not _anew(claims, state["asked_at"]):
            raise CheckFailed(SignInCheck.TIME, SignInFault.NOT_ANEW)
        if found.hosted_domain and claims.get("hd") != found.hosted_domain:
            raise CheckFailed(
                SignInCheck.HOSTED_DOMAIN,
                SignInFault.OTHER_DOMAIN,
                told=str(claims.get("hd")),
                entered=found.hosted_domain,
            )
        claims = self._with_userinfo(metadata, claims, tokens["access_token"])
        return self._named(claims, token)

    def _claims(self, metadata: Metadata, token: str) -> dict[str, Any]:
        def keys(anew: bool) -> list[dict[str, Any]]:
            return keys_of(metadata.jwks_uri, settings.SIGN_IN_NETWORKS, anew=anew)

        claims = signed_claims(token, keys)
        self.seen["id_token"] = claims
        return claims

    def _with_userinfo(self, metadata: Metadata, claims: dict[str, Any], access_token: str) -> dict[str, Any]:
        """What the ID token says, and what it leaves out said by the provider's page of the person."""
        found = self.provider.openid
        if not metadata.userinfo_endpoint or (found.email_claim in claims and found.name_claim in claims):
            return claims
        headers = {"Authorization": f"Bearer {access_token}"}
        told = got(metadata.userinfo_endpoint, settings.SIGN_IN_NETWORKS, SignInCheck.USERINFO, headers)
        self.seen["userinfo"] = told
        if told.get("sub") != claims["sub"]:
            raise CheckFailed(SignInCheck.USERINFO, SignInFault.OTHER_SUBJECT)
        return told | claims

    def _named(self, claims: dict[str, Any], token: str) -> Arrival:
        found = self.provider.openid
        groups = claims.get(found.groups_claim) if found.groups_claim else None
        email = _text(claims, found.email_claim)
        # What says that an address is verified speaks of the claim `email`, and of no other.
        spoken_of = unique_key(email) == unique_key(_text(claims, "email"))
        return Arrival(
            subject=claims["sub"],
            email=email,
            verified=found.vouches or (spoken_of and any(_is_yes(claims.get(name)) for name in VERIFIED)),
            name=_text(claims, found.name_claim),
            external=_text(claims, found.external_claim) if found.external_claim else "",
            groups=tuple(each for each in groups if isinstance(each, str))
            if isinstance(groups, list)
            else None,
            session=_text(claims, "sid"),
            at=_time(claims),
            token=token,
        )


def sign_out_address(request: HttpRequest, provider: Provider, token: str) -> str:
    """Where the provider signs people out (RP-Initiated Logout 1.0); empty where it has no such page.

    Raises `CheckFailed` where it cannot be asked.
    """
    metadata = metadata_of(provider.openid.issuer, settings.SIGN_IN_NETWORKS)
    if not metadata.end_session_endpoint:
        return ""
    sent = {
        "client_id": provider.openid.client_id,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("account_login")),
        **({"id_token_hint": token} if token else {}),
    }
    joined = "&" if "?" in metadata.end_session_endpoint else "?"
    return f"{metadata.end_session_endpoint}{joined}{urlencode(sent)}"


def logout_claims(provider: Provider, token: str) -> dict[str, Any]:
    """What a logout token of the provider says, checked; raises `CheckFailed`."""
    metadata = metadata_of(provider.openid.issuer, settings.SIGN_IN_NETWORKS)

    def keys(anew: bool) -> list[dict[str, Any]]:
        return keys_of(metadata.jwks_uri, settings.SIGN_IN_NETWORKS, anew=anew)

    claims = signed_claims(token, keys)
    check_logout_token(claims, issuer=metadata.issuer, client_id=provider.openid.client_id)
    return claims


class _Adapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is not typed
    """The library's, told of the provider's metadata once, and where it comes back to."""

    def __init__(self, request: HttpRequest, sign_in: SignInAt) -> None:
        super().__init__(request, sign_in.provider.uid)
        self._sign_in = sign_in

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = msgspec.to_builtins(self._sign_in.metadata())
        return config

    @property
    def basic_auth(self) -> bool:
        """Whether the secret is sent in a header: where the provider takes it in the body, it is not."""
        return "client_secret_post" not in self.openid_config["token_endpoint_auth_methods_supported"]

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("provider-callback", args=[app.provider_id]))


def _anew(claims: dict[str, Any], asked_at: float) -> bool:
    """Whether the provider says that it asked the person since then."""
    at = _time(claims)
    return at is not None and at >= asked_at - SKEW


def _time(claims: dict[str, Any]) -> float | None:
    """When the person proved to the provider that it is them; no later than now, whatever its clock says."""
    at = claims.get("auth_time")
    if not isinstance(at, int | float) or isinstance(at, bool):
        return None
    return min(float(at), time.time())


def _text(claims: dict[str, Any], name: str) -> str:
    found = claims.get(name)
    return found[:1000] if isinstance(found, str) else ""


def _is_yes(told: object) -> bool:
    """Some providers send truth values as texts."""
    return told is True or told in ("true", "True", "1", 1)
