#!/bin/sh
# scim2-filter-parser 0.7.0: "and" binds no closer than "or", so a search of users answers with fewer, or with others.
#
# Seen on 2026-11-30 with Python 3.11, scim2-models 0.12.3:  scim2-filter-parser ann / scim2-models ann bob
# RFC 7644, 3.4.2.2 puts "not" before "and" and "and" before "or". The parser cites that order above its table of
# precedence, and the table gives both the same: `bob or ann and active` becomes `(bob or ann) and active`.
# A directory that asks so for somebody who has left is told that there is nobody, and makes the account anew or
# leaves the old one. No issue of 15five/scim2-filter-parser tells it (17 was about three terms in a row).
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  scim2-filter-parser==0.7.0 scim2-models==0.12.3
seen=$("$place/venv/bin/python" - <<'PYTHON'
import re
import sqlite3

from scim2_filter_parser.queries import SQLQuery
from scim2_models import SearchRequest, User

PEOPLE = {"ann": True, "bob": False}
FILTER = 'userName eq "bob" or userName eq "ann" and active eq true'

columns = {("userName", None, None): "name", ("active", None, None): "active"}
query = SQLQuery(FILTER, "people", columns)
database = sqlite3.connect(":memory:")
database.execute("CREATE TABLE people (name TEXT, active TEXT)")
database.executemany("INSERT INTO people VALUES (?, ?)", [(name, str(on).upper()) for name, on in PEOPLE.items()])
where = re.sub(r"\{\w\}", "?", query.where_sql)
rows = database.execute(f"SELECT name FROM people WHERE {where} ORDER BY name", query.params)
print("scim2-filter-parser", *(name for (name,) in rows), end=" / ")

asked = SearchRequest[User].model_validate({"filter": FILTER})
print("scim2-models", *(name for name, on in PEOPLE.items() if asked.filter.match(User(user_name=name, active=on))))
PYTHON
)
echo "$seen"
test "$seen" = "scim2-filter-parser ann / scim2-models ann bob"
