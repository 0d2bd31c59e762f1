"""Django's settings, all from the environment: one place for every `RINGFENCE_…` variable.

Firms keep their own settings in the database (rules.md 3); nothing here decides access.
"""

import os
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from ringfence import secret_keys
from ringfence.store import databases, places, recently_used
from ringfence.telemetry import logs

PACKAGE = Path(__file__).resolve().parent
DATA = databases.data_folder()
"""Where the embedded database and the generated secret key lie."""

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-20000;"
)
"""An acknowledged change survives a power cut; readers never wait for the writer."""
POSTGRESQL_OPTIONS = "-c synchronous_commit=remote_apply -c lock_timeout=30s"
"""The same, whatever the server's own configuration says, and synchronous standbys can be read; nobody waits
for ever for a hanging writer."""


def _switch(name: str) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in {"", "0", "false", "no", "off"}:
        return False
    if value in {"1", "true", "yes", "on"}:
        return True
    raise ImproperlyConfigured(f"{name} is {value!r}: write 1 or 0.")


def _list(name: str, default: str) -> list[str]:
    found = [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} is empty: name something, or unset it.")
    return found


def _one_of(name: str, default: str, known: Collection[str]) -> str:
    value = os.environ.get(name, "").strip().lower() or default
    if value not in known:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(known)}.")
    return value


def _number(name: str, default: int, least: int, most: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdecimal() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} is {value!r}: write a number from {least} to {most}.")
    return int(value)


def _link(name: str) -> str:
    """An address that a page may lead to: of a page, or of a mailbox."""
    value = os.environ.get(name, "").strip()
    if value and urlsplit(value).scheme not in {"https", "http", "mailto"}:
        raise ImproperlyConfigured(f"{name} is {value!r}: begin with https:// or mailto:.")
    return value


def database(url: str) -> dict[str, Any]:
    """Django's description of the database at ``sqlite:///path`` or ``postgresql://…``."""
    scheme = urlsplit(url).scheme
    if scheme == "sqlite":
        path = unquote(urlsplit(url).path)[1:]
        if not path:
            raise ImproperlyConfigured(
                "RINGFENCE_DATABASE names no file: write sqlite:///path or sqlite:////path."
            )
        return {
            "ENGINE": "ringfence.embedded",
            "NAME": str(Path(path).resolve()),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_PRAGMAS},
        }
    if scheme in {"postgresql", "postgres"}:
        parts = _postgresql_parts(url)
        places.primary_of(parts)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.pop("dbname", ""),
            "USER": parts.pop("user", ""),
            "PASSWORD": parts.pop("password", ""),
            "HOST": parts.pop("host", ""),
            "PORT": parts.pop("port", ""),
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": "10",
                "application_name": "ringfence",
                **parts,
                "options": f"{POSTGRESQL_OPTIONS} {parts.get('options', '')}".strip(),
            },
        }
    # What was written is not shown where it may hold a password.
    begins = f"begins with {scheme!r}" if "://" in url else "is no address"
    raise ImproperlyConfigured(
        f"RINGFENCE_DATABASE {begins}: write sqlite:///path or postgresql://user@host/name."
    )


def _postgresql_parts(url: str) -> dict[str, str]:
    """The address as libpq reads it: host, user, dbname and the rest.

    A password with a bare @ or / would be cut there, and the server be asked under half a name.
    """
    # Only where there is a server to talk to.
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    authority, _, path = url.partition("://")[2].partition("/")
    user, _, _ = authority.rpartition("@")
    cut = "@" in user or "?" in user or "#" in user or "@" in path.partition("?")[0]
    try:
        parts = None if cut else conninfo_to_dict(url)
    except ProgrammingError:
        parts = None
    if parts is None:
        raise ImproperlyConfigured(
            "RINGFENCE_DATABASE cannot be read: write it like postgresql://user:password@host:5432/name. In"
            " user and password write %40 for @, %2F for /, %3A for :, %3F for ?, %23 for # and %25 for %."
        )
    return {name: str(value) for name, value in parts.items()}


SECRET_KEY = secret_keys.present_key(DATA)
SECRET_KEY_FALLBACKS = secret_keys.other_keys(DATA)
"""Keys that are still accepted after `ringfence rotate-secret`: sessions, links and cookies outlive it."""
DEBUG = _switch("RINGFENCE_DEBUG")
ALLOWED_HOSTS = _list("RINGFENCE_HOSTS", "localhost,127.0.0.1,[::1]")
BEHIND_TLS = _switch("RINGFENCE_TLS")
"""Set where a proxy in front speaks TLS: cookies are then sent over nothing else."""

try:
    NAMED_DATABASES = databases.databases()
    """The databases of this deployment by name; empty where there is but one."""
    OTHER_ADDRESSES = databases.addresses()
    """Where people reach the firms of each, by the database's name."""
    DATABASE_NAME = databases.own_name()
    """Which of them is this process's; empty where there is but one."""
    DATABASE_URL = databases.own_address()
except databases.DatabasesFault as fault:
    raise ImproperlyConfigured(str(fault)) from fault
