#!/bin/sh
# SCIMMY 1.3.5 (npm scimmy): `not (a or b)` finds who lacks one of the two, as if it said `not (a and b)`.
#
# Seen on 2026-11-30 with Node.js 20.20, scim2-parse-filter 0.2.10:
#   scimmy member partner trainee / scim2-parse-filter member
# RFC 7644, 3.4.2.2: what stands in parentheses is worked out first, then "not" turns its answer round. SCIMMY hands
# "not" on to each of the two and keeps the "or" between them, which only "and" would make right. A search for
# everybody but partners and trainees, say to take a group's members away, comes with the partners and the trainees.
# No issue of scimmyjs/scimmy tells it. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-save --no-audit --no-fund scimmy@1.3.5 scim2-parse-filter@0.2.10 >/dev/null
cat > find.mjs <<'NODE'
import SCIMMY from 'scimmy'
import other from 'scim2-parse-filter'

const people = ['member', 'partner', 'trainee'].map((title) => ({ title }))
const asked = 'not (title eq "partner" or title eq "trainee")'
const found = {
  scimmy: new SCIMMY.Types.Filter(asked).match(people),
  'scim2-parse-filter': people.filter(other.filter(other.parse(asked)))
}
console.log(Object.entries(found).map(([name, who]) => [name, ...who.map((each) => each.title)].join(' ')).join(' / '))
NODE
seen=$(node find.mjs)
echo "$seen"
test "$seen" = "scimmy member partner trainee / scim2-parse-filter member"
