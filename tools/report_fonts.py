"""Make the fonts of signed reports from Noto Sans: two static weights, of Latin, Greek and Cyrillic alone.

Once, by hand: `pip install fontpkg-noto-sans==2.15 fonttools`, then `python tools/report_fonts.py`. What it
writes is committed with its licence, so that nobody needs these to run or to test Ringfence.
"""

import shutil
from importlib.resources import files
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

TO = Path(__file__).parents[1] / "src/ringfence/lists/review_report/fonts"
WEIGHTS = {"Regular": 400, "Bold": 700}
LETTERS = (
    *range(0x20, 0x250),
    *range(0x300, 0x530),
    *range(0x1E00, 0x2070),
    *range(0x20A0, 0x20C0),
    *range(0x2100, 0x2200),
    0xFFFD,
)


def main() -> None:
    """Write both fonts and their licence."""
    source = files("fontpkg_noto_sans")
    for name, weight in WEIGHTS.items():
        with (source / "files/NotoSans[wdth,wght].ttf").open("rb") as stream:
            font = instantiateVariableFont(
                TTFont(stream, recalcTimestamp=False), {"wght": weight, "wdth": 100}
            )
            options = Options(layout_features=[], name_IDs=[0, 1, 2, 5, 13, 14], notdef_outline=True)
            subsetter = Subsetter(options)
            subsetter.populate(unicodes=LETTERS)
            subsetter.subset(font)
            font.save(TO / f"NotoSans-{name}.ttf")
    with (source / "LICENSE").open("rb") as stream, (TO / "OFL.txt").open("wb") as to:
        shutil.copyfileobj(stream, to)


if __name__ == "__main__":
    main()
