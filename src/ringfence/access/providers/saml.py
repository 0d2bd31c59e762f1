"""SAML 2.0 (the extra ``ringfence[saml]``): a provider's metadata, our requests, what its answers must be.

Only signed assertions count, for us, now, once, and in answer to a request of the very browser. What came is
believed after all of that alone. Reading XML and signatures is python3-saml's, which django-allauth brings.
"""

from __future__ import annotations

import base64
import binascii
import importlib.util
from typing import TYPE_CHECKING, Any

import msgspec
from django.core.cache import cache

from .checks import CheckFailed, SignInCheck, SignInFault

if TYPE_CHECKING:
    from .reading import Provider

EXTRA = "ringfence[saml]"
"""What is to be installed."""
LONGEST = 2**18
"""Characters of an answer, or of metadata."""
MOST_CERTIFICATES = 10
EMAIL = (
    "email",
    "mail",
    "emailAddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
NAME = (
    "displayName",
    "name",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
)
"""Attributes in which providers tell these, unless the settings name one."""


class SamlSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of a provider that speaks SAML; none of it is secret."""

    entity_id: str
    sso_url: str
    """Where people are sent, by a redirect."""
    certificates: tuple[str, ...]
    """With one of these it signs: base64 of DER."""
    metadata_url: str = ""
    email_attribute: str = ""


class UnfitMetadata(ValueError):
    """It says too little of a provider, or nothing that can be read."""


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """Our addresses as the provider knows them."""

    entity_id: str
    acs: str
    """Where it sends its answers."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider said in an answer that passed every check of its own."""

    subject: str
    email: str
    name: str
    at: float | None
    """When they proved there that it is them, in seconds since 1970; None where it does not say."""
    request: str
    """The id of our request that it answers."""
    seen: dict[str, Any]


def installed() -> bool:
    """Whether the extra is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("onelogin", "xmlsec"))


def read_metadata(text: str | bytes) -> SamlSettings:
    """The provider that metadata describe; raises `UnfitMetadata`."""
    from lxml import etree
    from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as Parser

    if len(text) > LONGEST:
        raise UnfitMetadata
    raw = text.strip().encode() if isinstance(text, str) else text.strip()
    try:
        found = Parser.parse(raw).get("idp", {})
    # The parser hands on whatever the XML below it meets.
    except (etree.Error, ValueError, TypeError, KeyError, AttributeError, LookupError) as nonsense:
        raise UnfitMetadata from nonsense
    certificates = tuple(found.get("x509certMulti", {}).get("signing", ())) or tuple(
        each for each in (found.get("x509cert"),) if each
    )
    entity, address = found.get("entityId"), found.get("singleSignOnService", {}).get("url")
    if not entity or not address or not certificates or len(certificates) > MOST_CERTIFICATES:
        raise UnfitMetadata
    if not address.startswith(("https://", "http://")) or not all(map(_is_certificate, certificates)):
        raise UnfitMetadata
    return SamlSettings(entity_id=entity, sso_url=address, certificates=certificates)


def _is_certificate(text: str) -> bool:
    from cryptography import x509

    try:
        x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return False
    return True


def our_metadata(ours: Ours) -> bytes:
    """What a provider reads of us."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    metadata: bytes | str = OneLogin_Saml2_Settings(
        _config(None, ours), sp_validation_only=True
    ).get_sp_metadata()
    return metadata if isinstance(metadata, bytes) else metadata.encode()


def request_to(provider: Provider, ours: Ours, *, anew: bool) -> tuple[str, str]:
    """The address that leads to the provider with a request of ours, and the request's id.

    With `anew` it is to ask for a password again.
    """
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    auth = OneLogin_Saml2_Auth(_received(ours), _config(settings_of(provider), ours))
    address: str = auth.login(return_to="", force_authn=anew)
    return address, str(auth.get_last_request_id())


def settings_of(provider: Provider) -> SamlSettings:
    """What is known of a provider that speaks SAML."""
    return msgspec.convert(provider.settings, SamlSettings)


