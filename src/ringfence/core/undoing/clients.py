"""What gives clients and engagements back."""

from collections.abc import Iterator

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing

from . import facts as f
from .around import Around


def clients_back(around: Around) -> Iterator[w.Command]:
    for fact in around.of(f.Present):
        yield from (
            w.RestoreClient(client=client) for client in fact.read(around.before) - fact.read(around.state)
        )
    for fact in around.of(f.Served):
        assert isinstance(fact, f.Served)
        if fact.read(around.before) is not None and fact.read(around.state) is None:
            reference = around.words.before(Thing.ENGAGEMENT, fact.engagement).get("reference", "")
            yield w.AddEngagement(client=fact.client, service=fact.service, reference=reference)
