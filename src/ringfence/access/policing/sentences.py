"""Statements as sentences for one reader, by the words under which files name things."""

from collections.abc import Iterable

from ringfence.core import statements as st
from ringfence.wording.policy_sentences import statement_text

from .naming import PolicyNames
from .writing import clients_of


class PolicySentenceNames:
    """The names that sentences need: of clients, those that the reader may know."""

    def __init__(self, names: PolicyNames, statements: Iterable[st.Statement]) -> None:
        self._names = names
        self._clients = names.client_words(clients_of(statements))

    def member(self, number: int) -> str:
        return self._names.member_word(number)

    def group(self, number: int) -> str:
        return self._names.group_word(number)

    def client(self, number: int) -> str:
        return self._clients.get(number, f"#{number}")

    def service(self, number: int) -> str:
        return self._names.service_word(number)


def said(statement: st.Statement, names: PolicyNames) -> str:
    """One statement as a sentence."""
    return statement_text(statement, PolicySentenceNames(names, [statement]))


def all_said(statements: Iterable[st.Statement], names: PolicyNames) -> list[str]:
    """Each of the statements as a sentence; names are read once."""
    statements = list(statements)
    found = PolicySentenceNames(names, statements)
    return [statement_text(each, found) for each in statements]
