"""The names that an explanation needs, looked up one by one as it comes to them."""

from ringfence.core.terms import Instant
from ringfence.wording.times import since_text, until_text

from .asking import FirmAsked

_STATEMENTS = {
    table: f"SELECT name FROM firms_{table} WHERE firm_id = ? AND number = ?"
    for table in ("group", "client", "service", "wall", "token")
}


class NamesLookedUp:
    """`wording.NamesByNumber` for one answer."""

    def __init__(self, asking: FirmAsked) -> None:
        self._asking = asking

    def member(self, number: int) -> str:
        person = self._asking.kept.texts.people(self._asking.source).get(number)
        return person.name if person else ""

    def group(self, number: int) -> str:
        return self._name("group", number)

    def client(self, number: int) -> str:
        return self._name("client", number)

    def service(self, number: int) -> str:
        return self._name("service", number)

    def wall(self, number: int) -> str:
        return self._name("wall", number)

    def token(self, number: int) -> str:
        return self._name("token", number)

    def since(self, starts: Instant) -> str:
        _language, zone = self._asking.kept.texts.place(self._asking.source)
        return since_text(starts, zone)

    def until(self, expires: Instant) -> str:
        _language, zone = self._asking.kept.texts.place(self._asking.source)
        return until_text(expires, zone)

    def _name(self, table: str, number: int) -> str:
        texts, source = self._asking.kept.texts, self._asking.source
        found = source.rows(_STATEMENTS[table], texts.firm, number)
        return str(found[0][0]) if found else ""