def read_answer(provider: Provider, answer: str, ours: Ours, known: frozenset[str]) -> Said:
    """What the provider says in its answer to one of the `known` requests; raises `CheckFailed`."""
    from lxml import etree
    from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    if not answer or len(answer) > LONGEST:
        raise CheckFailed(SignInCheck.ANSWER, SignInFault.NO_ANSWER)
    kept = settings_of(provider)
    try:
        settings = OneLogin_Saml2_Settings(_config(kept, ours))
        found = OneLogin_Saml2_Response(settings, answer)
        asked = found.get_in_response_to()
        if asked not in known:
            raise CheckFailed(
                SignInCheck.REQUEST, SignInFault.OTHER_REQUEST if asked else SignInFault.UNASKED
            )
        found.is_valid(_received(ours), request_id=asked, raise_exceptions=True)
        if ours.entity_id not in found.get_audiences():
            raise CheckFailed(SignInCheck.AUDIENCE, SignInFault.OTHER_RECEIVER, entered=ours.entity_id)
        said = _said(found, kept, str(asked))
        identity, ends = found.get_assertion_id(), found.get_assertion_not_on_or_after()
    except OneLogin_Saml2_ValidationError as unfit:
        raise _failed(unfit, kept, ours) from unfit
    except (OneLogin_Saml2_Error, etree.Error, binascii.Error, ValueError, TypeError, AttributeError) as bad:
        raise CheckFailed(SignInCheck.ANSWER, SignInFault.NO_ANSWER) from bad
    _use_once(provider, str(identity), ends)
    return said


def _use_once(provider: Provider, identity: str, ends: Any) -> None:
    """An assertion counts once, while it counts at all; raises `CheckFailed` for a second time."""
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    lasts = max(int(ends or 0) - OneLogin_Saml2_Utils.now(), 0) + 600
    if not cache.add(f"saml assertion {provider.uid} {identity}", 1, timeout=min(lasts, 86_400)):
        raise CheckFailed(SignInCheck.ONCE, SignInFault.USED)


def _said(found: Any, kept: SamlSettings, request: str) -> Said:
    attributes: dict[str, list[str]] = found.get_attributes()

    def first(names: tuple[str, ...]) -> str:
        return next((str(attributes[name][0]).strip() for name in names if attributes.get(name)), "")

    subject = found.get_nameid() or ""
    transient = str(found.get_nameid_format() or "").endswith(":transient")
    if not subject or transient:
        raise CheckFailed(SignInCheck.SUBJECT, SignInFault.TRANSIENT if transient else SignInFault.NO_SUBJECT)
    email = first((kept.email_attribute,) if kept.email_attribute else EMAIL)
    if not email and str(found.get_nameid_format() or "").endswith(":emailAddress"):
        email = subject
    seen = {
        "subject": {"NameID": subject, "Format": found.get_nameid_format()},
        "attributes": attributes,
        "issuers": found.get_issuers(),
    }
    return Said(
        subject=subject, email=email, name=first(NAME), at=_proved_at(found), request=request, seen=seen
    )


def _proved_at(found: Any) -> float | None:
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    statements = found._query_assertion("/saml:AuthnStatement")
    said = statements[0].get("AuthnInstant") if statements else None
    return float(OneLogin_Saml2_Utils.parse_SAML_to_time(said)) if said else None


