"""Which kind of tax reference a text is, and what can hardly be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.gb import utr, vat

from ringfence.core.directory import tax_key
from ringfence.core.tax_references import Doubt, TaxKind, doubted, doubts_among, kinds_for, tax_kinds


@pytest.mark.parametrize(
    "written", ["1955839661", "19558 39661", "K1955839661", "1955839661k", "19558-39661"]
)
def test_a_utr_is_known_however_it_is_written(written: str) -> None:
    assert TaxKind.UTR in tax_kinds(written)


@pytest.mark.parametrize(
    "written", ["980780684", "GB 980 7806 84", "XI980780684", "gb980780684001", "GD001", "GB HA500"]
)
def test_a_vat_number_is_known_however_it_is_written(written: str) -> None:
    assert TaxKind.VAT in tax_kinds(written)


@given(st.integers(0, 10**7 - 1))
def test_a_vat_number_of_nine_digits_is_judged_as_the_library_judges_it(rest: int) -> None:
    numbers = [f"{rest:07d}{last:02d}" for last in range(100)]
    found = [number for number in numbers if TaxKind.VAT in tax_kinds(number)]
    assert found == [number for number in numbers if vat.is_valid(number)]


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("AB 12 34 56 C", TaxKind.NINO),
        ("ab123456", TaxKind.NINO),
        ("123/AB456", TaxKind.PAYE),
        ("123 / 1234567", TaxKind.PAYE),
        ("123AB456", TaxKind.PAYE),
        ("123PA00012345", TaxKind.ACCOUNTS_OFFICE),
        ("123PX0012345X", TaxKind.ACCOUNTS_OFFICE),
        ("01234567", TaxKind.COMPANY),
        ("SC123456", TaxKind.COMPANY),
        ("oc 301234", TaxKind.COMPANY),
        ("IP12345R", TaxKind.COMPANY),
        ("XMCGTP123456789", TaxKind.HMRC),
        ("XYTRUST12345678", TaxKind.HMRC),
        ("XAPPT0001234567", TaxKind.HMRC),
    ],
)
def test_other_references_are_known_by_their_form(written: str, kind: TaxKind) -> None:
    assert kind in tax_kinds(written)


@pytest.mark.parametrize("written", ["QQ123456C", "GB123456A", "AB123456E", "AO123456A", "AB12345C"])
def test_what_no_national_insurance_number_looks_like_is_none(written: str) -> None:
    assert TaxKind.NINO not in tax_kinds(written)


@given(st.integers(0, 10**9 - 1))
def test_a_utr_is_judged_as_the_library_judges_it(rest: int) -> None:
    numbers = [f"{first}{rest:09d}" for first in range(10)]
    found = [number for number in numbers if TaxKind.UTR in tax_kinds(number)]
    assert found == [number for number in numbers if utr.is_valid(number)]


@pytest.mark.parametrize(
    ("service", "kinds"),
    [
        ("VAT", (TaxKind.VAT,)),
        ("Quarterly VAT returns", (TaxKind.VAT,)),
        ("TAW", (TaxKind.VAT,)),
        ("VAT OSS", ()),
        ("Income Tax", (TaxKind.UTR, TaxKind.NINO)),
        ("Self-Assessment", (TaxKind.UTR, TaxKind.NINO)),
        ("Treth Gorfforaeth", (TaxKind.UTR,)),
        ("PAYE", (TaxKind.PAYE, TaxKind.ACCOUNTS_OFFICE)),
        ("Income Tax and VAT", (TaxKind.VAT, TaxKind.UTR, TaxKind.NINO)),
        ("Private advice", ()),
        ("Renovation", ()),
        ("KYC", ()),
        ("CIS", ()),
    ],
)
def test_a_services_name_says_its_kinds_where_the_words_are_in_it(
    service: str, kinds: tuple[TaxKind, ...]
) -> None:
    assert kinds_for(service) == kinds


@pytest.mark.parametrize(
    ("reference", "service", "doubt"),
    [
        ("2955839661", "Income Tax", Doubt.TAX_CHECK_DIGIT),
        ("GB980780685", "VAT", Doubt.TAX_CHECK_DIGIT),
        ("1955839661", "VAT", Doubt.TAX_OTHER_KIND),
        ("01234567", "Corporation Tax", Doubt.TAX_OTHER_KIND),
        ("1955839661", "PAYE", Doubt.TAX_OTHER_KIND),
        ("12345", "VAT", Doubt.TAX_NO_FORM),
        ("K-001", "VAT", Doubt.TAX_NO_FORM),
        ("1234567", "Companies House", Doubt.TAX_ZERO_MISSING),
        ("not yet", "VAT", Doubt.LETTERS_ALONE),
        ("not yet", "KYC", Doubt.LETTERS_ALONE),
        ("1234567890", "KYC", Doubt.TAX_CHECK_DIGIT),
    ],
)
def test_what_can_hardly_be_right_is_doubted(reference: str, service: str, doubt: Doubt) -> None:
    found = doubted(reference, kinds_for(service))
    assert found is not None
    assert found.doubt is doubt


@pytest.mark.parametrize(
    ("reference", "service"),
    [
        ("19558 39661 K", "Income Tax"),
        ("AB123456C", "Income Tax"),
        ("120/AB12", "PAYE"),
        ("9511234567", "PAYE"),
        ("XYTRUST12345678", "Trusts"),
        ("POL-0001", "Pensions"),
        ("K-0001", "KYC"),
        ("980780684", "Accounts"),
        ("EU372000041", "VAT OSS"),
    ],
)
def test_a_reference_that_fits_or_of_which_nothing_is_known_is_not_doubted(
    reference: str, service: str
) -> None:
    assert doubted(reference, kinds_for(service)) is None


_DIGITS = st.text("0123456789", min_size=7, max_size=12)
_RIGHT = st.sampled_from(["1955839661", "9000000001", "980780684", "100000187", "000000042"])
_WRITTEN = st.one_of(_DIGITS, _RIGHT, st.text("0123456789gbkxAB /", min_size=1, max_size=13))


@given(
    st.lists(_WRITTEN.filter(str.strip), max_size=20),
    st.sampled_from(["VAT", "Income Tax", "PAYE", "VAT and PAYE", "Advice", "Trust tax"]),
)
def test_many_are_doubted_as_each_is_by_itself(references: list[str], service: str) -> None:
    kinds = kinds_for(service)
    each = {reference: doubt for reference in references if (doubt := doubted(reference, kinds))}
    assert doubts_among({reference: tax_key(reference) for reference in references}, kinds) == each
