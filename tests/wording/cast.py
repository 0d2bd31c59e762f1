"""Names for the small firm of `tests.core.firms`."""

from ringfence.core.terms import Instant

MEMBERS = {1: "Ada", 2: "Ben", 3: "Cy"}
GROUPS = {1: "Everyone", 2: "Fortune 500"}
CLIENTS = {1: "Acme", 2: "Boots"}
SERVICES = {1: "General", 2: "VAT"}
WALLS = {1: "Takeover"}
TOKENS = {1: "Document store"}


class Cast:
    """Names as a page would look them up."""

    def member(self, number: int) -> str:
        return MEMBERS[number]

    def group(self, number: int) -> str:
        return GROUPS[number]

    def client(self, number: int) -> str:
        return CLIENTS[number]

    def service(self, number: int) -> str:
        return SERVICES[number]

    def wall(self, number: int) -> str:
        return WALLS[number]

    def token(self, number: int) -> str:
        return TOKENS[number]

    def since(self, starts: Instant) -> str:
        return f"from time {starts}"

    def until(self, expires: Instant) -> str:
        return f"until time {expires}"


CAST = Cast()
