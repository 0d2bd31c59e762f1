"""Searches: who may, to what, and what may be done (AuthZEN 1.0, 8). Totals are exact, nothing is cut.

What comes back is what `core.authority.asked` says of everybody and everything at once, so each result is one
that an evaluation allows.
"""

from array import array
from collections.abc import Sequence
from typing import Any

import msgspec
from pyroaring import BitMap

from ringfence.core.authority.asked import Action, clients_for, engagements_for, judge, members_for
from ringfence.core.terms import Target
from ringfence.store.name_index import NameIndex
from ringfence.store.names import Names
from ringfence.store.sources import Connection

from .asking import CLIENT, USER, FirmAsked
from .paging import asked_again, in_chunks, last_of, limit_of, page_after, page_object, token_after
from .problems import unfit
from .texts_kept import BY_NUMBER, ClientWords
from .wire import ActionSearch, ResourceSearch, SearchPage, SubjectSearch, read, reader

_SUBJECTS, _RESOURCES, _ACTIONS = reader(SubjectSearch), reader(ResourceSearch), reader(ActionSearch)
_PLAIN = reader(dict[str, object])
NAMES = NameIndex()
"""The names that this process keeps."""
SORTS = ("name", "reference")

Results = list[dict[str, Any]]


class SearchAnswer(msgspec.Struct, frozen=True):
    """The body of a response and, for a decision log, what was asked and how many there are."""

    body: bytes
    total: int
    member: int = 0
    target: Target = Target("client", 0)
    action: Action | None = None


def read_subject_search(body: bytes) -> SubjectSearch:
    return read(_SUBJECTS, body)


def read_resource_search(body: bytes) -> ResourceSearch:
    return read(_RESOURCES, body)


def read_action_search(body: bytes) -> ActionSearch:
    return read(_ACTIONS, body)


def search_subjects(asking: FirmAsked, asked: SubjectSearch, body: bytes) -> SearchAnswer:
    """The members who may do this to that, by name."""
    action, target = asking.action(asked.action), asking.target(asked.resource)
    texts = asking.kept.texts
    people = texts.people(asking.source)
    found = BitMap()
    if action is not None and asked.subject.type == USER and target.number:
        found = BitMap(filter(asking.asks_about, members_for(asking.moment, target, action)))
    # All that there are: a page goes on behind somebody who has left the results meanwhile.
    order = in_chunks(array("I", texts.people_in_order(asking.source)))

    def shown(numbers: Sequence[int]) -> Results:
        return [
            {
                "type": USER,
                "id": texts.id_of(person),
                "properties": {"name": person.name, "member": person.number},
            }
            for person in (people[number] for number in numbers if number in people)
        ]

    numbers, page = _page(asking, order, found, asked.page, body)
    return SearchAnswer(_body(asking, page, shown(numbers)), len(found), target=target, action=action)


def search_resources(
    connection: Connection, asking: FirmAsked, asked: ResourceSearch, body: bytes
) -> SearchAnswer:
    """The clients or engagements to which the subject may do this, by name or by reference."""
    action, member = asking.action(asked.action), asking.member(asked.subject)
    kind = asking.kind(asked.resource.type)
    wanted = _Wanted(asking, asked.page)
    if action is None or not member or not kind:
        numbers, page = _page(asking, (), BitMap(), asked.page, body)
        return SearchAnswer(_body(asking, page, []), 0, member=member, action=action)
    names = NAMES.current(connection, asking.kept.texts.firm)
    see = asking.moment.reach(member).see
    if kind == CLIENT:
        clients = wanted.clients(names, see, clients_for(asking.moment, member, action))
        order = names.chunks if wanted.sort == "name" else _by_reference(asking)
        numbers, page = _page(asking, order, clients, asked.page, body)
        results = _client_results(asking, asked.resource.type, numbers, see)
        return SearchAnswer(_body(asking, page, results), len(clients), member=member, action=action)
    if wanted.sort != "name":
        raise unfit("page.properties.sort: engagements come in the order of their clients' names alone.")
    engagements = wanted.engagements(names, engagements_for(asking.moment, member, action))
    chunks = [_Engaged(chunk.engaged, chunk.engagements) for chunk in names.chunks]
    numbers, page = _page(asking, chunks, engagements, asked.page, body)
    results = _engagement_results(asking, asked.resource.type, numbers)
    return SearchAnswer(_body(asking, page, results), len(engagements), member=member, action=action)


