#!/bin/sh
# npm cloudevents 10.0.0 keeps a subject percent-encoded that PyPI's cloudevents 2.2.0 sent, and cuts its time.
#
# Seen on 2026-11-30 with Node 20 and Python 3.11:
#   sent Tŷ Gŵyr 10:00:00.123456 / read T%C5%B7%20G%C5%B5yr 10:00:00.123 / sent by npm Tŷ Gŵyr 10:00:00.123
# CloudEvents' HTTP binding 1.0.2 (3.1.3.2) encodes what is not printable ASCII in a header of a binary event, and
# decodes it again; the Python SDK does both, the JavaScript one neither (Go and Java are told of in spec issue 1397).
# RFC 3339 has as many digits of a second as one likes: whoever compares times to find an event twice, or goes on
# from the last one, meets another moment. Structured events, which are JSON as a whole, keep the subject, not the time.
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-audit --no-fund cloudevents@10.0.0 >/dev/null
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check cloudevents==2.2.0
venv/bin/python >headers.json <<'PYTHON'
import json
from datetime import UTC, datetime

from cloudevents.core.bindings.http import to_binary_event
from cloudevents.core.v1.event import CloudEvent

attributes = {
    "id": "1",
    "source": "/firms/7",
    "type": "client.renamed",
    "specversion": "1.0",
    "subject": "Tŷ Gŵyr",
    "time": datetime(2026, 11, 30, 10, 0, 0, 123456, tzinfo=UTC),
}
message = to_binary_event(CloudEvent(attributes, {"a": 1}))
print(json.dumps({"content-type": "application/json", **message.headers}))
PYTHON
seen=$(node -e '
const { CloudEvent, HTTP } = require("cloudevents");
const clock = (text) => text.slice(11, -1);
const read = HTTP.toEvent({ headers: require("./headers.json"), body: "{\"a\":1}" });
const own = new CloudEvent({
  id: "1", source: "/firms/7", type: "client.renamed", subject: "Tŷ Gŵyr", time: "2026-11-30T10:00:00.123456Z",
});
const sent = HTTP.binary(own).headers;
console.log(
  `sent Tŷ Gŵyr 10:00:00.123456 / read ${read.subject} ${clock(read.time)}` +
  ` / sent by npm ${sent["ce-subject"]} ${clock(sent["ce-time"])}`
);
')
echo "$seen"
test "$seen" = "sent Tŷ Gŵyr 10:00:00.123456 / read T%C5%B7%20G%C5%B5yr 10:00:00.123 / sent by npm Tŷ Gŵyr 10:00:00.123"
