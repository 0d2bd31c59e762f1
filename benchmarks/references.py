"""Tax references as lists hold them: their check digits are right."""

UTR_WEIGHTS = (6, 7, 8, 9, 10, 5, 4, 3, 2)
VAT_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def utr(number: int) -> str:
    """The UTR of these nine digits."""
    digits = f"{number:09d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, UTR_WEIGHTS, strict=True))
    return "21987654321"[total % 11] + digits


def vat_number(number: int) -> str:
    """The VAT number that begins with these seven digits, counted from 1,000,000 on."""
    digits = f"{number + 1_000_000:07d}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, VAT_WEIGHTS, strict=True))
    return f"GB{digits}{97 - total % 97:02d}"
