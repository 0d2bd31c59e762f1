"""What gives clients and engagements back."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing

from . import facts as f
from .around import Around


def clients_back(around: Around) -> Iterator[w.Command]:
    for there in around.of(f.Present):
        yield from (
            w.RestoreClient(client=client) for client in there.read(around.before) - there.read(around.state)
        )
    for served in around.of(f.Served):
        if served.read(around.before) is not None and served.read(around.state) is None:
            reference = around.words.before(Thing.ENGAGEMENT, served.engagement).get("reference", "")
            yield w.AddEngagement(client=served.client, service=served.service, reference=reference)
