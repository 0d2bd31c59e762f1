#!/bin/sh
# Django 5.2.19: the Welsh catalogue spells July "Gorffenaf". CLDR (Babel 2.18.0) and dictionaries: "Gorffennaf".
#
# Seen on 2026-11-29 with Python 3.11:  django Gorffenaf / cldr Gorffennaf
# A date that Django formats for a Welsh reader is misspelt for a month of every year.
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check Django==5.2.19 babel==2.18.0
seen=$("$place/venv/bin/python" - <<'PYTHON'
import django
from babel import Locale
from django.conf import settings

settings.configure(USE_I18N=True)
django.setup()
from django.utils import dates, translation

with translation.override("cy"):
    print("django", dates.MONTHS[7], "/ cldr", Locale("cy").months["format"]["wide"][7])
PYTHON
)
echo "$seen"
test "$seen" = "django Gorffenaf / cldr Gorffennaf"
