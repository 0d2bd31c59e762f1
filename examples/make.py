"""Writes the lists of this folder, shaped like what practice software exports.

The people and firms are invented or come from the documents behind the rules. `faulty-clients.csv` has
2,000 rows and twenty that are wrong, each in its own way. Nothing here reads a list.
"""

import csv
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

HERE = Path(__file__).parent
Rows = Sequence[Sequence[str]]

AGENCY: Rows = [
    (
        "Client code",
        "Client name",
        "Client type",
        "VAT number",
        "UTR",
        "PAYE reference",
        "Partner",
        "Year end",
    ),
    (
        "FOR001",
        "Fortune 500",
        "Limited company",
        "GB431661987",
        "5530841987",
        "120/FE5500",
        "A Prime",
        "31 Mar",
    ),
    ("VAL001", "Vala Subsid A Ltd.", "Limited company", "GB287540110", "6120940110", "", "A Prime", "31 Dec"),
    ("ALE001", "Alesund & Daughters", "Partnership", "GB904417723", "", "120/AD1204", "B Conners", "5 Apr"),
    (
        "BRY001",
        "Bryn Glas Dairy Ltd",
        "Limited company",
        "GB118342207",
        "7719038841",
        "",
        "B Conners",
        "30 Sep",
    ),
    ("HAR001", "Harlow, Margaret", "Individual", "", "0412883390", "", "B Sobeck", "5 Apr"),
    ("OKA001", "Okafor Dental Practice", "Partnership", "", "2210094417", "475/OK0077", "B Sobeck", "31 Mar"),
    ("WES001", "Westray Trust", "Trust", "", "", "", "A Prime", "5 Apr"),
]
COMPANY: Rows = [
    ("Kundenr. (ours)", "Display name", "Entity type", "Services", "Confidential", "Contact person"),
    ("N-1001", "Ångström Møbler ApS", "Company", "KYC", "no", "Søren Krøyer"),
    ("N-1002", "Café Zoë", "Sole trader", "KYC", "no", "Zoë D’Arcy"),
    ("N-1003", "Nørregård Holding A/S", "Company", "KYC;Audit", "yes", "Bjørn Østergård"),
    ("N-1004", "Peña & Núñez “Import–Export”", "Partnership", "KYC", "", "Íñigo Peña"),
]
PLANNING: Rows = [
    ("First Name", "Last Name", "Client ID", "City", "State", "Zip", "Services"),
    ("Maria", "Castellano", "4401", "Portland", "OR", "97201", "Financial planning"),
    ("Dwight", "Okonkwo", "4402", "Salem", "OR", "97301", "Financial planning"),
    ("Ruth", "Abernathy", "4403", "Bend", "OR", "97701", "Financial planning; Estate planning"),
]
PRACTICE: Rows = [
    ("Client Reference", "Client Name", "Client Type", "Service", "Reference Number"),
    ("CM-0001", "Gwen ap Rhys", "Individual", "Pensions", "PEN-88123"),
    ("CM-0001", "Gwen ap Rhys", "Individual", "Protection", "PRO-11820"),
    ("CM-0002", "Idris and Carys Bowen", "Couple", "Mortgages", "MTG-40071"),
    ("CM-0003", "Castell Coch Engineering", "Company", "Pensions", "PEN-88977"),
]
WELSH: Rows = [
    ("Cyfeirnod y cleient", "Enw'r cleient", "Math", "Gwasanaeth", "Cyfeirnod treth"),
    ("LLA001", "Llaeth y Bryn Cyf", "Cwmni cyfyngedig", "VAT", "GB772193004"),
    ("LLA001", "Llaeth y Bryn Cyf", "Cwmni cyfyngedig", "PAYE", "948/LL2001"),
    ("TYN001", "Tŷ Newydd Gwely a Brecwast", "Partneriaeth", "VAT", "GB339012775"),
    ("WYN001", "Siân Wyn", "Unigolyn", "Income Tax", "4480012765"),
]
MEMBERS: Rows = [
    ("Name", "Email address", "Role", "Access", "Manage access", "Status"),
    ("Alphie Prime", "alpha.prime@ace-agent.co.uk", "Administrator", "yes", "yes", "Active"),
    ("Beth Conners", "beth.conners@ace-agent.co.uk", "Administrator", "yes", "no", "Active"),
    ("Beta Sobeck", "beta.sobeck@ace-agent.co.uk", "Standard user", "yes", "no", "Active"),
    ("Siôn Parry", "sion.parry@ace-agent.co.uk", "Assistant", "yes", "no", "Active"),
    ("Noor Haddad", "noor.haddad@ace-agent.co.uk", "Auditor", "no", "no", "Active"),
    ("Tom Ellery", "tom.ellery@ace-agent.co.uk", "Assistant", "yes", "no", "Leaver"),
]
ACCESS: Rows = [
    ("Client code", "Service", "Access group", "Email", "Level", "Expires"),
    ("FOR001", "VAT", "Large corporates", "", "editor", ""),
    ("VAL001", "", "Large corporates", "", "editor", ""),
    ("HAR001", "", "", "beta.sobeck@ace-agent.co.uk", "editor", "31/12/2030"),
    ("HAR001", "", "", "sion.parry@ace-agent.co.uk", "blocked", ""),
]
PLACES: Rows = [
    ("Access group", "Team member email"),
    ("Large corporates", "alpha.prime@ace-agent.co.uk"),
    ("Large corporates", "sion.parry@ace-agent.co.uk"),
]

