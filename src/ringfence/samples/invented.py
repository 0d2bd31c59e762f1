"""Invented names and references that look like a British practice's client list. Nobody in it exists.

Every number gives the same words in every run; references are unique by construction. What a firm is made of
is decided in `generate.py`.
"""

import random

from stdnum.gb import utr, vat

FIRST_NAMES = (
    "Aisha Alan Aled Alison Amelia Andrew Angharad Anna Anthony Arthur Bethan Brian Bronwen Carys"
    " Catherine Ceri Charlotte Christopher Claire Dafydd Daniel David Deborah Dylan Edward Eleri Elin"
    " Elizabeth Emily Emma Fatima Fergus Ffion Fiona Florence Freya Gareth George Geraint Glenys Grace"
    " Gwen Hannah Harpreet Harry Heather Helen Henry Huw Iain Ieuan Imran Ioan Isla Jack James Jane Janet"
    " Jean Joanna John Joyce Karen Kate Keith Kevin Laura Lesley Llinos Lowri Lucy Małgorzata Margaret"
    " Mark Mary Matthew Megan Meilir Michael Mohammed Moira Morag Myfanwy Nerys Nia Nicola Nigel Olivia"
    " Owain Patricia Paul Peter Philip Piotr Priya Rachel Rebecca Rhian Rhodri Rhys Richard Robert Rūta"
    " Ruth Samuel Sarah Seán Sharon Siân Simon Siobhán Sophie Stephen Steffan Susan Tegwen Thomas Timothy"
    " Tomos Tracey Victoria Wei William Wyn Yasmin Zoë"
).split()

LAST_NAMES = (
    "Adams Ahmed Ali Allen Anderson Bailey Baker Begum Bell Bennett Bevan Brown Butler Campbell Carter"
    " Chapman Chen Clark Clarke Collins Cook Cooper Cox Davies Davis Dixon Edwards Ellis Evans Fisher"
    " Foster Fraser Gill Graham Gray Green Griffiths Gruffydd Hall Harris Harrison Harvey Hill Holmes"
    " Howells Hughes Hunt Hussain Jackson James Jenkins Johnson Jones Kaur Kelly Khan King Knight Kowalski"
    " Lee Lewis Llewelyn Lloyd MacDonald MacLeod Marshall Martin Mason Matthews McCarthy Miller Mitchell"
    " Moore Morgan Morris Murphy Murray Nowak O'Brien O'Neill Owen Palmer Parker Parry Patel Phillips"
    " Powell Price Pritchard Prosser Pugh Rees Reid Reynolds Richards Richardson Roberts Robertson"
    " Robinson Rogers Rowlands Russell Scott Shah Shaw Simpson Singh Smith Stevens Stewart Taylor Thomas"
    " Thompson Turner Vaughan Walker Ward Watkins Watson Webb White Wilkinson Williams Wilson Wood Wright"
    " Wójcik Young"
).split()

TRADES = (
    "Bakery Bookshop Brewing Builders Carpentry Catering Childcare Cleaning Construction Consulting Dairy"
    " Dental Design Electrical Engineering Estates Farming Fencing Finance Fisheries Florists Foods"
    " Forestry Furniture Garages Glazing Haulage Holdings Horticulture Hotels Interiors Joinery Landscapes"
    " Lettings Logistics Marine Media Motors Optics Packaging Pharmacy Plastering Plumbing Poultry Print"
    " Properties Recruitment Renewables Roofing Scaffolding Security Software Stationers Steel Surveyors"
    " Textiles Timber Tours Transport Veterinary"
).split()

PLACES = (
    "Aberystwyth Bangor Barry Bath Birmingham Bristol Caerdydd Cardiff Carlisle Chester Cowbridge Derby"
    " Dolgellau Dundee Durham Exeter Fife Gower Harlech Hereford Hull Inverness Kendal Leeds Llandudno"
    " Llanelli Ludlow Luton Monmouth Neath Newport Newquay Oban Oxford Penarth Perth Powys Preston Rhyl"
    " Ripon Ruthin Shrewsbury Stirling Swansea Tenby Truro Whitby Wrexham York Môn"
).split()

ENDINGS = ("Ltd", "Ltd", "Ltd", "Limited", "Cyf", "LLP", "& Sons", "Partnership", "plc")

SPREAD = 7_368_787
VAT_NUMBERS = 8_999_993
"""A prime: steps of it reach every number of a range that it does not divide, in no visible order."""


def person(chance: random.Random) -> str:
    return f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"


def company(chance: random.Random) -> str:
    owner = chance.choice((chance.choice(LAST_NAMES), chance.choice(PLACES)))
    return f"{owner} {chance.choice(TRADES)} {chance.choice(ENDINGS)}"


def client_reference(name: str, number: int) -> str:
    """Three letters of the name and the number: unique since the number is."""
    letters = "".join(letter for letter in name if letter.isalpha())[:3].upper()
    return f"{letters}{number:05d}"


def _scattered(number: int, size: int) -> int:
    """One of `size` numbers, another for each `number` below it."""
    return number * SPREAD % size


def taxpayer_reference(number: int) -> str:
    """Ten digits, as a UTR has, of which the first is the check digit of the others."""
    others = f"{_scattered(number, 999_999_937):09d}"
    return f"{utr.calc_check_digit(others)}{others}"


def vat_number(number: int) -> str:
    """Nine digits with their check digits, by either of the two ways that there are."""
    digits = str(1_000_000 + _scattered(number, VAT_NUMBERS))
    way = 42 if number >= VAT_NUMBERS else 0
    return f"GB{digits}{(way - vat.checksum(digits)) % 97:02d}"


def capital_gains_reference(number: int) -> str:
    return f"XMCGTP{_scattered(number, 999_999_937):09d}"


def employer_reference(number: int) -> str:
    """Office and reference, as PAYE has."""
    office, rest = divmod(_scattered(number, 899_999_999), 1_000_000)
    return f"{100 + office}/{'ABCDEFGHJKLMNPRSTUWXYZ'[rest % 22]}{rest:06d}"
