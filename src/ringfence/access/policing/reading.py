"""A policy file read whole: every policy in it, or every fault with its line and column (rules.md 10).

Forms are read here; `selecting.py` reads who and which clients. That statements contradict one another is for
`contradictions.py`.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ringfence.core import statements as st
from ringfence.core.directory import shows, unique_key
from ringfence.core.terms import GIVING, Level, Reason
from ringfence.core.texts import POLICY_NAME, POLICY_TEXT, steers

from .faults import PF, FaultyPolicies, FilePlace
from .naming import PolicyNaming
from .nodes import PolicyDocument, documents, place_of
from .selecting import StatementReader

KEYS = ("name", "mode", "statements")
MODES = ("warn", "refuse")
POLICIES = 200
STATEMENTS = 200
"""Of one policy."""
MOST = 10_000_000
"""The highest number that a statement may name."""


class ReadPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy as its file says it, with the places of its parts."""

    name: str
    mode: st.PolicyMode | None
    """None where the file says none."""
    statements: tuple[st.Statement, ...]
    text: str
    place: FilePlace
    places: tuple[FilePlace, ...]
    """Of the statements."""


def read_policies(text: str, names: PolicyNaming) -> list[ReadPolicy]:
    """The policies of a file. Raises `FaultyPolicies` with everything that is wrong in it."""
    found = documents(text)
    reader = StatementReader(names)
    if len(found) > POLICIES:
        reader.fault(PF.TOO_MANY, found[POLICIES].root, limit=POLICIES)
    policies = [policy for each in found[:POLICIES] if (policy := _policy(reader, each)) is not None]
    first: dict[str, FilePlace] = {}
    for policy in policies:
        known = first.setdefault(unique_key(policy.name), policy.place)
        if known is not policy.place:
            reader.fault_at(PF.NAME_TWICE, policy.place, name=policy.name, line=known.line)
    if reader.faults:
        raise FaultyPolicies(reader.faults)
    return policies


def _policy(reader: StatementReader, document: PolicyDocument) -> ReadPolicy | None:
    root = document.root
    if not isinstance(root, MappingNode):
        reader.fault(PF.NOT_A_POLICY, root)
        return None
    if len(document.text) > POLICY_TEXT:
        reader.fault(PF.POLICY_TOO_LONG, root, limit=POLICY_TEXT)
        return None
    if any(steers(letter) and letter not in "\r\n\t" for letter in document.text):
        reader.fault(PF.CONTROL, root)
        return None
    parts = reader.parts(root, KEYS, needed=("name", "statements"))
    name, mode = _name(reader, parts.get("name")), _mode(reader, parts.get("mode"))
    statements = _statements(reader, parts.get("statements"))
    if name is None or statements is None:
        return None
    return ReadPolicy(
        name=name,
        mode=mode,
        statements=tuple(said for said, _place in statements),
        text=document.text,
        place=place_of(parts["name"]),
        places=tuple(place for _said, place in statements),
    )


def _name(reader: StatementReader, node: Node | None) -> str | None:
    if node is None:
        return None
    name = reader.text(node)
    if name is None:
        return None
    name = name.strip()
    if not shows(name):
        reader.fault(PF.NAME_EMPTY, node)
        return None
    if len(name) > POLICY_NAME:
        reader.fault(PF.NAME_TOO_LONG, node, limit=POLICY_NAME)
        return None
    if any(map(steers, name)):
        reader.fault(PF.NAME_CONTROL, node)
        return None
    return name


def _mode(reader: StatementReader, node: Node | None) -> st.PolicyMode | None:
    if node is None:
        return None
    word = reader.text(node)
    if word is not None and word not in MODES:
        reader.fault(PF.NO_MODE, node, modes=", ".join(MODES), near=word, among=MODES, word=word)
    return "refuse" if word == "refuse" else "warn"


def _statements(reader: StatementReader, node: Node | None) -> list[tuple[st.Statement, FilePlace]] | None:
    if node is None:
        return None
    if not isinstance(node, SequenceNode) or not node.value:
        reader.fault(PF.NO_STATEMENTS, node)
        return None
    if len(node.value) > STATEMENTS:
        reader.fault(PF.TOO_MANY, node.value[STATEMENTS], limit=STATEMENTS)
        return None
    found = [(_statement(reader, each), place_of(each)) for each in node.value]
    return [(said, place) for said, place in found if said is not None]


Parts = Mapping[str, Node]


def _statement(reader: StatementReader, node: Node) -> st.Statement | None:
    """A statement, told apart by its keys."""
    if not isinstance(node, MappingNode):
        reader.no_statement(node, _FORMS, FORMS)
        return None
    keys = {key.value for key, _value in node.value if isinstance(key, ScalarNode)}
    # The key that only one form has says which is meant, also where another is missing.
    for mark, forms in _FORMS.items():
        if mark in keys:
            known = next((form for form in forms if set(form) == keys), None) or _likeliest(forms, keys)
            parts = reader.parts(node, known, needed=known)
            return _READERS[known](reader, parts) if set(known) <= set(parts) else None
    reader.no_statement(node, _FORMS, FORMS)
    return None


