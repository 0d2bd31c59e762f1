#!/bin/sh
# ldap3 2.9.1: an Active Directory account that never expires has expired in 1601, or expires in 9999, by its history.
#
# Seen on 2026-11-30 with Python 3.11:  0 1601-01-01 / 9223372036854775807 9999-12-31 / 134509248000000000 2027-03-31
# Microsoft's page of the attribute Account-Expires: 0 and 2^63 - 1 both say that there is no end; an account that once
# had an end and has it no more holds 0. ldap3 makes a moment of both, one that no directory ever meant, and does not
# say that it is none. Whoever compares it with today shuts out exactly those whose term was lifted, or lists them as
# leavers who still hold clients. The issues of cannatag/ldap3 ask how to write "never" (1050); none tells how it is
# read. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check ldap3==2.9.1
seen=$("$place/venv/bin/python" - <<'PYTHON'
import ldap3

server = ldap3.Server("directory", get_info=ldap3.OFFLINE_AD_2012_R2)
directory = ldap3.Connection(server, client_strategy=ldap3.MOCK_SYNC)
directory.bind()
ends = ("0", "9223372036854775807", "134509248000000000")
for end in ends:
    directory.strategy.add_entry(f"cn={end},o=pike", {"objectClass": "user", "accountExpires": end})
read = []
for end in ends:
    directory.search(f"cn={end},o=pike", "(objectClass=user)", attributes=["accountExpires"])
    read.append(f"{end} {directory.entries[0].accountExpires.value.date()}")
print(" / ".join(read))
PYTHON
)
echo "$seen"
test "$seen" = "0 1601-01-01 / 9223372036854775807 9999-12-31 / 134509248000000000 2027-03-31"
