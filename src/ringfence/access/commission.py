"""Dividing the commission of an application form among advisers, in whole pence. Pure numbers."""

from collections.abc import Sequence

WHOLE = 10_000
"""All of it: a hundred per cent in hundredths."""


def divided(pence: int, splits: Sequence[int]) -> tuple[int, ...]:
    """What each split, in hundredths of a per cent, is of the pence: all together exactly their sum.

    That sum is their percentage together, rounded to the penny, half a penny up; each share is rounded down,
    and what is left of the sum goes to the first.
    """
    if not splits:
        return ()
    together = (pence * sum(splits) * 2 + WHOLE) // (2 * WHOLE)
    shares = [pence * split // WHOLE for split in splits]
    return (shares[0] + together - sum(shares), *shares[1:])
