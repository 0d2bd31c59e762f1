#!/bin/sh
# Babel 2.18.0 on Python 3.11: a message inside an f-string is not extracted, and nothing says so.
#
# Seen on 2026-11-29 with Python 3.11.7:  alone in-call
# Of _("alone"), label(_("in-call")) and f"{_('in-f-string')}!" the third never reaches a catalogue, so a page
# shows it in the language of the source. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3.11 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check babel==2.18.0
cat > "$place/page.py" <<'PYTHON'
first = _("alone")
second = label(_("in-call"))
third = f"{_('in-f-string')}!"
PYTHON
seen=$("$place/venv/bin/python" - "$place/page.py" <<'PYTHON'
import sys

from babel.messages.extract import extract_from_file

print(*(message for _line, message, *_rest in extract_from_file("python", sys.argv[1])))
PYTHON
)
echo "$seen"
test "$seen" = "alone in-call"
