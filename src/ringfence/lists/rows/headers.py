"""The headers that practice software and people write, for each field of each list; best match first.

Drawn from the public import and export guides of practice-management, tax and accounts products, with
Welsh ones. Compared by letters and digits only, so "Client_Code", "ClientCode" and "client code" agree.
"""

from enum import StrEnum


class ListKind(StrEnum):
    """What a list holds."""

    CLIENTS = "clients"
    MEMBERS = "members"
    ACCESS = "access"
    PLACES = "places"


_REFERENCE = (
    "Client reference|Client ref|Client code|Client ID|Client no|Client number|Client identifier|"
    "Customer reference|Customer code|Customer ID|Case reference|Matter number|File number|"
    "Our reference|Our ref|Your reference|Your ref|Internal reference|Internal ref|"
    "Account code|Account ref|Contact code|Unique identifier|User defined identifier|UID|"
    "Reference|Ref|Code|"
    "Cyfeirnod y cleient|Cyfeirnod cleient|Cod y cleient|Cod cleient|Rhif y cleient|Cyfeirnod"
)
_SERVICE = "Service|Tax service|Service name|Tax type|Engagement|Gwasanaeth|Gwasanaeth treth"
_GROUP = (
    "Access group|Group|Group name|Access group name|Team|Team name|"
    "Grŵp mynediad|Enw'r grŵp|Grŵp|Tîm|Enw'r tîm"
)
_EMAIL = (
    "Email address|Email|User email|Work email|Login email|Member email|Team member email|Staff email|"
    "Username|Cyfeiriad e-bost|E-bost|Ebost"
)
_MEMBER = (
    "Member|Member name|Team member|Team member name|Adviser|Adviser name|Linked adviser|Linked planner|"
    "Staff name|Colleague|Aelod o'r tîm|Enw'r aelod"
)
_FIRST = "First name|First names|Forename|Forenames|Given name|Enw cyntaf"
_LAST = "Last name|Last names|Surname|Family name|Cyfenw"

_FIELDS: dict[ListKind, dict[str, str]] = {
    ListKind.CLIENTS: {
        "reference": _REFERENCE,
        "reference_and_name": "",
        "name": (
            "Client name|Name|Client|Full name|Display name|Company name|Organisation name|"
            "Organization name|Business name|Entity name|Customer name|Customer|Legal name|Contact name|"
            "Account name|Client relationship|Trading name|Enw'r cleient|Enw cleient|Enw|Enw'r cwmni"
        ),
        "first_name": _FIRST,
        "last_name": _LAST,
        "kind": (
            "Client type|Entity type|Type|Kind|Business structure|Business type|Legal form|Entity|"
            "Contact type|Organisation type|Account type|Math o gleient|Math"
        ),
        "confidential": "Confidential|Confidential client|Restricted|Sensitive|VIP|Cyfrinachol",
        "service": _SERVICE,
        "services": (
            "Services|Active services|Tax services|Services provided|Services subscribed|Engagements|"
            "Gwasanaethau"
        ),
        "tax_reference": (
            "Tax reference|Tax ref|Service reference|Tax reference number|Engagement reference|"
            "Cyfeirnod treth|Cyfeirnod y dreth"
        ),
        "utr": (
            "UTR|UTR number|UTR no|Tax UTR|Unique taxpayer reference|Unique tax reference|Client UTR|"
            "Cyfeirnod unigryw y trethdalwr"
        ),
        "owners": "Owner|Owners|Client owner|Case owner|Linked adviser|Perchennog|Perchnogion",
        "editors": "Editor|Editors|Golygydd|Golygyddion",
        "readers": "Reader|Readers|Darllenydd|Darllenwyr",
        "blocked": "Blocked|Blocked users|Wedi'i rwystro|Wedi'u rhwystro",
    },
    ListKind.MEMBERS: {
        "email": _EMAIL,
        "name": (
            "Name|Full name|Display name|Member name|Team member|Team member name|User name|User|"
            "Staff name|Employee name|Adviser|Adviser name|Colleague|Enw|Enw llawn|Aelod o'r tîm"
        ),
        "first_name": _FIRST,
        "last_name": _LAST,
        "role": "Role|User role|Credential role|User type|Permission level|Rôl|Swyddogaeth",
        "access": "Access|Client access|Can access clients|Access permission|Mynediad",
        "manage_access": (
            "Manage access|Manages access|Can manage access|Perms|Manage permissions|Rheoli mynediad"
        ),
        "active": "Active|Is active|Enabled|Status|User status|Gweithredol|Statws",
        "external": (
            "External ID|External reference|Directory ID|Object ID|Employee ID|Employee number|Employee no|"
            "Staff ID|Staff number|Staff no|Payroll number|Personnel number|"
            "ID allanol|Rhif staff|Rhif gweithiwr"
        ),
        "groups": "Access groups|Groups|Group memberships|Grwpiau mynediad|Grwpiau",
    },
    ListKind.ACCESS: {
        "reference": _REFERENCE,
        "service": _SERVICE,
        "group": _GROUP,
        "email": _EMAIL,
        "member": _MEMBER,
        "level": "Level|Access level|Permission|Permission level|Access|Lefel|Lefel mynediad",
        "expires": (
            "Expires|Expiry|Expiry date|Expires on|Until|End date|Access until|Valid until|"
            "Dyddiad dod i ben|Yn dod i ben|Hyd at"
        ),
        "fee_split": "Fee split|Fee split %|Split|Rhaniad ffi",
    },
    ListKind.PLACES: {"group": _GROUP, "email": _EMAIL, "member": _MEMBER},
}

