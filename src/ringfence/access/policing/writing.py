"""A policy as a file that reads back to the same policy, by the names of today (rules.md 10).

The file that it came from is kept beside it; this one is for policies that came without, and for names that
have changed since.
"""

from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from ringfence.core import statements as st

from .naming import PolicyNames

WIDE = 10_000
"""Characters of a line: a statement stays on one."""


def written(name: str, policy: st.Policy, names: PolicyNames) -> str:
    """The text of a file with this one policy."""
    words = _Words(names, policy.statements)
    return written_words(name, policy.mode, [words.statement(each) for each in policy.statements])


def written_words(name: str, mode: str, statements: Iterable[Mapping[str, Any]]) -> str:
    """The text of a file with statements that are words already; without a mode where none is given."""
    head = {"name": name, "mode": mode} if mode else {"name": name}
    yaml = YAML()
    yaml.width = WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(CommentedMap(**head, statements=CommentedSeq([_flow(each) for each in statements])), out)
    return out.getvalue()


def clients_of(statements: Iterable[st.Statement]) -> set[int]:
    """The clients that statements name one by one."""
    found: set[int] = set()
    for each in statements:
        match each:
            case st.CheckIs(client=client) | st.OpenTo(client=client):
                found.add(client)
            case st.MemberSees(clients=clients):
                found |= clients
            case _:
                found |= each.clients.clients | each.clients.without
    return found


class _Words:
    """What statements are in the words of files."""

    def __init__(self, names: PolicyNames, statements: tuple[st.Statement, ...]) -> None:
        self._names = names
        self._clients = names.client_words(clients_of(statements))

    def statement(self, said: st.Statement) -> dict[str, Any]:
        match said:
            case st.Never():
                return {"never": self._members(said.members), "sees": self._which(said.clients)}
            case st.Only():
                return {"only": self._members(said.members), "see": self._which(said.clients)}
            case st.AtLeast():
                return {"at_least": said.number, "see": self._which(said.clients)}
            case st.AtMost():
                return {"at_most": said.number, "see": self._which(said.clients)}
            case st.AtMostClients():
                return {
                    "at_most": said.number,
                    "clients": self._which(said.clients),
                    "by": self._members(said.members),
                }
            case st.AtMostLevel():
                return {
                    "at_most_level": said.level.word,
                    "on": self._which(said.clients),
                    "by": self._members(said.members),
                }
            case st.CheckIs():
                return {"check": self._check(said)}
            case st.MemberSees():
                return {"member": self._names.member_word(said.member), "sees": self._listed(said.clients)}
            case st.OpenTo():
                people = sorted(map(self._names.member_word, said.members))
                return {"client": self._client(said.client), "open_to": people}

    def _check(self, said: st.CheckIs) -> dict[str, Any]:
        found = {"member": self._names.member_word(said.member), "client": self._client(said.client)}
        if said.service:
            found["service"] = self._names.service_word(said.service)
        found["level"] = said.level.word
        if said.reason is not None:
            found["reason"] = said.reason.value
        return found

    def _members(self, meant: st.MembersMeant) -> Any:
        named = sorted(map(self._names.member_word, meant.members))
        kinds: dict[str, Any] = {}
        if meant.everyone:
            # Whoever is named beside everybody is meant already.
            kinds["members"] = "everyone"
        elif named:
            kinds["members"] = named
        if meant.groups:
            kinds["group"] = _one_or_more(map(self._names.group_word, meant.groups))
        if meant.roles:
            kinds["role"] = _one_or_more(role.value for role in meant.roles)
        if meant.without:
            return {**kinds, "except": sorted(map(self._names.member_word, meant.without))}
        return kinds["members"] if kinds.keys() == {"members"} else kinds

    def _which(self, meant: st.ClientsMeant) -> Any:
        kinds: dict[str, Any] = {}
        if meant.all:
            kinds["clients"] = "all"
        elif meant.confidential:
            kinds["clients"] = "confidential"
            if meant.clients:
                kinds["client"] = self._listed(meant.clients)
        elif meant.clients:
            kinds["clients"] = self._listed(meant.clients)
        if meant.services:
            kinds["service"] = _one_or_more(map(self._names.service_word, meant.services))
        if meant.without:
            return {**kinds, "except": self._listed(meant.without)}
        return kinds["clients"] if kinds.keys() == {"clients"} else kinds

    def _listed(self, clients: Iterable[int]) -> list[str]:
        return sorted(map(self._client, clients))

    def _client(self, number: int) -> str:
        return self._clients.get(number, f"#{number}")


def _one_or_more(words: Iterable[str]) -> str | list[str]:
    found = sorted(words)
    return found[0] if len(found) == 1 else found


def _flow(value: Any) -> Any:
    """The same, written on one line."""
    if isinstance(value, Mapping):
        mapping = CommentedMap((key, _flow(inner)) for key, inner in value.items())
        mapping.fa.set_flow_style()
        return mapping
    if isinstance(value, list):
        sequence = CommentedSeq(map(_flow, value))
        sequence.fa.set_flow_style()
        return sequence
    return value
