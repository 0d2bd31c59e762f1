"""A list of some two thousand rows as practice software hands it out; every call writes the same bytes.

Windows-1252 and semicolons, a title above, totals below, a row for each client and service, names and types
that differ from row to row of one client, and services that a new firm lacks. Everybody in it is invented.
"""

import random
from collections.abc import Iterator
from decimal import Decimal

CLIENTS = 665
HEADERS = "Client Code;Client Name;Entity Type;Service;Tax Reference;Partner;Manager;Fee (£);Year End"
_PLACES = "Aberdaron Bangor Cricieth Dinas Llanberis Môn Nefyn Porthmadog Pwllheli Rhyl Tywyn".split()
_TRADES = "Builders|Café|Dairy|Electrical|Fisheries|Garage|Haulage|Joinery|Lettings|Nursery|Pottery|Roofing"
_FIRST = "Aled Beca Ceri Dafydd Elin Ffion Gwenllïan Huw Iolo Lowri Nerys Owain Rhôdri Siân Tomos".split()
_LAST = "Bevan|Davies|Evans|Griffiths|Hughes|Jones|Llwyd|Morgan|O’Connell|Parry|Pugh|Roberts|Williams"
_PEOPLE = "A. Bevan|C. Llwyd|M. Parry"
_COMPANY = ("Limited Company", "Ltd Company", "Private Limited Company", "LTD")
_PERSON = ("Individual", "Sole Trader", "Self Employed")
_OTHER = ("Partnership", "LLP", "Charity")
_OF_COMPANIES: tuple[str, ...] = (
    "Corporation Tax",
    "VAT",
    "PAYE",
    "Company Secretarial",
    "Accounts",
    "Bookkeeping",
)
_OF_OTHERS = ("Self Assessment", "VAT", "Bookkeeping", "Payroll")


def practice_export() -> bytes:
    """The file, as it is downloaded."""
    lines = [*_rows(random.Random(1282))]
    fees = sum(Decimal(line.split(";")[7].replace(",", ".")) for line in lines)
    above = ["Client services;;;;;;;;", "Bevan & Llwyd – Accountants;;;;;;;;", "27/11/2026 16:42;;;;;;;;", ""]
    below = [f"Total;;;;;;;{fees:.2f};".replace(".", ",")]
    return "\r\n".join([*above, HEADERS, *lines, *below, ""]).encode("cp1252")


def _rows(chance: random.Random) -> Iterator[str]:
    """A row for each client and service, those of one client not always next to one another."""
    rows: list[tuple[int, str]] = []
    for number in range(1, CLIENTS + 1):
        names, kinds, services = _client(chance, number)
        partner, manager = chance.choice(_PEOPLE.split("|")), chance.choice(_PEOPLE.split("|"))
        moved = chance.random() < 0.04
        for service in services:
            fee = f"{chance.randrange(150, 4000)},{chance.choice(('00', '50'))}"
            row = [f"{number:05}", chance.choice(names), chance.choice(kinds), service]
            row += [_tax_reference(chance, service), partner, manager, fee, "31/03"]
            rows.append((number + 300 * (moved and service != services[0]), ";".join(row)))
    rows.sort(key=lambda each: each[0])
    return (row for _, row in rows)


def _client(chance: random.Random, number: int) -> tuple[list[str], list[str], list[str]]:
    """Names and kinds that its rows choose from, one more often than the others, and its services."""
    place, trade = chance.choice(_PLACES), chance.choice(_TRADES.split("|"))
    first, last = chance.choice(_FIRST), chance.choice(_LAST.split("|"))
    if number % 5 < 3:
        stem = f"{place} {trade}" if number % 2 else f"{last} & {chance.choice(_LAST.split('|'))} {trade}"
        names, kinds, services = [f"{stem} Ltd", f"{stem} Limited"], list(_COMPANY), _OF_COMPANIES
    elif number % 5 == 3:
        names, kinds, services = [f"{first} {last}", f"{last}, {first}"], list(_PERSON), _OF_OTHERS
    else:
        names, kinds, services = [f"{last} {trade} ({place})"], list(_OTHER[:2]), _OF_OTHERS
    if chance.random() < 0.8:
        names, kinds = names[:1], kinds[:1]
    taken = chance.sample(services, k=min(len(services), chance.choice((2, 3, 3, 4))))
    return names, kinds, sorted(taken)


def _tax_reference(chance: random.Random, service: str) -> str:
    digits = f"{chance.randrange(10**9, 10**10)}"
    if service in {"Corporation Tax", "Self Assessment"}:
        return _utr(digits[1:])
    if service == "VAT":
        return chance.choice(("{}", "GB{}", "GB {}")).format(_vat(digits[:7]))
    if service == "PAYE":
        return f"{digits[:3]}/{chance.choice('ABCDEGLM')}{digits[3:8]}"
    return f"0{digits[:7]}" if service == "Company Secretarial" else ""


def _utr(nine: str) -> str:
    """The nine digits behind their check digit."""
    weighed = sum(
        weight * int(digit) for weight, digit in zip((6, 7, 8, 9, 10, 5, 4, 3, 2), nine, strict=True)
    )
    return "21987654321"[weighed % 11] + nine


def _vat(seven: str) -> str:
    """The seven digits and their two check digits."""
    weighed = sum(weight * int(digit) for weight, digit in zip(range(8, 1, -1), seven, strict=True))
    return f"{seven}{97 - (weighed + 55) % 97:02}"


def stated() -> dict[str, tuple[str, dict[str, str]]]:
    """By client code the name in its first row, and its services with their tax references."""
    clients: dict[str, tuple[str, dict[str, str]]] = {}
    for line in practice_export().decode("cp1252").split("\r\n"):
        cells = line.split(";")
        if cells[0].isdigit():
            clients.setdefault(cells[0], (cells[1], {}))[1][cells[3]] = cells[4]
    return clients
