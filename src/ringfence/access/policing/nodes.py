"""The text of a policy file as nodes with their places (YAML 1.2, JSON included), and nothing built of them.

What nodes mean is for `reading.py`. Nothing of YAML that hides what is written is taken: no anchors, no tags.
"""

from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.reader import ReaderError

from .faults import PF, FaultyPolicies, FilePlace, PolicyFault

LONGEST = 200_000
"""Characters of a file."""
DEEPEST = 12
"""Nodes within nodes."""
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool"))
_TAKEN_AS_TEXT = frozenset({"tag:yaml.org,2002:null", "tag:yaml.org,2002:timestamp"})


class PolicyDocument:
    """One document of a file: its root, and the text that it was written as."""

    def __init__(self, root: Node, text: str) -> None:
        self.root = root
        self.text = text


def decoded(data: bytes) -> str:
    """The text of a file's bytes. Raises `FaultyPolicies`."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8", "replace")
        raise FaultyPolicies([PolicyFault(code=PF.NOT_UTF8, place=_end_of(before))]) from None


def documents(text: str) -> list[PolicyDocument]:
    """The documents of a file that hold anything, at least one. Raises `FaultyPolicies`."""
    if len(text) > LONGEST:
        raise _faulty(PF.TOO_LONG, FilePlace(1, 1), limit=LONGEST)
    try:
        roots = [root for root in YAML(typ="safe", pure=True).compose_all(text) if root is not None]
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = FilePlace(mark.line + 1, mark.column + 1) if mark is not None else FilePlace(1, 1)
        raise _faulty(PF.NOT_YAML, place, problem=str(fault.problem or fault.context or "")) from None
    except ReaderError as fault:
        # A character that no YAML may hold; it is counted from the start of the text.
        raise _faulty(PF.NOT_YAML, _end_of(text[: fault.position]), problem=str(fault.reason)) from None
    except (YAMLError, ValueError) as fault:
        raise _faulty(PF.NOT_YAML, FilePlace(1, 1), problem=str(fault)) from None
    except RecursionError:
        raise _faulty(PF.TOO_DEEP, FilePlace(1, 1)) from None
    roots = [root for root in roots if not is_nothing(root)]
    if not roots:
        raise _faulty(PF.EMPTY, FilePlace(1, 1))
    if faults := [fault for root in roots for fault in _hidden(root, 0)]:
        # An alias is the very node that it stands for, so it would be told twice.
        raise FaultyPolicies(list({(each.code, each.place): each for each in faults}.values()))
    return [PolicyDocument(root, _text_of(text, root)) for root in roots]


def place_of(node: Node) -> FilePlace:
    """Where the node begins."""
    return FilePlace(node.start_mark.line + 1, node.start_mark.column + 1)


def is_nothing(node: Node) -> bool:
    """Whether nothing was written where something is expected: empty, or ``~``."""
    return isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def entries(node: MappingNode) -> Iterator[tuple[Node, Node]]:
    """The pairs of a mapping as they are written, a key that stands twice among them twice."""
    yield from node.value


def _hidden(node: Node, depth: int) -> Iterator[PolicyFault]:
    """What means something else than it shows: anchors (and so their aliases), tags, depths."""
    if depth > DEEPEST:
        yield PolicyFault(code=PF.TOO_DEEP, place=place_of(node))
        return
    if node.anchor:
        yield PolicyFault(code=PF.ANCHOR, place=place_of(node), values={"anchor": f"&{node.anchor}"})
        return
    if str(node.tag) not in _PLAIN_TAGS | _TAKEN_AS_TEXT:
        yield PolicyFault(code=PF.TAG, place=place_of(node), values={"tag": str(node.tag)})
        return
    for inner in node.value if not isinstance(node, ScalarNode) else ():
        for each in inner if isinstance(inner, tuple) else (inner,):
            yield from _hidden(each, depth + 1)


def _text_of(text: str, root: Node) -> str:
    """The document's text with the comments in front of it, as far as they belong to no document before."""
    start = text.rfind("\n---", 0, root.start_mark.index)
    begin = 0 if start < 0 else text.find("\n", start + 1) + 1 or root.start_mark.index
    begin = min(begin, root.start_mark.index)
    front = text[begin : root.start_mark.index]
    if front.startswith("---"):
        front = front.partition("\n")[2]
    return (front + text[root.start_mark.index : root.end_mark.index]).strip() + "\n"


def _end_of(text: str) -> FilePlace:
    lines = text.split("\n")
    return FilePlace(len(lines), len(lines[-1]) + 1)


def _faulty(code: PF, place: FilePlace, **values: str | int) -> FaultyPolicies:
    return FaultyPolicies([PolicyFault(code=code, place=place, values=values)])
