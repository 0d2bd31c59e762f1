"""The parts of a statement as nodes: keys, texts, names, and whom or which clients it is about (rules.md 10).

Faults are gathered, so that a file is told all of them at once.
"""

from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ringfence.core import statements as st
from ringfence.core.terms import Role

from .faults import PF, FilePlace, PolicyFault
from .naming import Meant, PolicyNaming
from .nodes import entries, is_nothing, place_of

FORMS = {
    PF.NO_MEMBERS: "{group: …}, {role: …}, everyone",
    PF.NO_CLIENTS: "{service: …}, confidential, all",
}
"""What is written besides names."""
SHOWN = 60
"""Characters of a word of the file that a fault says again."""


class StatementReader:
    """Reads nodes by the names of one firm, and keeps what is wrong with them."""

    def __init__(self, names: PolicyNaming) -> None:
        self.names = names
        self.faults: list[PolicyFault] = []

    # --- What is wrong

    def fault(
        self, code: PF, node: Node, *, near: str = "", among: Iterable[str] = (), **values: str | int
    ) -> None:
        """Keep a fault at the node; `near` is compared with the words `among` which it could be."""
        self.fault_at(code, place_of(node), near=_nearest(near, among) if among else near, **values)

    def fault_at(self, code: PF, place: FilePlace, *, near: str = "", **values: str | int) -> None:
        said = {key: _shown(value) if isinstance(value, str) else value for key, value in values.items()}
        self.faults.append(PolicyFault(code=code, place=place, values=said, near=near))

    # --- Keys and words

    def parts(self, node: MappingNode, known: Collection[str], *, needed: Collection[str]) -> dict[str, Node]:
        """The values of a mapping by key; unknown, repeated and missing keys are faults."""
        found: dict[str, Node] = {}
        meant: set[str] = set()
        for key, value in entries(node):
            word = key.value if isinstance(key, ScalarNode) else ""
            if word not in known:
                near = _nearest(word, known)
                meant.add(near)
                self.fault(PF.UNKNOWN_KEY, key, near=near, key=word or "?", keys=", ".join(known))
            elif word in found:
                self.fault(PF.KEY_TWICE, key, key=word)
            else:
                found[word] = value
        if missing := [key for key in needed if key not in found and key not in meant]:
            self.fault(PF.KEY_MISSING, node, key=", ".join(missing))
        return found

    def no_statement(self, node: Node, marks: Collection[str], forms: str) -> None:
        """Keep that nothing in the node is one of the marks, at the key that is nearly one."""
        keys = [key for key, _value in node.value] if isinstance(node, MappingNode) else []
        near = ((key, _nearest(_word(key), marks)) for key in keys)
        place, mark = next(((key, mark) for key, mark in near if mark), (node, ""))
        # Not cut as what others typed is: the forms are ours, and the remedy.
        fault = PolicyFault(code=PF.NO_STATEMENT, place=place_of(place), values={"forms": forms}, near=mark)
        self.faults.append(fault)

    def text(self, node: Node) -> str | None:
        """A single word or text as it was typed."""
        if not isinstance(node, ScalarNode) or is_nothing(node):
            self.fault(PF.NO_TEXT, node)
            return None
        return str(node.value)

    # --- Single names

    def member(self, node: Node) -> int:
        return self._named(node, self.names.member)

    def group(self, node: Node) -> int:
        return self._named(node, self.names.group)

    def client(self, node: Node) -> int:
        return self._named(node, self.names.client)

    def service(self, node: Node) -> int:
        return self._named(node, self.names.service)

    def _named(self, node: Node, meaning: Callable[[str], Meant]) -> int:
        """The number, 0 where there is a fault."""
        word = self.text(node)
        if word is None:
            return 0
        found = meaning(word)
        if found.fault is not None:
            several = {"several": ", ".join(found.several[:10])} if found.several else {}
            self.fault(found.fault, node, near=found.near, name=word, **several)
        return found.number

    # --- Lists of names

    def member_list(self, node: Node) -> frozenset[int] | None:
        """Members by name; an empty list is one."""
        return self._list(node, self.member, PF.NO_MEMBERS)

    def client_list(self, node: Node) -> frozenset[int] | None:
        return self._list(node, self.client, PF.NO_CLIENTS)

    def _list(self, node: Node, one: Callable[[Node], int], otherwise: PF) -> frozenset[int] | None:
        if isinstance(node, MappingNode):
            self.fault(otherwise, node, forms=FORMS[otherwise])
            return None
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        found: dict[int, Node] = {}
        before = len(self.faults)
        for each in nodes:
            number = one(each)
            if number and number in found:
                self.fault(PF.TWICE_NAMED, each, name=str(each.value))
            found.setdefault(number, each)
        return None if len(self.faults) > before else frozenset(found)

    # --- Whom and which

    def members(self, node: Node) -> st.MembersMeant | None:
        """MEMBERS of rules.md 10."""
        before, found = len(self.faults), _Gathered()
        self._gather(node, found, self._member_part, ("group", "role", "members"), PF.NO_MEMBERS)
        if len(self.faults) > before:
            return None
        return st.MembersMeant(
            members=frozenset(found.named),
            groups=frozenset(found.groups),
            roles=frozenset(found.roles),
            everyone="everyone" in found.words,
            without=frozenset(found.without),
        )

    def clients(self, node: Node) -> st.ClientsMeant | None:
        """CLIENTS of rules.md 10."""
        before, found = len(self.faults), _Gathered()
        self._gather(node, found, self._client_part, ("service", "client", "clients"), PF.NO_CLIENTS)
        if len(self.faults) > before:
            return None
        return st.ClientsMeant(
            clients=frozenset(found.named),
            services=frozenset(found.services),
            confidential="confidential" in found.words,
            all="all" in found.words,
            without=frozenset(found.without),
        )

    def _gather(
        self,
        node: Node,
        found: "_Gathered",
        part: Callable[[str, Node, "_Gathered"], None],
        marks: tuple[str, ...],
        otherwise: PF,
    ) -> None:
        """One name, a word, a mapping with `except`, or a list of names and plain mappings."""
        if isinstance(node, MappingNode):
            self._mapping(node, found, part, (*marks, "except"), otherwise)
        elif isinstance(node, SequenceNode):
            if not node.value:
                self.fault(PF.NOBODY, node)
            for each in node.value:
                if isinstance(each, MappingNode):
                    self._mapping(each, found, part, marks, otherwise)
                elif isinstance(each, SequenceNode):
                    self.fault(otherwise, each, forms=FORMS[otherwise])
                else:
                    # A word that means many stands alone: in a list it is somebody's name.
                    part("", each, found)
        else:
            part(marks[-1], node, found)

    def _mapping(
        self,
        node: MappingNode,
        found: "_Gathered",
        part: Callable[[str, Node, "_Gathered"], None],
        known: tuple[str, ...],
        otherwise: PF,
    ) -> None:
        before = len(self.faults)
        parts = self.parts(node, known, needed=())
        if not set(parts) - {"except"}:
            if len(self.faults) == before:
                self.fault(otherwise, node, forms=FORMS[otherwise])
            return
        for key, value in parts.items():
            if isinstance(value, SequenceNode) and not value.value:
                self.fault(PF.NOBODY, value)
            elif isinstance(value, SequenceNode):
                for each in value.value:
                    part("" if key in ("members", "clients") else key, each, found)
            else:
                part(key, value, found)

    def _member_part(self, key: str, node: Node, found: "_Gathered") -> None:
        match key:
            case "group":
                found.groups.append(self._once(self.group(node), found.groups, node))
            case "role":
                if (role := self._role(node)) is not None:
                    found.roles.append(role)
            case "except":
                found.without.append(self._once(self.member(node), found.without, node))
            case "members" if _word(node) == "everyone":
                found.words.append("everyone")
            case _:
                found.named.append(self._once(self.member(node), found.named, node))

    def _client_part(self, key: str, node: Node, found: "_Gathered") -> None:
        match key:
            case "service":
                found.services.append(self._once(self.service(node), found.services, node))
            case "except":
                found.without.append(self._once(self.client(node), found.without, node))
            case "clients" if _word(node) in ("all", "confidential"):
                found.words.append(_word(node))
            case _:
                found.named.append(self._once(self.client(node), found.named, node))

    def _once(self, number: int, known: list[int], node: Node) -> int:
        if number and number in known:
            self.fault(PF.TWICE_NAMED, node, name=_word(node))
        return number

    def _role(self, node: Node) -> Role | None:
        word = self.text(node)
        if word is None:
            return None
        if word not in set(Role):
            self.fault(PF.NO_ROLE, node, near=word, among=tuple(Role), word=word, roles=", ".join(Role))
            return None
        return Role(word)


class _Gathered:
    """What a selection names so far."""

    def __init__(self) -> None:
        self.named: list[int] = []
        self.groups: list[int] = []
        self.roles: list[Role] = []
        self.services: list[int] = []
        self.without: list[int] = []
        self.words: list[str] = []


def _word(node: Node) -> str:
    return str(node.value) if isinstance(node, ScalarNode) else ""


def _nearest(word: str, among: Iterable[str]) -> str:
    found = get_close_matches(word.casefold(), [str(each) for each in among], n=1, cutoff=0.7)
    return found[0] if found else ""


def _shown(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