HMRC: Rows = [
    # As an agent services account lists clients: its client reference is the agent's own name for them.
    ("Client reference", "Tax reference", "Tax service"),
    ("Fortune 500", "431661987", "VAT"),
    ("Fortune 500", "XMIT00005530841", "Making Tax Digital for Income Tax"),
    ("Vala Subsid A Ltd.", "287540110", "VAT"),
    ("Alesund & Daughters", "ending in 7723", "VAT"),
    ("Harlow, Margaret", "XMIT00000412883", "Making Tax Digital for Income Tax"),
    ("Westray Trust", "2110094417", "Trusts and estates"),
]
PENNEO_USERS: Rows = [
    ("Name", "Email", "Role", "Rights", "Login methods", "Status"),
    ("Bjørn Østergård", "bjorn@norre.example", "Administrator", "KYC, Sign", "Credentials", "active"),
    ("Søren Krøyer", "soren@norre.example", "User", "KYC", "Credentials", "active"),
    ("Zoë D’Arcy", "zoe@norre.example", "User", "KYC, Sign", "MitID", "inactive"),
]
PENNEO_GROUPS: Rows = [
    ("Group name", "User", "Email"),
    ("Audit", "Bjørn Østergård", "bjorn@norre.example"),
    ("Audit", "Søren Krøyer", "soren@norre.example"),
    ("Advisory", "Zoë D’Arcy", "zoe@norre.example"),
]
PLANNER: Rows = [
    ("First name", "Last name", "City", "State", "Zip", "Client ID"),
    ("Maria", "Castellano", "Portland", "OR", "97201", "4401"),
    ("Dwight", "Okonkwo", "Salem", "OR", "97301", "4402"),
    ("Ruth", "Abernathy", "Bend", "OR", "97701", "4403"),
    ("Tess", "Abernathy", "Bend", "OR", "97701", "4404"),
]
NAMES: Rows = [
    ("Client", "Type"),
    ("Brodie & Sons", "Partnership"),
    ("Kestrel Joinery", "Sole trader"),
]
CRM_MEMBERS: Rows = [
    ("Name", "Email address", "Role"),
    ("Carys Llewelyn", "carys@castell.example", "Adviser"),
    ("Owain Pritchard", "owain@castell.example", "Adviser"),
    ("Megan Tudor", "megan@castell.example", "Staff"),
]
CRM_ADVISERS: Rows = [
    (
        "Client number",
        "Client name",
        "Adviser name",
        "Broker code",
        "Broker house code",
        "FSP",
        "Fee split %",
    ),
    ("CM-0001", "Gwen ap Rhys", "Carys Llewelyn", "CL0417", "CAS", "Castell Advice", "100"),
    ("CM-0002", "Idris and Carys Bowen", "Carys Llewelyn", "CL0417", "CAS", "Castell Advice", "60"),
    ("CM-0002", "Idris and Carys Bowen", "Owain Pritchard", "OP0091", "CAS", "Castell Advice", "40"),
    ("CM-0003", "Castell Coch Engineering", "Owain Pritchard", "OP0091", "CAS", "Castell Advice", "0"),
]