def _likeliest(forms: tuple[tuple[str, ...], ...], keys: set[str]) -> tuple[str, ...]:
    return max(forms, key=lambda form: (len(keys & set(form)), -len(set(form) - keys)))


def _never(reader: StatementReader, parts: Parts) -> st.Statement | None:
    members, clients = reader.members(parts["never"]), reader.clients(parts["sees"])
    return None if members is None or clients is None else st.Never(members=members, clients=clients)


def _only(reader: StatementReader, parts: Parts) -> st.Statement | None:
    members, clients = reader.members(parts["only"]), reader.clients(parts["see"])
    return None if members is None or clients is None else st.Only(members=members, clients=clients)


def _at_least(reader: StatementReader, parts: Parts) -> st.Statement | None:
    number, clients = _number(reader, parts["at_least"], 1), reader.clients(parts["see"])
    return None if number is None or clients is None else st.AtLeast(number=number, clients=clients)


def _at_most(reader: StatementReader, parts: Parts) -> st.Statement | None:
    number, clients = _number(reader, parts["at_most"], 0), reader.clients(parts["see"])
    return None if number is None or clients is None else st.AtMost(number=number, clients=clients)


def _at_most_clients(reader: StatementReader, parts: Parts) -> st.Statement | None:
    number = _number(reader, parts["at_most"], 0)
    clients, members = reader.clients(parts["clients"]), reader.members(parts["by"])
    if number is None or clients is None or members is None:
        return None
    return st.AtMostClients(number=number, clients=clients, members=members)


def _at_most_level(reader: StatementReader, parts: Parts) -> st.Statement | None:
    level = _level(reader, parts["at_most_level"], (Level.NONE, Level.READER, Level.EDITOR))
    clients, members = reader.clients(parts["on"]), reader.members(parts["by"])
    if level is None or clients is None or members is None:
        return None
    return st.AtMostLevel(level=level, clients=clients, members=members)


def _check(reader: StatementReader, parts: Parts) -> st.Statement | None:
    node = parts["check"]
    if not isinstance(node, MappingNode):
        reader.fault(PF.NO_STATEMENT, node, forms=FORMS)
        return None
    known = ("member", "client", "service", "level", "reason")
    inner = reader.parts(node, known, needed=("member", "client", "level"))
    if not {"member", "client", "level"} <= inner.keys():
        return None
    before = len(reader.faults)
    member, client = reader.member(inner["member"]), reader.client(inner["client"])
    service = reader.service(inner["service"]) if "service" in inner else 0
    level = _level(reader, inner["level"], (Level.NONE, *GIVING))
    reason = _reason(reader, inner["reason"]) if "reason" in inner else None
    if client and service and not reader.names.engagement(client, service):
        reader.fault(PF.CLIENT_WITHOUT_SERVICE, inner["service"])
    if len(reader.faults) > before or level is None:
        return None
    return st.CheckIs(member=member, client=client, service=service, level=level, reason=reason)


def _sees(reader: StatementReader, parts: Parts) -> st.Statement | None:
    member, clients = reader.member(parts["member"]), reader.client_list(parts["sees"])
    return None if not member or clients is None else st.MemberSees(member=member, clients=clients)


def _open_to(reader: StatementReader, parts: Parts) -> st.Statement | None:
    client, members = reader.client(parts["client"]), reader.member_list(parts["open_to"])
    return None if not client or members is None else st.OpenTo(client=client, members=members)


_READERS: dict[tuple[str, ...], Callable[[StatementReader, Parts], st.Statement | None]] = {
    ("never", "sees"): _never,
    ("only", "see"): _only,
    ("at_least", "see"): _at_least,
    ("at_most", "see"): _at_most,
    ("at_most", "clients", "by"): _at_most_clients,
    ("at_most_level", "on", "by"): _at_most_level,
    ("check",): _check,
    ("member", "sees"): _sees,
    ("client", "open_to"): _open_to,
}
_FORMS = {mark: tuple(form for form in _READERS if form[0] == mark) for mark, *_rest in _READERS}
FORMS = "; ".join(", ".join(form) for form in _READERS)


def _number(reader: StatementReader, node: Node, least: int) -> int | None:
    """A whole number in digits."""
    word = reader.text(node)
    if word is None:
        return None
    if not (word.isascii() and word.isdigit()) or (len(word) > 1 and word.startswith("0")):
        reader.fault(PF.NO_NUMBER, node, word=word)
        return None
    if not least <= int(word) <= MOST:
        reader.fault(PF.NUMBER_RANGE, node, least=least, most=MOST)
        return None
    return int(word)


def _level(reader: StatementReader, node: Node, offered: Sequence[Level]) -> Level | None:
    words = [level.word for level in offered]
    word = reader.text(node)
    if word is None:
        return None
    if word not in words:
        reader.fault(PF.NO_LEVEL, node, word=word, levels=", ".join(words), near=word, among=words)
        return None
    return Level.of(word)


def _reason(reader: StatementReader, node: Node) -> Reason | None:
    word = reader.text(node)
    if word is None:
        return None
    if word not in set(Reason):
        reader.fault(PF.NO_REASON, node, word=word, reasons=", ".join(Reason), near=word, among=tuple(Reason))
        return None
    return Reason(word)
