#!/bin/sh
# scim-patch 0.8.3 (npm): a new primary address leaves the old one primary too, and another spelling of a name adds one.
#
# Seen on 2026-11-30 with Node.js 20.20:
#   primary old@pike.example new@pike.example / userName old, USERNAME new
# RFC 7644, 3.5.2: where a PATCH makes a value primary, the server makes every other one of that attribute not so;
# RFC 7643, 2.4 allows at most one, and 2.1 reads names of attributes without regard to capitals. Whoever takes the
# first primary address, as most do, goes on writing to the old one: notices of access and links to sign in among them.
# python-scim/scim2-models had the first of the two as its issue 116, and mended it; thomaspoignant/scim-patch has no
# issue of either. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-save --no-audit --no-fund scim-patch@0.8.3 >/dev/null
cat > patch.cjs <<'NODE'
const { scimPatch } = require('scim-patch')
const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'old',
  emails: [{ value: 'old@pike.example', type: 'work', primary: true }],
  meta: { resourceType: 'User' }
}
const patched = scimPatch(user, [
  { op: 'add', path: 'emails', value: [{ value: 'new@pike.example', type: 'other', primary: true }] },
  { op: 'replace', path: 'USERNAME', value: 'new' }
])
const primary = patched.emails.filter((each) => each.primary).map((each) => each.value)
const names = Object.keys(patched).filter((key) => key.toLowerCase() === 'username')
console.log(['primary', ...primary].join(' '), '/', names.map((key) => `${key} ${patched[key]}`).join(', '))
NODE
seen=$(node patch.cjs)
echo "$seen"
test "$seen" = "primary old@pike.example new@pike.example / userName old, USERNAME new"
