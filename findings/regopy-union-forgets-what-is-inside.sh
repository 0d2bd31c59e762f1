#!/bin/sh
# regopy 1.5.2 (rego-cpp): object.union keeps only the right side of two objects under one key.
#
# Seen on 2026-11-30 with Python 3.11:  {'audit': {'manage': ['ann']}, 'vat': {'view': ['bob']}}
# OPA's policy reference, and rego-cpp's own description of the function, call the union recursive: objects under the
# same key are united in their turn, and only values that differ give way. Here `audit.view` of the firm is gone as
# soon as a client says anything about `audit`. The usual way to lay a client's rules over the firm's loses the firm's,
# without an error. OPA's example hides it: both its keys stand on the right as well. No issue of microsoft/rego-cpp
# tells it. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check regopy==1.5.2
seen=$("$place/venv/bin/python" - <<'PYTHON'
import json

import regopy

rego = regopy.Interpreter()
rego.add_module("rules", "package rules\nmerged := object.union(input.firm, input.client)\n")
rego.set_input({
    "firm": {"audit": {"view": ["cat"]}, "vat": {"view": ["bob"]}},
    "client": {"audit": {"manage": ["ann"]}},
})
print(json.loads(str(rego.query("data.rules.merged")))["expressions"][0])
PYTHON
)
echo "$seen"
test "$seen" = "{'audit': {'manage': ['ann']}, 'vat': {'view': ['bob']}}"