DATABASES = {"default": database(DATABASE_URL)}
try:
    STANDBY = places.present_plan(DATABASE_URL)
    """Of decide processes: the standby that they read from."""
except places.PlaceFault as fault:
    raise ImproperlyConfigured(str(fault)) from fault
# Attempts to sign in and links asked for are counted here: by all processes together, and over restarts.
CACHES = {"default": {"BACKEND": "ringfence.web.shell.attempts.Attempts"}}
# Background work waits in the database, each firm's in a queue of its own: whichever firms there are.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "ringfence.firms",
    "ringfence.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_tasks_db",
]

MIDDLEWARE = [
    "ringfence.web.shell.refusing.TellHealth",
    "ringfence.web.shell.watching.TellRequests",
    "django.middleware.security.SecurityMiddleware",
    # Before everything that only pages need.
    "ringfence.api.door.AnswerApi",
    "ringfence.scim.door.AnswerScim",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "ringfence.web.shell.middleware.SpeakTheReadersLanguage",
    "ringfence.web.shell.refusing.RefuseUnfitRequests",
    "ringfence.web.shell.moved.LeadToTheFirm",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "ringfence.web.shell.session_end.EndSessions",
    "ringfence.web.shell.asking_again.AskAgain",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "ringfence.addresses"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "ringfence.web.shell.jinja.environment"},
    },
    # For the texts of libraries (their mails), which are written for Django's own engine.
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# People.
AUTH_USER_MODEL = "firms.User"
AUTHENTICATION_BACKENDS = ["ringfence.web.shell.signed_in_user.Backend"]
PASSWORD_HASHERS = ["ringfence.firms.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ringfence.firms.passwords.NoWordsOfHere"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# Django's own: allauth's notes each address as one that is not verified, and would then refuse passkeys.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_ADAPTER = "ringfence.web.journeys.sign_in.adapter.Adapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
"""Seconds from when somebody showed that it is them; then they are asked again before what raises power."""
SOCIALACCOUNT_ADAPTER = "ringfence.web.journeys.single_sign_on.openid.SocialAdapter"
MFA_ADAPTER = "ringfence.web.shell.second_step.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Ringfence"
MFA_TOTP_TOLERANCE = 1
"""Codes of the half minute before and after are taken, since clocks differ; each once."""
ACCOUNT_RATE_LIMITS = {
    # By account and address, and by address.
    "login_failed": "10/m/ip,5/5m/key",
    # By account, from all addresses together.
    "login_failed_anywhere": "50/h/key",
    # By account and browser, where the browser has signed in before.
    "login_failed_known": "5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "first_run": "10/m/ip",
    # By user.
    "change_email": "20/m/ip,5/h/key",
    # By firm and member.
    "invite": "5/h/key",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
FIRMS_KEPT = _number(recently_used.FIRMS_KEPT, recently_used.USUAL, 1, recently_used.MOST)
"""Firms that one process keeps in memory; those asked for last."""
SECURITY_LOG_DAYS = _number("RINGFENCE_SECURITY_LOG_DAYS", 400, 30, 3650)
"""For so many days a line of the security log is kept."""

# The API.
API_PER_MINUTE = _number("RINGFENCE_API_PER_MINUTE", 1200, 1, 1_000_000)
"""Requests that one token may send in a minute to one process."""
SCIM_PER_MINUTE = _number("RINGFENCE_SCIM_PER_MINUTE", 12_000, 1, 1_000_000)
"""The same for provisioning: a directory brings all of its people on one day."""

# Cookies and headers.
SESSION_IDLE_SECONDS = 60 * _number("RINGFENCE_IDLE_MINUTES", 15, 5, 720)
"""Whoever asks for no page for so long is signed out, and warned two minutes before."""
SESSION_ENGINE = "ringfence.web.shell.sessions"
SESSION_COOKIE_AGE = 12 * 3600
"""Whoever has been signed in for so long signs in again."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
# Over TLS no other host, and nobody on the way to one, can set a cookie of ours.
HOST_COOKIE = "__Host-" if BEHIND_TLS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{HOST_COOKIE}sessionid", f"{HOST_COOKIE}csrftoken"
LANGUAGE_COOKIE_NAME = f"{HOST_COOKIE}django_language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
CSRF_FAILURE_VIEW = "ringfence.web.shell.errors.stale_form"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
# Guesses at passwords are counted by address: behind a proxy that is the one which the proxy tells.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_TLS else 0
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if BEHIND_TLS else []
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
    },
}

# What people send. The server lets a file through to the pages of lists alone (`shell.lanes.takes_files`),
# and nothing else that is longer than a form. It is held in memory, never written to a temporary folder.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
# Two for each person whom a list of grantees holds.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 24 * 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]


def _networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in os.environ.get(name, "").split(",") if part.strip())
    except ValueError as problem:
        raise ImproperlyConfigured(
            f"{name}: {problem}. Write networks like 10.1.0.0/16, with commas."
        ) from problem


WEBHOOK_NETWORKS = _networks("RINGFENCE_WEBHOOK_NETWORKS")
"""Networks of the operator's own to which events may be sent, also over plain HTTP. Public addresses, over
HTTPS, always may be."""


def _name_servers(name: str) -> tuple[tuple[str, int], ...]:
    """Addresses with ports, 53 where none is said: ``10.0.0.53, 127.0.0.1:5353, [::1]:53``."""
    found = []
    for part in filter(None, map(str.strip, os.environ.get(name, "").split(","))):
        try:
            # A bare IPv6 address has more than one colon.
            parts = urlsplit(f"//[{part}]" if part.count(":") > 1 and "[" not in part else f"//{part}")
            found.append((str(ip_address(parts.hostname or "")), parts.port or 53))
        except ValueError as problem:
            raise ImproperlyConfigured(
                f"{name}: {part!r} is no name server: write 10.0.0.53, 127.0.0.1:5353 or [::1]:53."
            ) from problem
    return tuple(found)


DNS_SERVERS = _name_servers("RINGFENCE_DNS")
"""Name servers that are asked whether a firm's domain is its own; empty for those of the machine."""

SIGN_IN_NETWORKS = _networks("RINGFENCE_SIGN_IN_NETWORKS")
"""Networks of the operator's own in which firms' identity providers may be, also over plain HTTP."""


def _origin(name: str, address: str) -> str:
    """A URL without its scheme, as names of keys are; by itself where people reach Ringfence."""
    found = (os.environ.get(name, "").strip() or address.partition("://")[2] or "ringfence").rstrip("/")
    if "+" in found or any(each.isspace() for each in found):
        raise ImproperlyConfigured(
            f"{name}: {found!r} has a space or a plus sign: write example.com/ledgers."
        )
    return found


# Words and times.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files: served by the web process itself, straight from the package.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True

# Mail: to the server that is named, else none. Links in it begin with `ADDRESS`, whatever host was asked for.
MAIL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""By how the server is spoken to."""
EMAIL_HOST = os.environ.get("RINGFENCE_MAIL_HOST", "").strip()
MAIL_TLS = _one_of("RINGFENCE_MAIL_TLS", "starttls", MAIL_PORTS)
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_TLS == "starttls", MAIL_TLS == "tls"
EMAIL_PORT = _number("RINGFENCE_MAIL_PORT", MAIL_PORTS[MAIL_TLS], 1, 65_535)
EMAIL_HOST_USER = os.environ.get("RINGFENCE_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("RINGFENCE_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 15
"""Seconds that the mail server may take for each answer."""
DEMO_MAILS = os.environ.get("RINGFENCE_DEMO_MAILS", "")
"""The folder in which the demonstration keeps its mails, and shows them to anybody; empty everywhere else."""
EMAIL_BACKEND = os.environ.get("RINGFENCE_EMAIL_BACKEND") or (
    "ringfence.notices.mail_folder.EmailBackend"
    if DEMO_MAILS
    else f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
)
SENDS_MAIL = not EMAIL_BACKEND.endswith(".dummy.EmailBackend")
ADDRESS = os.environ.get("RINGFENCE_ADDRESS", "").strip().rstrip("/")
"""Where people reach Ringfence; empty where nothing is sent and nobody has said it."""
LEDGER_ORIGIN = _origin("RINGFENCE_LEDGER_ORIGIN", ADDRESS)
"""What the names of firms' signing keys begin with, and so the first line of checkpoints of their ledgers."""
CHECKPOINTS = os.environ.get("RINGFENCE_CHECKPOINTS", "").strip()
"""The folder into which firms' signed checkpoints are published; empty for none."""
TIMESTAMPS = os.environ.get("RINGFENCE_TIMESTAMPS", "").strip()
"""The authority (RFC 3161) that is asked for a time stamp of each published checkpoint; empty for none."""
TIMESTAMP_ROOTS = os.environ.get("RINGFENCE_TIMESTAMP_ROOTS", "").strip()
"""The file with that authority's certificates (PEM), by which its answers are proved; empty for none."""
REPORT_ADDRESS = _link("RINGFENCE_REPORT_ADDRESS")
"""Where people report a page that does not work: a page or an e-mail address; empty for our own help page."""
DEFAULT_FROM_EMAIL = os.environ.get("RINGFENCE_MAIL_FROM", "ringfence@localhost")

# What goes wrong is told on stderr, as `ringfence.telemetry.logs` says; with `info`, what went well too.
LOG_LEVEL = _one_of("RINGFENCE_LOG_LEVEL", "warning", logs.LEVELS)
LOGGING = logs.configuration(_one_of("RINGFENCE_LOG_FORMAT", "auto", logs.FORMATS), LOG_LEVEL)
LOGGING["filters"] = {"page": {"()": "ringfence.web.shell.logs.NameThePage"}}
LOGGING["handlers"]["stderr"]["filters"] = ["page"]
LOGGING["loggers"] |= {
    # What our own middleware tells is not told twice.
    "django": {"handlers": [], "level": "WARNING"},
    # Refusals are everyday; others (400, forms without a token) `web.shell.errors` tells itself.
    "django.request": {"level": "ERROR"},
    "django.security": {"level": "CRITICAL"},
    # Requests to others and their addresses are no matter of ours.
    "urllib3": {"level": "ERROR"},
}
