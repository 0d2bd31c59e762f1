"""What `ringfence doctor` looks at in the settings: variables, secret key, hosts, address, mail, files."""

import difflib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from ringfence.store.databases import data_folder

from .findings import Finding, doubtful, good, wrong

PREFIX = "RINGFENCE_"
KNOWN = (
    "RINGFENCE_ADDRESS",
    "RINGFENCE_ADDRESSES",
    "RINGFENCE_API_PER_MINUTE",
    "RINGFENCE_SCIM_PER_MINUTE",
    "RINGFENCE_BIND",
    "RINGFENCE_CHANGES_ADDRESS",
    "RINGFENCE_CHANGES_BIND",
    "RINGFENCE_DATA",
    "RINGFENCE_DATABASE",
    "RINGFENCE_DATABASES",
    "RINGFENCE_DEBUG",
    "RINGFENCE_DECIDE_ADDRESS",
    "RINGFENCE_CHECKPOINTS",
    "RINGFENCE_DECIDE_BIND",
    "RINGFENCE_DEMO_MAILS",
    "RINGFENCE_DNS",
    "RINGFENCE_EMAIL_BACKEND",
    "RINGFENCE_FIRM",
    "RINGFENCE_FIRMS_KEPT",
    "RINGFENCE_HOSTS",
    "RINGFENCE_IDLE_MINUTES",
    "RINGFENCE_LEDGER_ORIGIN",
    "RINGFENCE_LOG_FORMAT",
    "RINGFENCE_LOG_LEVEL",
    "RINGFENCE_MAIL_FROM",
    "RINGFENCE_MAIL_HOST",
    "RINGFENCE_MAIL_PASSWORD",
    "RINGFENCE_MAIL_PORT",
    "RINGFENCE_MAIL_TLS",
    "RINGFENCE_MAIL_USER",
    "RINGFENCE_METRICS_BIND",
    "RINGFENCE_REPORT_ADDRESS",
    "RINGFENCE_SECRET_KEY",
    "RINGFENCE_SECRET_KEY_BEFORE",
    "RINGFENCE_SECURITY_LOG_DAYS",
    "RINGFENCE_TIMESTAMPS",
    "RINGFENCE_TIMESTAMP_ROOTS",
    "RINGFENCE_TLS",
    "RINGFENCE_SIGN_IN_NETWORKS",
    "RINGFENCE_STANDBY",
    "RINGFENCE_STANDBY_ALONE_SECONDS",
    "RINGFENCE_SYNCHRONOUS",
    "RINGFENCE_WEBHOOK_NETWORKS",
)
"""Every setting, as docs/run.md lists them."""
SHORT_KEY = 40
"""Characters under which a secret key could be guessed."""
UNMADE_KEY = Path("secret-key")
"""Where in the data folder the first start makes one."""


def unknown_variables() -> Iterator[Finding]:
    """A misspelt setting is not in force, and nothing else says so."""
    for name in sorted(os.environ):
        if not name.startswith(PREFIX) or name in KNOWN:
            continue
        near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.85)
        remedy = f"did you mean {near[0]}?" if near else "docs/run.md lists every setting."
        yield wrong("Variables", f"{name} is no setting, so nothing reads it: {remedy}")


def lend_a_key() -> bool:
    """Whether there is no secret key yet; then this process gets one of its own, and none is written."""
    if os.environ.get("RINGFENCE_SECRET_KEY") or (data_folder() / UNMADE_KEY).exists():
        return False
    os.environ["RINGFENCE_SECRET_KEY"] = secrets.token_urlsafe(50)
    return True


def secret_key(*, unmade: bool) -> Iterator[Finding]:
    """How well it is kept. `unmade`: there is none yet."""
    from django.conf import settings

    from ringfence.settings import DATA

    path = DATA / UNMADE_KEY
    if unmade:
        yield good("Secret key", f"There is none yet: the first start makes one in {path}.")
    elif len(settings.SECRET_KEY) < SHORT_KEY:
        yield wrong(
            "Secret key", f"It is short: give RINGFENCE_SECRET_KEY {SHORT_KEY} random characters or more."
        )
    elif os.environ.get("RINGFENCE_SECRET_KEY"):
        yield good("Secret key", "From RINGFENCE_SECRET_KEY.")
    elif stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield wrong("Secret key", f"Others may read {path}: chmod 600 {path}")
    else:
        yield good("Secret key", f"In {path}. Keep a copy apart from the backups.")
    if settings.DEBUG:
        yield wrong("Debugging", "RINGFENCE_DEBUG is on: errors show the inside to everybody. Unset it.")


