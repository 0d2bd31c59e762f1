"""`ringfence webhook …`: where a firm's events are sent, from the command line."""

from zoneinfo import ZoneInfo

import click
from django.conf import settings

from ringfence.access import OPERATOR
from ringfence.access.changes import FAMILIES
from ringfence.access.webhooks import (
    KeptWebhook,
    TooMany,
    UnfitAddress,
    WhyUnfit,
    add_webhook,
    deliveries,
    delivery_numbered,
    pause_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
    secret_text,
    webhook_numbered,
    webhooks,
)
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.options import as_datetime, firm_option, json_option, moment_text, number_argument
from ringfence.cli.show import as_json, line, table
from ringfence.firms.models import Firm
from ringfence.firms.sealing import Unsealable
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.webhooks import send_again, send_test
from ringfence.wording.webhooks import answered_text

UNFIT = {
    WhyUnfit.MALFORMED: "is no address of the web: write https://example.com/events",
    WhyUnfit.SECRETS: "holds a name or a password: events are signed instead, so leave it out",
    WhyUnfit.NOT_HTTPS: "needs https://, or a network of yours named in RINGFENCE_WEBHOOK_NETWORKS",
    WhyUnfit.PRIVATE: "is in a private network: name it in RINGFENCE_WEBHOOK_NETWORKS if it is yours",
}


@click.group()
def webhook() -> None:
    """Send a firm's events to other software."""


@webhook.command("add")
@click.argument("address")
@firm_option
@click.option("--only", metavar="WORDS", help=f"What is sent, with commas: {', '.join(FAMILIES)}.")
@json_option
def add(address: str, firm: str | None, only: str | None, json: bool) -> None:
    """Send what happens from now on to ADDRESS; prints the secret that signs it, alone.

    It begins with https:// and can be reached from the internet, or leads into a network that
    RINGFENCE_WEBHOOK_NETWORKS names.
    """
    found = find_firm(firm)
    families = frozenset(part.strip() for part in (only or "").split(",") if part.strip())
    if unknown := families.difference(FAMILIES):
        raise Fault(f"--only: there is no {min(unknown)!r}. Use some of {', '.join(FAMILIES)}.")
    try:
        made = add_webhook(
            found.pk, address, actor=OPERATOR, families=families, own=settings.WEBHOOK_NETWORKS
        )
    except UnfitAddress as unfit:
        raise Fault(f"{address!r} {UNFIT[unfit.why]}.") from unfit
    except TooMany as enough:
        raise Fault(f"{found.name} has as many webhooks as a firm may have: remove one first.") from enough
    secret = secret_text(made)
    if json:
        as_json({"firm": found.pk, "number": made.number, "secret": secret})
        return
    line(secret)


@webhook.command("list")
@firm_option
@json_option
def list_(firm: str | None, json: bool) -> None:
    """List a firm's webhooks, with how each stands."""
    found = find_firm(firm)
    hooks = webhooks(found.pk)
    if json:
        as_json([_plain(hook) for hook in hooks])
        return
    rows = [
        (
            hook.number,
            hook.address,
            hook.standing.value,
            ", ".join(sorted(hook.families)) or "all",
            hook.behind,
        )
        for hook in hooks
    ]
    table(("#", "Address", "State", "Sent", "Waiting"), rows)


@webhook.command("log")
@number_argument
@firm_option
@click.option("--last", type=click.IntRange(1, 1000), default=20, show_default=True)
@json_option
def log(number: int, firm: str | None, last: int, json: bool) -> None:
    """Show the last attempts to send, newest first."""
    found, hook = _one(firm, number)
    attempts = deliveries(found.pk, hook.number, count=last)
    if json:
        as_json(
            [
                {
                    "number": each.number,
                    "entry": each.entry,
                    "part": each.part,
                    "type": each.type,
                    "at": as_datetime(each.at).isoformat(),
                    "status": each.status,
                    "fault": each.fault,
                    "milliseconds": each.milliseconds,
                    "again": each.again,
                }
                for each in attempts
            ]
        )
        return
    zone = ZoneInfo(found.timezone)
    rows = [
        (
            each.number,
            moment_text(each.at, zone),
            each.type,
            each.entry,
            answered_text(each.status, each.fault),
        )
        for each in attempts
    ]
    table(("#", "When", "Event", "Entry", "Answer"), rows)


@webhook.command("test")
@number_argument
@firm_option
def test(number: int, firm: str | None) -> None:
    """Send an event that tells of nothing; `ringfence webhook log` shows what was answered."""
    found, hook = _one(firm, number)
    enqueue(send_test, found.pk, hook.number)
    line("A test is on its way: the jobs process sends it.")


@webhook.command("resend")
@number_argument
@click.argument("attempt", type=click.IntRange(1))
@firm_option
def resend(number: int, attempt: int, firm: str | None) -> None:
    """Send the event of an earlier ATTEMPT once more."""
    found, hook = _one(firm, number)
    if delivery_numbered(found.pk, hook.number, attempt) is None:
        raise Fault(
            f"Webhook {number} has no attempt {attempt}: `ringfence webhook log {number}` lists them."
        )
    enqueue(send_again, found.pk, hook.number, attempt)
    line("It is on its way once more: the jobs process sends it.")


@webhook.command("rotate")
@number_argument
@firm_option
def rotate(number: int, firm: str | None) -> None:
    """Make a new secret and print it, alone; for a day the one before signs as well."""
    found, _hook = _one(firm, number)
    made = rotate_secret(found.pk, number, actor=OPERATOR)
    line(secret_text(made))


@webhook.command("secret")
@number_argument
@firm_option
def secret(number: int, firm: str | None) -> None:
    """Print the secret, alone."""
    _found, hook = _one(firm, number)
    try:
        line(secret_text(hook))
    except Unsealable as problem:
        raise Fault(
            f"Its secret is {problem}. Give the server its secret key of before as"
            f" RINGFENCE_SECRET_KEY_BEFORE, or make a new secret: ringfence webhook rotate {number}"
        ) from problem


@webhook.command("pause")
@number_argument
@firm_option
def pause(number: int, firm: str | None) -> None:
    """Send nothing until it is resumed; what happens meanwhile is kept."""
    found, _hook = _one(firm, number)
    pause_webhook(found.pk, number, actor=OPERATOR)
    line(f"Webhook {number} is paused.")


@webhook.command("resume")
@number_argument
@firm_option
@click.option("--skip", is_flag=True, help="Send only what happens from now on.")
def resume(number: int, firm: str | None, skip: bool) -> None:
    """Send again, first what waited."""
    found, _hook = _one(firm, number)
    resume_webhook(found.pk, number, actor=OPERATOR, skip=skip)
    line(f"Webhook {number} is resumed.")


@webhook.command("remove")
@number_argument
@firm_option
def remove(number: int, firm: str | None) -> None:
    """Send nothing there any more."""
    found, _hook = _one(firm, number)
    remove_webhook(found.pk, number, actor=OPERATOR)
    line(f"Webhook {number} is removed.")


def _one(firm: str | None, number: int) -> tuple[Firm, KeptWebhook]:
    found = find_firm(firm)
    hook = webhook_numbered(found.pk, number)
    if hook is None:
        raise Fault(f"{found.name} has no webhook {number}: `ringfence webhook list` lists them.")
    return found, hook


def _plain(hook: KeptWebhook) -> dict[str, object]:
    return {
        "number": hook.number,
        "address": hook.address,
        "state": hook.standing.value,
        "sent": sorted(hook.families),
        "sent_until": str(hook.place),
        "waiting": hook.behind,
        "attempts": hook.attempts,
    }
