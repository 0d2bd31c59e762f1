#!/bin/sh
# regopy 1.5.2 (rego-cpp): time.parse_rfc3339_ns cannot read a time that ends in Z, not even one that it wrote itself.
#
# Seen on 2026-11-30 with Python 3.11:
#   Z undefined / +00:00 1806494400000000000 / own 1970-01-01T00:00:00.000000000Z undefined
# RFC 3339, 5.6 has "Z" beside numbers for the distance from UTC, and the function's name in OPA's policy reference
# promises that form: nearly every policy that uses it, and every JSON that a program writes, has the Z. Without an
# error the rule has no value, so a grant until 31 March is closed from its first day. No issue of microsoft/rego-cpp
# tells it. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check regopy==1.5.2
seen=$("$place/venv/bin/python" - <<'PYTHON'
import json

import regopy


def answer(query):
    said = str(regopy.Interpreter().query(query))
    return said if said == "undefined" else json.loads(said)["expressions"][0]


own = answer("time.format(0)")
print(
    f'Z {answer("""time.parse_rfc3339_ns("2027-03-31T12:00:00Z")""")}',
    f'+00:00 {answer("""time.parse_rfc3339_ns("2027-03-31T12:00:00+00:00")""")}',
    f'own {own} {answer(f"""time.parse_rfc3339_ns("{own}")""")}',
    sep=" / ",
)
PYTHON
)
echo "$seen"
test "$seen" = "Z undefined / +00:00 1806494400000000000 / own 1970-01-01T00:00:00.000000000Z undefined"