_SERVICE_COLUMNS: dict[str, str] = {
    "VAT": (
        "VAT number|VAT no|VAT registration number|VAT reg number|VAT reg no|VAT registration no|"
        "VAT registration|VAT reference|VAT ref|VRN|VAT|Rhif TAW|Rhif cofrestru TAW|TAW"
    ),
    "PAYE": (
        "PAYE reference|PAYE ref|PAYE ref no|PAYE reference number|Employer PAYE reference|"
        "Employer PAYE ref|Employer reference|Employers reference|PAYE scheme reference|PAYE number|PAYE|"
        "Cyfeirnod TWE|TWE"
    ),
    "Corporation Tax": (
        "Corporation Tax UTR|Company UTR|CT UTR|Corporation Tax reference|Corporation Tax ref|"
        "CT reference|CT ref|CTUTR|Corporation Tax|UTR y cwmni|Treth Gorfforaeth"
    ),
    "Income Tax": (
        "Self Assessment UTR|SA UTR|Personal UTR|Personal tax UTR|Personal UTR number|SAUTR|"
        "Income Tax reference|Income Tax|Self Assessment|UTR Hunanasesiad|Treth Incwm"
    ),
    "CIS": "CIS reference|CIS ref|CIS number|CIS",
    "Trusts": "Trust UTR|Trusts UTR|Trust reference",
}

REQUIRED: dict[ListKind, tuple[tuple[str, ...], ...]] = {
    ListKind.CLIENTS: (("reference", "reference_and_name"), ("name", "last_name", "reference_and_name")),
    ListKind.MEMBERS: (("email",),),
    ListKind.ACCESS: (("reference",), ("group", "email", "member")),
    ListKind.PLACES: (("group",), ("email", "member")),
}
"""For each kind, sets of fields of which at least one must have a column."""


_MARK_READ_AS_LETTERS = "ï»¿"
"""The byte order mark of UTF-8 as programs that do not know it leave it before the first header."""


def header_key(header: str) -> str:
    """Letters and digits of a header without case, which is all that counts when it is compared."""
    return "".join(filter(str.isalnum, header.removeprefix(_MARK_READ_AS_LETTERS).casefold()))


def _ranked(fields: dict[str, str]) -> dict[str, tuple[str, int]]:
    ranks: dict[str, tuple[str, int]] = {}
    for field, synonyms in fields.items():
        for rank, synonym in enumerate(filter(None, synonyms.split("|"))):
            ranks.setdefault(header_key(synonym), (field, rank))
    return ranks


FIELD_OF_HEADER = {kind: _ranked(fields) for kind, fields in _FIELDS.items()}
"""For each kind: header key to its field and rank (0 is the best)."""
SERVICE_OF_HEADER = _ranked(_SERVICE_COLUMNS)
"""Header key to the service whose tax reference the column holds, and rank."""


def fields_of(kind: ListKind) -> tuple[str, ...]:
    """The fields that a column of this kind of list may be mapped to."""
    return tuple(_FIELDS[kind])
