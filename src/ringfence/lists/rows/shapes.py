"""Lists of known software, told by their headers: which of its columns is which field of ours.

A shape says only what headers alone do not; what somebody says of a column beats it, and a header that it
does not name is guessed at as in any list. Where each header set is from is written in `docs/lists/`.
"""

from collections.abc import Callable, Mapping

import msgspec

from ringfence.lists.faults import F, TableError, shown
from ringfence.lists.rows.columns import IGNORE
from ringfence.lists.rows.headers import ListKind, header_key

NO_SHAPE = "none"
"""What is said of a list that is to be read by its headers alone."""
_ALIKE = {"reference": "reference_and_name", "name": "reference_and_name", "email": "member"}
"""A field that somebody told of a column, and the one of a shape that it makes needless."""


class ListShape(msgspec.Struct, frozen=True, kw_only=True):
    """What one program's list looks like."""

    code: str
    """As it is named with `--shape`, and as `wording.list_shapes` has words for it."""
    kind: ListKind
    marks: tuple[str, ...]
    """Headers that all have to be there; "|" stands between those of which one is enough."""
    fields: Mapping[str, str]
    """By field, the header that is it; the first that is there of those with "|" between them."""
    left_out: str = ""
    """Headers that look like a field of ours and mean something else."""

    def fits(self, headers: tuple[str, ...]) -> bool:
        """Whether a row of headers can be this program's."""
        there = {header_key(header) for header in headers}
        return all(any(header_key(each) in there for each in mark.split("|")) for mark in self.marks)

    def told(self, headers: tuple[str, ...]) -> dict[str, str]:
        """The fields of these headers by their keys, as `parse_map` returns what somebody says."""
        there = {header_key(header) for header in headers}
        told = {key: IGNORE for header in self.left_out.split("|") if (key := header_key(header)) in there}
        for field, alternatives in self.fields.items():
            keys = (header_key(each) for each in alternatives.split("|"))
            if found := next((key for key in keys if key in there and key not in told), None):
                told[found] = field
        return told


SHAPES: tuple[ListShape, ...] = (
    ListShape(
        code="hmrc-clients",
        kind=ListKind.CLIENTS,
        marks=("Client name", "Client reference", "Tax reference", "Tax service"),
        fields={"tax_reference": "Tax reference", "service": "Tax service"},
    ),
    # What HMRC calls the client reference is the agent's name for the client, and often all there is.
    ListShape(
        code="hmrc-clients",
        kind=ListKind.CLIENTS,
        marks=("Client name|Client reference", "Tax reference", "Tax service"),
        fields={
            "reference_and_name": "Client reference|Client name",
            "tax_reference": "Tax reference",
            "service": "Tax service",
        },
    ),
    ListShape(
        code="penneo-users",
        kind=ListKind.MEMBERS,
        marks=("Name", "Email|E-mail", "Role", "Login methods|Rights"),
        fields={"name": "Name", "email": "Email|E-mail", "role": "Role"},
        # "Inactive" is who has not signed in yet.
        left_out="Status|Rights|Login methods",
    ),
    ListShape(
        code="penneo-groups",
        kind=ListKind.ACCESS,
        marks=("Group name", "User|User name", "Email|E-mail|User email"),
        fields={"group": "Group name", "email": "Email|E-mail|User email"},
        left_out="User|User name",
    ),
    ListShape(
        code="planner-clients",
        kind=ListKind.CLIENTS,
        marks=("First name", "Last name", "City", "State", "Zip"),
        fields={"reference": "Client ID", "first_name": "First name", "last_name": "Last name"},
    ),
    ListShape(
        code="crm-advisers",
        kind=ListKind.ACCESS,
        marks=("Broker code", "Fee split %|Fee split"),
        fields={
            "fee_split": "Fee split %|Fee split",
            "email": "Adviser email",
            "member": "Adviser name|Adviser",
        },
        left_out="Broker code|Broker house code|FSP",
    ),
)


def shape_of(file: str, headers: tuple[str, ...], kind: ListKind, chosen: str = "") -> ListShape | None:
    """The shape of a list with these headers: the `chosen` one, else the first that fits.

    Raises TableError for one that was chosen and is not known for the kind, or does not fit.
    """
    if chosen == NO_SHAPE:
        return None
    known = [shape for shape in SHAPES if shape.kind is kind]
    if chosen:
        found = next((shape for shape in known if shape.code == chosen and shape.fits(headers)), None)
        if found is None:
            names = ", ".join(dict.fromkeys((*(shape.code for shape in known), NO_SHAPE)))
            raise TableError(file, F.NO_SUCH_SHAPE, shape=shown(chosen), shapes=names)
        return found
    return next((shape for shape in known if shape.fits(headers)), None)


def fitting_shapes(headers: tuple[str, ...], kind: ListKind) -> tuple[str, ...]:
    """The codes of the programs whose list of the kind can have these headers."""
    return tuple(dict.fromkeys(each.code for each in SHAPES if each.kind is kind and each.fits(headers)))


def with_shape(
    shape: ListShape | None, headers: tuple[str, ...], mapping: Mapping[str, str]
) -> Mapping[str, str]:
    """What somebody says of columns, and beneath it what the shape says."""
    if shape is None:
        return mapping
    said = shape.told(headers)
    fields = set(mapping.values())
    taken = fields | {_ALIKE[field] for field in fields if field in _ALIKE}
    return {key: field for key, field in said.items() if field == IGNORE or field not in taken} | dict(
        mapping
    )


def is_header_of_shape(kind: ListKind) -> Callable[[tuple[str, ...]], int]:
    """A test for the row that is the header of a known program's list of this kind: how many cells it has."""
    known = [shape for shape in SHAPES if shape.kind is kind]

    def is_header(cells: tuple[str, ...]) -> int:
        fits = any(shape.fits(tuple(map(str, cells))) for shape in known)
        return sum(1 for cell in cells if cell.strip()) if fits else 0

    return is_header
