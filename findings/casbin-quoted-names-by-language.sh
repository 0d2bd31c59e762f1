#!/bin/sh
# One policy file of Casbin, two answers: a name with a comma, in quotation marks, is one for Node and two for Python.
#
# Seen on 2026-11-30 with casbin 5.51.1 (npm), Node.js 20.20, pycasbin 2.8.0, Python 3.11:
#   node true / python False / python after its own save False
# Casbin's documentation (Policy Storage) tells every user of its files to put such a field in quotation marks.
# pycasbin splits at the comma all the same, and its file adapter writes none, so what was allowed until the save is
# refused after the next load. Directories write people as "Evans, Ann", and firms are called "Smith, Jones & Co":
# the line then puts a `"Evans` into a group `Ann"`, without an error. Pull request 292 of apache/casbin-pycasbin
# (2023) bears the quotation marks in its title; the code knows brackets alone. Node's adapter did not write them either
# until issue 448 of apache/casbin-node-casbin. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pycasbin==2.8.0
npm install --silent --no-save --no-audit --no-fund casbin@5.51.1 >/dev/null
cat > model.conf <<'MODEL'
[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub) && r.obj == p.obj
MODEL
cat > policy.csv <<'POLICY'
p, payroll, dairy
g, "Evans, Ann", payroll
POLICY
cat > ask.cjs <<'NODE'
const { newEnforcer } = require('casbin')
newEnforcer('model.conf', 'policy.csv')
  .then((enforcer) => enforcer.enforce('Evans, Ann', 'dairy'))
  .then((answer) => console.log('node', answer))
NODE
asked=$(node ask.cjs)
seen=$(venv/bin/python - <<'PYTHON'
import casbin

WHO, WHAT = "Evans, Ann", "dairy"
print("python", casbin.Enforcer("model.conf", "policy.csv").enforce(WHO, WHAT), end=" / ")

open("saved.csv", "w").close()
ours = casbin.Enforcer("model.conf", "saved.csv")
ours.add_policy("payroll", WHAT)
ours.add_grouping_policy(WHO, "payroll")
assert ours.enforce(WHO, WHAT)
ours.save_policy()
print("python after its own save", casbin.Enforcer("model.conf", "saved.csv").enforce(WHO, WHAT))
PYTHON
)
seen="$asked / $seen"
echo "$seen"
test "$seen" = "node true / python False / python after its own save False"
