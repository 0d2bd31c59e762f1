"""Making the demonstration firms, in a database that is the demo's own.

A table of one row marks the database and says whether everything was made. A database with anything in it
but without that table belongs to somebody else and is refused.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection
from ruamel.yaml import YAML

from ringfence.access import OPERATOR, Actor, create_firm, execute
from ringfence.access.ledger.telling import nothing_to_tell
from ringfence.cli.databases.migrating import bring_up_to_date, make_file
from ringfence.cli.doctor.database_looks import DEMO_TABLE
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import FirmNames
from ringfence.cli.setting_up.generate import fill
from ringfence.core.commands.parsing import parse
from ringfence.core.settings import Profile
from ringfence.core.terms import Role, Thing
from ringfence.firms.models import Firm, Member, User
from ringfence.notices.mail_folder import forget_mails

PASSWORD = "ringfence-demo"
"""Everybody's, and printed for everybody."""
FIRMS = Path(__file__).with_name("firms")
BIG_FIRM = "Pennant Tax Agents"
BIG_ADMIN = "admin@pennant.example"
CLIENTS, MEMBERS, GROUPS, SEED = 5_000, 60, 12, 7

Say = Callable[[str], None]


class Administrator(msgspec.Struct, frozen=True, kw_only=True):
    """The member a firm begins with."""

    name: str
    email: str
    role: Role = Role.ADMINISTRATOR


class Step(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One command; `by` a member's e-mail address, the operator where it is left out."""

    do: str
    by: str = ""
    arguments: dict[str, Any] = msgspec.field(default_factory=dict, name="with")


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of `firms/`: a firm and all that was done in it."""

    name: str
    profile: Profile
    administrator: Administrator
    accounts: dict[str, str]
    """Who to sign in as, and who that is."""
    steps: tuple[Step, ...]


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One way in, for the list that is printed."""

    firm: str
    email: str
    who: str


def stories() -> list[Story]:
    """The four firms in the order of their files' names."""
    found = []
    for path in sorted(FIRMS.glob("*.yaml")):
        document = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
        found.append(msgspec.convert(document, Story))
    return found


def prepare(*, fresh: bool, say: Say) -> None:
    """See that the firms are there: made the first time, kept ever after, anew where `fresh`."""
    make_file()
    stage = _stage()
    bring_up_to_date()
    if stage == "ready" and not fresh:
        return
    if stage:
        _refuse_other_firms()
        say("Starting over: everything in the demo's database is removed.")
        call_command("flush", verbosity=0, interactive=False)
        forget_mails()
    _mark("making")
    for story in stories():
        say(f"Making {story.name} ({story.profile}) …")
        tell(story)
    say(f"Making {BIG_FIRM} (agency): {CLIENTS:,} clients, {MEMBERS} members …")
    fill(BIG_FIRM, clients=CLIENTS, members=MEMBERS, groups=GROUPS, seed=SEED, admin=BIG_ADMIN)
    # Worked out once: it is meant to be slow.
    User.objects.update(password=make_password(PASSWORD))
    nothing_to_tell()
    _mark("ready")


def accounts() -> Iterator[Account]:
    """Everybody to sign in as, firm by firm."""
    for story in stories():
        for email, who in story.accounts.items():
            yield Account(firm=f"{story.name} ({story.profile})", email=email, who=who)
    firm = f"{BIG_FIRM} (agency)"
    yield Account(firm=firm, email=BIG_ADMIN, who=f"administrator; {CLIENTS:,} clients, {MEMBERS} members")
    rows = Member.objects.filter(firm__name=BIG_FIRM, role=Role.STANDARD.value, active=True).exclude(email="")
    for member in rows.order_by("number")[:1]:
        yield Account(firm=firm, email=member.email, who="team member")


def tell(story: Story) -> None:
    """Make the firm, and do in it what its story says."""
    first = story.administrator
    made = create_firm(
        story.name, story.profile, admin_email=first.email, admin_name=first.name, role=first.role
    )
    names = FirmNames(Firm.objects.get(pk=made.firm))
    for step in story.steps:
        actor = Actor(names.need(Thing.MEMBER, step.by)) if step.by else OPERATOR
        execute(made.firm, parse(step.do, step.arguments, names), actor=actor)


# --- Whose database this is


def _stage() -> str:
    """How far the demo came in this database, empty where it never was; a `Fault` where it is another's."""
    tables = set(connection.introspection.table_names())
    if DEMO_TABLE in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT stage FROM {DEMO_TABLE}")
            found = cursor.fetchone()
        return str(found[0]) if found else "making"
    empty = not tables or ("firms_firm" in tables and not Firm.objects.exists() and not User.objects.exists())
    if not empty:
        raise Fault(
            f"This database is not the demo's own: {connection.settings_dict['NAME']}. Nothing was changed."
            " Unset RINGFENCE_DATABASE, or name an empty one."
        )
    return ""


def _refuse_other_firms() -> None:
    """Raises a `Fault` where somebody has made a firm of their own beside the demo's."""
    own = [story.name for story in stories()] + [BIG_FIRM]
    others = list(Firm.objects.exclude(name__in=own).order_by("name_key").values_list("name", flat=True))
    if others:
        raise Fault(
            f"This database holds firms that are not the demo's: {', '.join(others)}. Starting over would"
            " remove them, so nothing was changed. Start the demo with another folder in RINGFENCE_DATA, or"
            f" another database in RINGFENCE_DATABASE. Here it is {connection.settings_dict['NAME']}."
        )


def _mark(stage: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {DEMO_TABLE} (stage text NOT NULL)")
        cursor.execute(f"DELETE FROM {DEMO_TABLE}")
        cursor.execute(f"INSERT INTO {DEMO_TABLE} (stage) VALUES (%s)", [stage])