def hosts() -> Iterator[Finding]:
    """Whose requests are answered, whether over TLS, and whether printed links are among them."""
    from django.conf import settings

    found = list(settings.ALLOWED_HOSTS)
    local = set(found) <= {"localhost", "127.0.0.1", "[::1]"}
    if odd := [host for host in found if "/" in host]:
        yield wrong("Hosts", f"RINGFENCE_HOSTS holds {odd[0]}: write the host name alone.")
    elif "*" in found:
        yield wrong("Hosts", "RINGFENCE_HOSTS is *: name the hosts that people type.")
    elif local:
        yield doubtful("Hosts", "Only this machine is answered. Others need RINGFENCE_HOSTS=their.host.name.")
    else:
        yield good("Hosts", ", ".join(found))
    yield from _address(local=local)
    if not local and not settings.BEHIND_TLS:
        yield doubtful(
            "TLS", "RINGFENCE_TLS is off: set it to 1 behind a proxy that speaks TLS (docs/run.md)."
        )


def _address(*, local: bool) -> Iterator[Finding]:
    from django.conf import settings

    from ringfence.cli.addresses import DEFAULT, fault_of

    address = os.environ.get("RINGFENCE_ADDRESS", "")
    if not address:
        if not local:
            # Links that are printed can be put right by who reads them, those in mails cannot.
            say = wrong if settings.EMAIL_HOST else doubtful
            yield say(
                "Address",
                f"Links lead to {DEFAULT}, this machine: set RINGFENCE_ADDRESS to what people type.",
            )
    elif fault := fault_of(address):
        yield wrong("Address", f"RINGFENCE_ADDRESS: {fault}")
    elif settings.BEHIND_TLS and not address.startswith("https:"):
        yield wrong("Address", "RINGFENCE_TLS is on, so RINGFENCE_ADDRESS begins with https://.")
    else:
        yield good("Address", f"Links begin with {address}.")


def static_files() -> Finding:
    """Whether the style sheet of the pages was installed."""
    from django.contrib.staticfiles import finders

    missing = [name for name in ("vendor/ringfence.css",) if finders.find(name) is None]
    if missing:
        return wrong("Static files", f"{', '.join(missing)} is missing: install Ringfence anew.")
    return good("Static files", "The style sheet is there.")


def mail() -> Iterator[Finding]:
    """Whether mail is sent, and by whom."""
    from django.conf import settings

    kind = settings.EMAIL_BACKEND
    if settings.DEMO_MAILS:
        yield wrong("Mail", "Anybody can read it: unset RINGFENCE_DEMO_MAILS, which only the demo sets.")
    elif not settings.SENDS_MAIL:
        yield doubtful("Mail", "None is sent: name a mail server in RINGFENCE_MAIL_HOST.")
    elif kind.endswith("console.EmailBackend"):
        yield doubtful("Mail", "It is printed, not sent: name a mail server in RINGFENCE_MAIL_HOST.")
    elif not kind.endswith("smtp.EmailBackend"):
        yield good("Mail", kind)
    else:
        yield _mail_server()
    if settings.EMAIL_HOST and settings.DEFAULT_FROM_EMAIL.endswith("@localhost"):
        yield doubtful("Sender", "Mail comes from ringfence@localhost: set RINGFENCE_MAIL_FROM.")


def _mail_server() -> Finding:
    """Whether it lets us in; nothing is sent."""
    import ssl
    from smtplib import SMTPAuthenticationError, SMTPException, SMTPNotSupportedError

    from django.conf import settings
    from django.core.mail import get_connection

    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection():
            pass
    except SMTPAuthenticationError:
        remedy = "refuses the user: see RINGFENCE_MAIL_USER and RINGFENCE_MAIL_PASSWORD."
    except SMTPNotSupportedError as problem:
        remedy = f"cannot do what RINGFENCE_MAIL_TLS or RINGFENCE_MAIL_USER asks for: {problem}"
    except ssl.SSLError as problem:
        remedy = f"does not speak TLS as RINGFENCE_MAIL_TLS says: {problem.reason or problem}."
    except (OSError, SMTPException) as problem:
        remedy = f"does not answer: {problem}. See RINGFENCE_MAIL_HOST, RINGFENCE_MAIL_PORT and _TLS."
    else:
        return good("Mail", f"{server} lets us in.")
    return wrong("Mail", f"{server} {remedy}")