def _received(ours: Ours) -> dict[str, Any]:
    """The request as the library wants it: at our address as the provider knows it."""
    from urllib.parse import urlsplit

    parts = urlsplit(ours.acs)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": "",
        "path_info": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _config(kept: SamlSettings | None, ours: Ours) -> dict[str, Any]:
    """What the library is to hold answers to; for our own metadata without a provider."""
    from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants

    config: dict[str, Any] = {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": ours.entity_id,
            "assertionConsumerService": {"url": ours.acs, "binding": Constants.BINDING_HTTP_POST},
            "NameIDFormat": Constants.NAMEID_UNSPECIFIED,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantAttributeStatement": False,
            "wantNameId": True,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowRepeatAttributeName": True,
            "allowSingleLabelDomains": True,
            "signatureAlgorithm": Constants.RSA_SHA256,
            "digestAlgorithm": Constants.SHA256,
        },
    }
    if kept is not None:
        config["idp"] = {
            "entityId": kept.entity_id,
            "singleSignOnService": {"url": kept.sso_url, "binding": Constants.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": list(kept.certificates)},
        }
    return config


def _failed(unfit: Any, kept: SamlSettings, ours: Ours) -> CheckFailed:
    """Which check it is that the library found not to hold."""
    from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as V

    unsigned = (V.NO_SIGNATURE_FOUND, V.NO_SIGNED_ASSERTION, V.NO_SIGNED_MESSAGE)
    weak = (V.DEPRECATED_SIGNATURE_METHOD, V.DEPRECATED_DIGEST_METHOD)
    signature = (
        V.INVALID_SIGNATURE,
        V.WRONG_SIGNED_ELEMENT,
        V.ID_NOT_FOUND_IN_SIGNED_ELEMENT,
        V.DUPLICATED_ID_IN_SIGNED_ELEMENTS,
        V.INVALID_SIGNED_ELEMENT,
        V.DUPLICATED_REFERENCE_IN_SIGNED_ELEMENTS,
        V.UNEXPECTED_SIGNED_ELEMENTS,
        V.WRONG_NUMBER_OF_SIGNATURES,
        V.WRONG_NUMBER_OF_SIGNATURES_IN_ASSERTION,
        V.WRONG_NUMBER_OF_SIGNATURES_IN_RESPONSE,
    )
    issuer = (V.WRONG_ISSUER, V.ISSUER_MULTIPLE_IN_RESPONSE, V.ISSUER_NOT_FOUND_IN_ASSERTION)
    code, text = unfit.code, str(unfit)
    if code in unsigned:
        return CheckFailed(SignInCheck.SIGNATURE, SignInFault.UNSIGNED)
    if code in weak:
        return CheckFailed(SignInCheck.SIGNATURE, SignInFault.WEAK)
    if code in signature:
        return CheckFailed(SignInCheck.SIGNATURE, SignInFault.FORGED_ANSWER)
    if code in issuer:
        return CheckFailed(SignInCheck.ISSUER, SignInFault.OTHER_ENTITY, entered=kept.entity_id)
    if code == V.WRONG_AUDIENCE:
        return CheckFailed(SignInCheck.AUDIENCE, SignInFault.OTHER_RECEIVER, entered=ours.entity_id)
    if code in (V.ASSERTION_EXPIRED, V.SESSION_EXPIRED, V.RESPONSE_EXPIRED):
        return CheckFailed(SignInCheck.TIME, SignInFault.OVER)
    if code == V.ASSERTION_TOO_EARLY:
        return CheckFailed(SignInCheck.TIME, SignInFault.EARLY)
    if code in (V.WRONG_DESTINATION, V.EMPTY_DESTINATION, V.WRONG_SUBJECTCONFIRMATION):
        return CheckFailed(SignInCheck.RECIPIENT, SignInFault.OTHER_RECIPIENT, entered=ours.acs)
    if code == V.WRONG_INRESPONSETO:
        return CheckFailed(SignInCheck.REQUEST, SignInFault.OTHER_REQUEST)
    if code in (V.STATUS_CODE_IS_NOT_SUCCESS, V.MISSING_STATUS, V.MISSING_STATUS_CODE):
        return CheckFailed(SignInCheck.STATUS, SignInFault.PROVIDER_SAYS, error=text, description="")
    if code in (V.NO_NAMEID, V.EMPTY_NAMEID):
        return CheckFailed(SignInCheck.SUBJECT, SignInFault.NO_SUBJECT)
    return CheckFailed(SignInCheck.ANSWER, SignInFault.UNFIT_ANSWER, what=text)
