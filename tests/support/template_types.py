"""What templates ask of their pages, by the pages' own types: `page.title`, `line.href` in a loop.

Only what is known is judged: a page is typed where its view makes it, and what a loop, a `set`, a macro or an
included template gets from it. What has no type (a dictionary, a form's value) is passed over.
"""

import ast
import inspect
import types
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, nodes

Known = frozenset[Any]
"""The types that a value may have; empty where nothing is known."""
UNKNOWN: Known = frozenset()
Scope = dict[str, Known]


def alternatives(kind: Any) -> Known:
    """A type without None, each side of a union by itself."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return frozenset().union(*(alternatives(each) for each in typing.get_args(kind)))
    if typing.get_origin(kind) is typing.Annotated:
        return alternatives(typing.get_args(kind)[0])
    if kind is type(None):
        return UNKNOWN
    return frozenset([kind])


@cache
def hints(owner: Any) -> Mapping[str, Any]:
    """The annotations of a class or function; none where they cannot be read."""
    try:
        return typing.get_type_hints(owner)
    except (NameError, TypeError):
        return {}


def returned(function: Any) -> Known:
    """What a function gives, or the class that is called."""
    if inspect.isclass(function):
        return frozenset([function])
    found = hints(function).get("return")
    return UNKNOWN if found is None else alternatives(found)


def judged(kind: Any) -> bool:
    """Whether a type is one of ours, whose attributes are all known."""
    return isinstance(kind, type) and kind.__module__.startswith("ringfence.")


def attribute_of(kind: Any, name: str) -> Known | None:
    """The types of an attribute; None where there is none of that name."""
    if not judged(kind):
        return UNKNOWN
    if name in hints(kind):
        return alternatives(hints(kind)[name])
    found: object = inspect.getattr_static(kind, name, None)
    if found is None:
        return None
    if isinstance(found, property):
        return returned(found.fget)
    wrapped = getattr(found, "func", found)
    return returned(wrapped) if callable(wrapped) else UNKNOWN


def elements(kinds: Known) -> Known:
    """What a loop over it gets."""
    found: set[Any] = set()
    for kind in kinds:
        given = typing.get_args(kind)
        origin: Any = typing.get_origin(kind)
        if (
            isinstance(origin, type)
            and issubclass(origin, Collection | Iterator)
            and not issubclass(origin, Mapping)
        ):
            for each in given:
                if each is not Ellipsis:
                    found |= alternatives(each)
    return frozenset(found)


@dataclass
class Asked:
    """One template with what it includes, read with the types of its page."""

    environment: Environment
    faults: set[str] = field(default_factory=set)
    count: int = 0
    """How many attributes were looked at."""
    _done: set[tuple[str, str, tuple[tuple[str, Known], ...]]] = field(default_factory=set)

    def read(self, template: str, scope: Scope) -> dict[str, Callable[..., None]]:
        """Look through a template; its macros, by name."""
        return _Template(self, template).run(scope)

    def parsed(self, template: str) -> nodes.Template:
        return _parsed(self.environment, template)

    def again(self, template: str, macro: str, scope: Scope) -> bool:
        """Whether a macro was read with these types already."""
        key = (template, macro, tuple(sorted(scope.items())))
        known = key in self._done
        self._done.add(key)
        return known


@cache
def _parsed(environment: Environment, template: str) -> nodes.Template:
    assert environment.loader is not None
    text, _, _ = environment.loader.get_source(environment, template)
    return environment.parse(text)


class _Template:
    def __init__(self, asked: Asked, name: str) -> None:
        self._asked, self._name = asked, name
        self._macros: dict[str, Callable[..., None]] = {}

    def run(self, scope: Scope) -> dict[str, Callable[..., None]]:
        self._all(self._asked.parsed(self._name).body, scope)
        return self._macros

    def _all(self, found: list[nodes.Node], scope: Scope) -> None:
        for node in found:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Assign):
            _bind(node.target, self._type(node.node, scope), scope)
        elif isinstance(node, nodes.AssignBlock):
            self._all(node.body, dict(scope))
            _bind(node.target, UNKNOWN, scope)
        elif isinstance(node, nodes.Macro):
            self._macro(node, scope)
        elif isinstance(node, nodes.CallBlock):
            self._type(node.call, scope)
            self._all(node.body, dict(scope) | {each.name: UNKNOWN for each in node.args})
        elif isinstance(node, nodes.FromImport):
            self._import(node, scope)
        elif isinstance(node, nodes.Extends | nodes.Include):
            if isinstance(node.template, nodes.Const):
                self._macros |= self._asked.read(node.template.value, dict(scope))
        elif isinstance(node, nodes.Expr):
            self._type(node, scope)
        else:
            for child in node.iter_child_nodes():
                self._statement(child, scope)

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        inner = dict(scope) | {"loop": UNKNOWN}
        _bind(node.target, elements(self._type(node.iter, scope)), inner)
        if node.test is not None:
            self._type(node.test, inner)
        self._all(node.body, inner)
        self._all(node.else_, dict(scope))

    def _import(self, node: nodes.FromImport, scope: Scope) -> None:
        assert isinstance(node.template, nodes.Const)
        macros = self._asked.read(node.template.value, dict(scope) if node.with_context else {})
        for each in node.names:
            name, called = each if isinstance(each, tuple) else (each, each)
            if name in macros:
                self._macros[called] = macros[name]

    def _macro(self, node: nodes.Macro, scope: Scope) -> None:
        names = [each.name for each in node.args]
        outside = {name: kinds for name, kinds in scope.items() if name not in names}

        def called(*given: Known, **named: Known) -> None:
            bound = dict.fromkeys([*names, "caller", "varargs", "kwargs"], UNKNOWN)
            bound |= dict(zip(names, given, strict=False))
            bound |= {name: kinds for name, kinds in named.items() if name in names}
            if not self._asked.again(self._name, node.name, bound):
                self._all(node.body, outside | bound)

        self._macros[node.name] = called
        called()

    def _type(self, node: nodes.Node, scope: Scope) -> Known:
        """The types of an expression; faults are noted on the way."""
        if isinstance(node, nodes.Name):
            return scope.get(node.name, UNKNOWN)
        if isinstance(node, nodes.Getattr):
            return self._attribute(self._type(node.node, scope), node.attr, node.lineno)
        if isinstance(node, nodes.CondExpr):
            self._type(node.test, scope)
            other = self._type(node.expr2, scope) if node.expr2 is not None else UNKNOWN
            return self._type(node.expr1, scope) | other
        if isinstance(node, nodes.And | nodes.Or):
            return self._type(node.left, scope) | self._type(node.right, scope)
        if isinstance(node, nodes.Getitem):
            self._type(node.arg, scope)
            return elements(self._type(node.node, scope))
        if isinstance(node, nodes.Call):
            return self._call(node, scope)
        for child in node.iter_child_nodes():
            self._type(child, scope)
        return UNKNOWN

    def _call(self, node: nodes.Call, scope: Scope) -> Known:
        given = [self._type(each, scope) for each in node.args]
        named = {each.key: self._type(each.value, scope) for each in node.kwargs}
        for each in (node.dyn_args, node.dyn_kwargs):
            if each is not None:
                self._type(each, scope)
        if isinstance(node.node, nodes.Name) and node.node.name in self._macros:
            self._macros[node.node.name](*given, **named)
            return UNKNOWN
        return self._type(node.node, scope)

    def _attribute(self, kinds: Known, name: str, line: int) -> Known:
        if not kinds:
            return UNKNOWN
        self._asked.count += any(judged(kind) for kind in kinds)
        found = [attribute_of(kind, name) for kind in kinds]
        had = [each for each in found if each is not None]
        if not had:
            owners = ", ".join(sorted(kind.__qualname__ for kind in kinds))
            self._asked.faults.add(f"{self._name}:{line} asks {owners} for {name!r}")
        return frozenset().union(*had)


def _bind(target: nodes.Node, kinds: Known, scope: Scope) -> None:
    if isinstance(target, nodes.Name):
        scope[target.name] = kinds
        return
    if isinstance(target, nodes.Tuple):
        for at, each in enumerate(target.items):
            parts = [typing.get_args(kind) for kind in kinds if str(kind).startswith("tuple[")]
            of_it = [alternatives(part[at]) for part in parts if len(part) == len(target.items)]
            _bind(each, frozenset().union(*of_it), scope)


def pages_shown(module: types.ModuleType) -> Iterator[tuple[str, Known]]:
    """Every template that a module's views show, with the types of its page."""
    assert module.__file__ is not None
    tree = ast.parse(Path(module.__file__).read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _name(node.func) == "show" and len(node.args) > 2:
                    template = node.args[1]
                    if isinstance(template, ast.Constant) and str(template.value).endswith(".html"):
                        yield str(template.value), _made(module, function, node.args[2])


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _made(module: types.ModuleType, function: ast.FunctionDef, node: ast.expr) -> Known:
    """The types of a page by the expression that makes it."""
    if isinstance(node, ast.Call):
        if _name(node.func) == "replace":
            return _made(module, function, node.args[0])
        return returned(getattr(module, _name(node.func), None))
    if not isinstance(node, ast.Name):
        return UNKNOWN
    for argument in [*function.args.args, *function.args.kwonlyargs]:
        if argument.arg == node.id and argument.annotation is not None:
            kind = getattr(module, _name(argument.annotation), None)
            return UNKNOWN if kind is None else frozenset([kind])
    found = UNKNOWN
    for each in ast.walk(function):
        if isinstance(each, ast.Assign) and node.id in map(_name, each.targets):
            found |= _made(module, function, each.value)
    return found