def search_actions(asking: FirmAsked, asked: ActionSearch, body: bytes) -> SearchAnswer:
    """Everything that the subject may do to the resource, under every name that it has here."""
    member, target = asking.member(asked.subject), asking.target(asked.resource)
    allowed = {each for each in Action if judge(asking.moment, member, target, each).allowed}
    names = list(asking.action_names())
    wanted = BitMap(place for place, each in enumerate(names, 1) if each.action in allowed)
    order = in_chunks(array("I", range(1, len(names) + 1)))
    numbers, page = _page(asking, order, wanted, asked.page, body)
    results = [names[number - 1].asked() for number in numbers]
    return SearchAnswer(_body(asking, page, results), len(wanted), member=member, target=target)


class _Wanted:
    """What `page.properties` narrows and orders: `text`, `service`, `sort`. Raises `NotAnswered` 400."""

    def __init__(self, asking: FirmAsked, page: SearchPage) -> None:
        self._register = asking.moment.state.register
        self.sort = _text(page, "sort") or "name"
        if self.sort not in SORTS:
            raise unfit(f"page.properties.sort: write one of {', '.join(SORTS)}.")
        self.text = _text(page, "text")
        service = _text(page, "service")
        self._of_service: BitMap | None = None
        if service:
            number = asking.kept.texts.service(asking.source, service)
            self._of_service = self._register.by_service.get(number, BitMap())

    def clients(self, names: Names, see: BitMap, clients: BitMap) -> BitMap:
        """Those of the clients that match by what shows of them to the subject."""
        if self._of_service is not None:
            clients = clients & self._register.clients_of(self._of_service & see)
        if self.text:
            matches = names.matching(self.text)
            clients = clients & (matches.clients | self._register.clients_of(matches.engagements & see))
        return clients

    def engagements(self, names: Names, engagements: BitMap) -> BitMap:
        if self._of_service is not None:
            engagements = engagements & self._of_service
        if self.text:
            matches = names.matching(self.text)
            engagements = engagements & (
                matches.engagements | self._register.spread(matches.clients & self._register.clients)
            )
        return engagements


def _text(page: SearchPage, field: str) -> str:
    found = page.properties.get(field, "")
    if not isinstance(found, str):
        raise unfit(f"page.properties.{field}: write a text.")
    return found


def _page(
    asking: FirmAsked, order: Sequence[Any], wanted: BitMap, page: SearchPage, body: bytes
) -> tuple[list[int], dict[str, object]]:
    limit, asked = limit_of(page), asked_again(body, _PLAIN, asking.kept.texts.secret(asking.source))
    last = last_of(page, asked)
    numbers, more = page_after(order, wanted, last, limit)
    token = token_after(numbers[-1] if numbers else last, asked) if more else ""
    return numbers, page_object(len(numbers), len(wanted), token)


class _Engaged:
    """The engagements of a chunk of names, as `page_after` wants an order."""

    __slots__ = ("clients", "order")

    def __init__(self, order: "array[int]", engagements: BitMap) -> None:
        self.order, self.clients = order, engagements


def _by_reference(asking: FirmAsked) -> Sequence[Any]:
    return asking.kept.texts.by_reference(asking.source)


def _client_results(asking: FirmAsked, kind: str, numbers: Sequence[int], see: BitMap) -> Results:
    words = {each.number: each for each in asking.kept.texts.clients(asking.source, numbers)}
    register = asking.moment.state.register
    return [
        {
            "type": kind,
            "id": words[number].id,
            "properties": {
                "name": words[number].name,
                "client": number,
                "partial": any(each not in see for each in register.engagements_of(number)),
            },
        }
        for number in numbers
        if number in words
    ]


def _engagement_results(asking: FirmAsked, kind: str, numbers: Sequence[int]) -> Results:
    register = asking.moment.state.register
    texts, source = asking.kept.texts, asking.source
    owners = [register.client_of[number] for number in numbers]
    words: dict[int, ClientWords] = {each.number: each for each in texts.clients(source, owners)}
    services = texts.service_names(source)
    return [
        {
            "type": kind,
            "id": f"{BY_NUMBER}{number}",
            "properties": {
                "name": words[client].name,
                "client": words[client].id,
                "service": services.get(register.service_of[number], ""),
            },
        }
        for number, client in zip(numbers, owners, strict=True)
        if client in words
    ]


def _body(asking: FirmAsked, page: dict[str, object], results: Results) -> bytes:
    version = {"version": asking.kept.version}
    return msgspec.json.encode({"page": page, "context": version, "results": results})
