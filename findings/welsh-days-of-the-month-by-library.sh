#!/bin/sh
# date-fns 4.4.0, moment 2.31.0, num2words 0.5.14: no two of them count the days of a month alike in Welsh.
#
# Seen on 2026-11-30 with Node 20 and Python 3.11:
#   date-fns 2ail 7fed 20ain / moment 2il 7ed 20fed / num2words 20 ugainfed, 21 cyntaf ar hugain
# A letter or a notice of a Welsh office says "yr 2il", "y 7fed" (seithfed), "yr 20fed" (ugeinfed) and "yr 21ain"
# (unfed ar hugain); the first is "cyntaf" alone, never before "ar". date-fns is wrong about 2 and 20, moment about 7,
# num2words about 20 and 21. Who writes dates in words or with such endings has to keep a list of 31 of their own, or
# write as official Welsh does: the number alone ("21 Tachwedd").
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund date-fns@4.4.0 moment@2.31.0 >/dev/null
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check num2words==0.5.14
seen=$(node -e '
const { format } = require("date-fns");
const { cy } = require("date-fns/locale");
const moment = require("moment");
require("moment/locale/cy");
const days = [2, 7, 20].map((day) => new Date(2026, 10, day));
const one = days.map((day) => format(day, "do", { locale: cy })).join(" ");
const other = days.map((day) => moment(day).locale("cy").format("Do")).join(" ");
process.stdout.write(`date-fns ${one} / moment ${other} / `);
')
seen="$seen$(venv/bin/python -c '
from num2words import num2words

words = (str(day) + " " + num2words(day, lang="cy", to="ordinal") for day in (20, 21))
print("num2words", ", ".join(words))
')"
echo "$seen"
test "$seen" = "date-fns 2ail 7fed 20ain / moment 2il 7ed 20fed / num2words 20 ugainfed, 21 cyntaf ar hugain"
