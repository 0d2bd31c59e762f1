#!/bin/sh
# DuckDB 2.0.1: 31/03/27 in a CSV is 27 March 2031, and no other date from 2001 to 2031 in the column tells it better.
#
# Seen on 2026-11-30 with Python 3.11:
#   long years 2027-03-31 2027-06-30 2028-02-29 / short years 2031-03-27 2030-06-27 2029-02-28
# The documentation (CSV Auto Detection, dates) says that the data often settle which part is the day, and that else a
# list of preferences does. That list begins with years of two digits, before days, so nothing is settled here: 31, 30
# and 29 can only be days to a British reader, but 27 and 28 can be days as well. The same list with whole years is
# read right. What was to end with the tax year goes on for four more, without a word. No issue of duckdb/duckdb tells
# it (13121 is about codes that were taken for such dates). Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check duckdb==2.0.1
seen=$("$place/venv/bin/python" - "$place/list.csv" <<'PYTHON'
import sys

import duckdb


def read(*days):
    with open(sys.argv[1], "w") as file:
        print("client,expires", *(f"C{number},{day}" for number, day in enumerate(days)), sep="\n", file=file)
    return " ".join(str(day) for _client, day in duckdb.read_csv(sys.argv[1]).fetchall())


print("long years", read("31/03/2027", "30/06/2027", "29/02/2028"), end=" / ")
print("short years", read("31/03/27", "30/06/27", "29/02/28"))
PYTHON
)
echo "$seen"
test "$seen" = "long years 2027-03-31 2027-06-30 2028-02-29 / short years 2031-03-27 2030-06-27 2029-02-28"
