"""What is checked of a sign-in at a provider, in its order, and what can be found wrong.

The administrator's test shows every check; whoever signs in is told a sentence that gives nothing away
(`wording.providers`).
"""

from enum import StrEnum

from .kinds import Protocol


class SignInCheck(StrEnum):
    """Each is made once all before it have passed."""

    REACHED = "reached"
    METADATA = "metadata"
    ISSUER = "issuer"
    PKCE = "pkce"
    CAME_BACK = "came_back"
    ANSWER = "answer"
    """Of SAML alone, as the next ones: the answer can be read."""
    STATUS = "status"
    RECIPIENT = "recipient"
    REQUEST = "request"
    ONCE = "once"
    CODE = "code"
    SIGNATURE = "signature"
    TOKEN_ISSUER = "token_issuer"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    SUBJECT = "subject"
    USERINFO = "userinfo"
    HOSTED_DOMAIN = "hosted_domain"
    EMAIL = "email"
    VERIFIED = "verified"
    DOMAIN = "domain"
    MEMBER = "member"


_SAML_ONLY = frozenset(
    {
        SignInCheck.ANSWER,
        SignInCheck.STATUS,
        SignInCheck.RECIPIENT,
        SignInCheck.REQUEST,
        SignInCheck.ONCE,
    }
)
CHECKS_OF: dict[Protocol, tuple[SignInCheck, ...]] = {
    Protocol.OIDC: tuple(check for check in SignInCheck if check not in _SAML_ONLY),
    Protocol.SAML: (
        SignInCheck.METADATA,
        SignInCheck.CAME_BACK,
        SignInCheck.ANSWER,
        SignInCheck.STATUS,
        SignInCheck.REQUEST,
        SignInCheck.TIME,
        SignInCheck.RECIPIENT,
        SignInCheck.AUDIENCE,
        SignInCheck.ISSUER,
        SignInCheck.SIGNATURE,
        SignInCheck.SUBJECT,
        SignInCheck.ONCE,
        SignInCheck.EMAIL,
        SignInCheck.VERIFIED,
        SignInCheck.DOMAIN,
        SignInCheck.MEMBER,
    ),
}
"""By protocol, in the order in which an administrator's test shows them."""


class SignInFault(StrEnum):
    """What is wrong, for an administrator; each has its sentence."""

    PRIVATE = "private"
    NOT_HTTPS = "not_https"
    NAME = "name"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    BUSY = "busy"
    """So many sign-ins wait for this provider already."""
    STATUS = "status"
    TOO_LONG = "too_long"
    NO_JSON = "no_json"
    MISSING = "missing"
    ENDPOINT = "endpoint"
    OTHER_ISSUER = "other_issuer"
    NO_PKCE = "no_pkce"
    CANCELLED = "cancelled"
    PROVIDER_SAYS = "provider_says"
    NO_CODE = "no_code"
    STALE = "stale"
    """The browser has begun no such sign-in, or too long ago."""
    SEALED = "sealed"
    """The client secret cannot be opened with the installation's secret key."""
    NO_TOKEN = "no_token"
    NO_JWT = "no_jwt"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    OTHER_AUDIENCE = "other_audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    NO_TIME = "no_time"
    OTHER_NONCE = "other_nonce"
    NO_SUBJECT = "no_subject"
    OTHER_SUBJECT = "other_subject"
    OTHER_DOMAIN = "other_domain"
    NO_EMAIL = "no_email"
    NOT_VERIFIED = "not_verified"
    NOT_PROVED = "not_proved"
    NO_MEMBER = "no_member"
    TAKEN_BACK = "taken_back"
    ANOTHER_ACCOUNT = "another_account"
    NO_PLACE = "no_place"
    SOMEBODY_ELSE = "somebody_else"
    """Who was to show that it is them came back as another person."""
    NO_ANSWER = "no_answer"
    """What came is no answer of SAML, or too long."""
    UNFIT_ANSWER = "unfit_answer"
    UNASKED = "unasked"
    """It answers no request of ours."""
    OTHER_REQUEST = "other_request"
    """It answers a request that this browser did not begin, or that is answered already."""
    OTHER_ENTITY = "other_entity"
    OTHER_RECEIVER = "other_receiver"
    OTHER_RECIPIENT = "other_recipient"
    OVER = "over"
    EARLY = "early"
    UNSIGNED = "unsigned"
    WEAK = "weak"
    FORGED_ANSWER = "forged_answer"
    USED = "used"
    TRANSIENT = "transient"
    """It names the person anew each time, so nobody could be known by it."""
    NOT_INSTALLED = "not_installed"
    """The extra that speaks SAML is not installed."""
    NOT_ANEW = "not_anew"
    """The provider does not say that it asked anew."""


class CheckFailed(Exception):
    """A check did not pass. `values` are what its sentence names, as text; none is a secret.

    `member` is whom of the firm it is about, where that is known.
    """

    def __init__(self, check: SignInCheck, fault: SignInFault, *, member: int = 0, **values: str) -> None:
        super().__init__(f"{check.value}: {fault.value}")
        self.member = member
        self.check = check
        self.fault = fault
        self.values = values
