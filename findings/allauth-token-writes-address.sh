#!/bin/sh
# django-allauth 65.21.1: making a token for a password link writes an unverified e-mail row for its user.
#
# Seen on 2026-11-29 with Python 3.11, Django 5.2.19:  before 0 / token / after 1 unverified
# The row is written while a hash is computed, also by whoever only checks a token (a GET of the link). With
# multi-factor sign-in on, an unverified row forbids its user to add an authenticator app or a passkey.
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check Django==5.2.19 django-allauth==65.21.1
seen=$("$place/venv/bin/python" - <<'PYTHON'
import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "allauth", "allauth.account"],
    MIDDLEWARE=["allauth.account.middleware.AccountMiddleware"],
    SECRET_KEY="not a secret",
)
django.setup()
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.management import call_command

call_command("migrate", verbosity=0)
someone = User.objects.create_user("someone", "someone@example.org", "correct horse battery")
before = EmailAddress.objects.count()
token = default_token_generator.make_token(someone)
rows = EmailAddress.objects.filter(user=someone, verified=False).count()
print("before", before, "/", "token" if token else "none", "/ after", rows, "unverified")
PYTHON
)
echo "$seen"
test "$seen" = "before 0 / token / after 1 unverified"