FAULTY_HEADER = (
    *("Client code", "Client name", "Client type", "Confidential"),
    *("VAT number", "UTR", "PAYE reference", "Services"),
)
LONG = "Consolidated Holdings of the Northern Counties "
FAULTY: dict[int, tuple[str, ...]] = {
    37: ("", "No Reference Ltd", "Limited company", "no", "", "", "", ""),
    101: ("NON101", "", "Limited company", "no", "", "", "", ""),
    164: ("BRA0011", "Second Of The Same", "Individual", "no", "", "", "", ""),
    250: ("bra0021", "Same But For Case", "Individual", "no", "", "", "", ""),
    333: ("R" * 81, "Reference Too Long", "Individual", "no", "", "", "", ""),
    402: ("LON402", LONG * 5, "Limited company", "no", "", "", "", ""),
    466: ("HYP466", '=HYPERLINK("http://example.com","Click")', "Individual", "no", "", "", "", ""),
    531: ("BEL531", "Bell\x07 and Sons", "Partnership", "no", "", "", "", ""),
    600: ("BRK600", "Broken\nName", "Partnership", "no", "", "", "", ""),
    688: ("MAY688", "Perhaps Confidential", "Individual", "perhaps", "", "", "", ""),
    745: ("SHO745",),
    812: ("WID812", "Smith", " Jones & Co", "Partnership", "no", "", "", "", "", "left over"),
    904: ("VAT904", "Borrowed VAT Number", "Limited company", "no", "GB100000003", "", "", ""),
    1011: ("UTR1011", "Borrowed UTR", "Individual", "no", "", "2000000002", "", ""),
    1130: ("TAB1130", "Tab In Tax Reference", "Limited company", "no", "GB1\t2", "", "", ""),
    1277: ("SVC1277", "Service Nobody Offers", "Individual", "no", "", "", "", "Window cleaning"),
    1402: ("TWO1402", "Two VAT Numbers", "Limited company", "no", "GB700000001", "", "", "VAT: GB700000002"),
    1555: ("TYP1555", "Type Too Long", "Limited company " * 4, "no", "", "", "", ""),
    1690: ("=A1690", "Formula For A Reference", "Individual", "no", "", "", "", ""),
    1888: ("PAY1888", "PAYE Too Long", "Limited company", "no", "", "", "9" * 81, ""),
}
"""By the row's number in the file (the header is row 1), rows that are each wrong in one way."""


def faulty_rows() -> Iterable[tuple[str, ...]]:
    """2,000 rows under the header: invented clients, and the faulty ones in their places."""
    dice = random.Random(20260303)
    first = (
        "Bramble",
        "Castle",
        "Dock",
        "Ember",
        "Fairway",
        "Granite",
        "Harbour",
        "Ivy",
        "Juniper",
        "Kestrel",
    )
    second = (
        "Bakery",
        "Builders",
        "Catering",
        "Consulting",
        "Electrical",
        "Farms",
        "Joinery",
        "Motors",
        "Textiles",
    )
    kinds = ("Limited company", "Individual", "Partnership", "Sole trader")
    yield FAULTY_HEADER
    for row in range(2, 2002):
        if row in FAULTY:
            yield FAULTY[row]
            continue
        name, kind = dice.choice(first), dice.choice(kinds)
        vat = f"GB1{row:08}" if row % 3 == 0 else ""
        paye = f"{dice.randrange(100, 1000)}/{name[0]}{row:05}" if row % 7 == 0 else ""
        services = "" if row % 5 else "VAT" if vat else "Payroll"
        code = "BRA" if row in (11, 21) else name[:3].upper()
        yield (
            f"{code}{row:04}", f"{name} {dice.choice(second)} {row}", kind, "yes" if row % 97 == 0 else "no",
            vat, f"2{row:09}" if row % 2 == 0 else "", paye, services,
        )  # fmt: skip


def save_csv(name: str, rows: Iterable[Sequence[str]], delimiter: str, encoding: str) -> None:
    with (HERE / name).open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)


def save_xlsx(name: str, title: str, rows: Rows) -> None:
    """With a title above the header, as exports like to have it."""
    with xlsxwriter.Workbook(HERE / name) as book:
        sheet = book.add_worksheet("Clients")
        sheet.write_string(0, 0, title, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=2):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)


def save_ods(name: str, rows: Rows) -> None:
    book = OpenDocumentSpreadsheet()
    table = Table(name="Cleientiaid")
    for row in rows:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(HERE / name))


def main() -> None:
    save_csv("agency-clients.csv", AGENCY, ",", "utf-8")
    save_csv("kyc-clients-semicolon-windows.csv", COMPANY, ";", "cp1252")
    save_csv("planning-clients-tab.txt", PLANNING, "\t", "utf-16")
    save_xlsx("practice-clients.xlsx", "Client register", PRACTICE)
    save_ods("cleientiaid.ods", WELSH)
    save_csv("members.csv", MEMBERS, ",", "utf-8-sig")
    save_csv("access.csv", ACCESS, ",", "utf-8")
    save_csv("places.csv", PLACES, ",", "utf-8")
    save_csv("hmrc-clients.csv", HMRC, ",", "utf-8")
    save_csv("penneo-users.csv", PENNEO_USERS, ";", "utf-8-sig")
    save_csv("penneo-groups.csv", PENNEO_GROUPS, ";", "utf-8-sig")
    save_csv("planner-clients.csv", PLANNER, ",", "utf-8")
    save_csv("names.csv", NAMES, ",", "utf-8")
    save_csv("crm-members.csv", CRM_MEMBERS, ",", "utf-8")
    save_csv("crm-advisers.csv", CRM_ADVISERS, ",", "utf-8")
    save_csv("faulty-clients.csv", faulty_rows(), ",", "utf-8")


if __name__ == "__main__":
    main()
