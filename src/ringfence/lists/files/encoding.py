"""The encoding of a text: proved, told, or the only one in which its words can be words.

UTF-8 and UTF-16 prove themselves. Of those with one byte for each letter nothing is proof: Windows-1252 is
taken where every word of the file can be one in it, else the only other that makes words of them all. Where
several do, whoever brings the file is to say which.
"""

import codecs
import io
import re
from collections.abc import Iterator
from itertools import groupby
from typing import TextIO

import msgspec

from ringfence.lists.faults import F, TableError, shown

from .source import ListFile

CHUNK = 1024 * 1024
MOST_WORDS = 5000
"""Different words with letters beyond ASCII that are looked at; a file has them all over."""
SAMPLES = 3
"""Words by which the encodings that are possible are told apart."""
WINDOWS = "cp1252"
ONE_BYTE = (WINDOWS, "iso8859-15", "cp1250", "mac-roman", "cp850")
"""What spreadsheets write, the likeliest first."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "mac-roman": "Macintosh",
    "iso8859-1": "ISO-8859-1",
    "iso8859-15": "ISO-8859-15",
    "cp850": "DOS 850",
}
_OF_THE_WEB = {"iso8859-1": WINDOWS, "ascii": WINDOWS}
"""What web pages mean by these names (the WHATWG's Encoding Standard)."""
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "unicode-escape", "undefined", "utf-7"})
"""What Python decodes besides and no list is in: halves of letters come of it, and days of work."""
_MULTIBYTE = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")
_UNDECODED = re.compile("[\udc80-\udcff]")
_WORD = re.compile(rb"[A-Za-z']*[\x80-\xff][A-Za-z'\x80-\xff]*")
_SIGNS = frozenset("’‘“”„‚–—…€£§©®™°·•«»½¼¾²³¡¿´\xa0\xad")
"""What beside letters stands at the edge of words; a few stand amid them too."""
_WITHIN = frozenset("’‘–—·\xa0\xad")
_BEFORE_A_NAME = re.compile(r"[^\w'’‘“„«\xa0–—•·]\w{3}")
"""A sign that stands before figures or at an end, before a name."""
_LETTER_SIGNS = frozenset("ƒªºıμµ")
"""Letters to the Unicode Standard, in no name."""


class Encoding(msgspec.Struct, frozen=True):
    """How the bytes of a file are letters."""

    codec: str
    guessed: bool = False
    """Whether nothing proves it."""

    @property
    def name(self) -> str:
        """As people call it."""
        return _NAMES.get(self.codec, self.codec)

    def texts(self, source: ListFile) -> TextIO:
        """The file as text, line breaks as they are."""
        return io.TextIOWrapper(source.open(), encoding=self.codec, newline="")


def encoding_of(source: ListFile, told: str = "", declared: str = "") -> Encoding:
    """The encoding of the whole file, proved by decoding it once.

    `told` is what the person says, `declared` what the file says of itself. Raises TableError: no such
    encoding, bytes that are none of its letters (with their line), several that are equally possible.
    """
    if told:
        return Encoding(_known(source, told))
    with source.open() as stream:
        start = stream.read(4096)
    for mark, codec in MARKS:
        if start.startswith(mark):
            return Encoding(_proved(source, codec))
    if codec := wide_codec(start):
        return Encoding(_proved(source, codec))
    multibyte, undecoded = _count_utf8(source)
    if declared:
        codec = _known(source, declared)
        # A page that says Windows-1252 and is UTF-8 throughout has been saved anew without being told so.
        return Encoding(codec, guessed=bool(multibyte and not undecoded and not codec.startswith("utf")))
    if not undecoded:
        return Encoding("utf-8")
    if multibyte:
        # Both have been glued together, and any choice would garble names.
        _proved(source, "utf-8")
    return Encoding(_proved(source, _one_byte(source)), guessed=True)


def wide_codec(start: bytes) -> str:
    """UTF-16 without its mark: in a text, half the bytes are 0, all of them on one side; "" for any other."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = len(start) // 2
    if odd and not even and odd * 4 > most:
        return "utf-16-le"
    return "utf-16-be" if even and not odd and even * 4 > most else ""


def start_of_text(start: bytes) -> bytes:
    """The first bytes of a text as ASCII, whichever encoding they are in, without white space in front."""
    for mark, codec in MARKS:
        if start.startswith(mark):
            return start.decode(codec, "ignore").encode("ascii", "replace").lstrip()
    if codec := wide_codec(start):
        return start.decode(codec, "ignore").encode("ascii", "replace").lstrip()
    return start.lstrip(b" \t\r\n")


def _known(source: ListFile, name: str) -> str:
    try:
        codec = codecs.lookup(name.strip()).name
        if codec in _NO_CHARSETS:
            raise LookupError(codec)
        " ".encode(codec)
    except (LookupError, UnicodeError, ValueError) as error:
        raise TableError(source.name, F.NO_SUCH_ENCODING, encoding=shown(name)) from error
    return _proved(source, "utf-8-sig" if codec == "utf-8" else codec)


def called(encoding: str) -> str:
    """An encoding that Python knows by this name as people call it."""
    return Encoding(codecs.lookup(encoding).name).name


def declared_in_page(name: str) -> str:
    """What a web page means by the encoding that it names."""
    try:
        codec = codecs.lookup(name.strip()).name
    except (LookupError, ValueError):
        return name
    return _OF_THE_WEB.get(codec, codec)


def _count_utf8(source: ListFile) -> tuple[int, int]:
    """Characters beyond ASCII that are valid UTF-8, and bytes that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    multibyte = undecoded = 0
    with source.open() as stream:
        while True:
            data = stream.read(CHUNK)
            text = decoder.decode(data, final=not data)
            if not text.isascii():
                multibyte += len(_MULTIBYTE.findall(text))
                undecoded += len(_UNDECODED.findall(text))
            if not data:
                return multibyte, undecoded


def _proved(source: ListFile, codec: str) -> str:
    """The codec, which decodes the file; the fault names the line of the first byte that it does not."""
    decoder = codecs.getincrementaldecoder(codec)()
    line, last = 1, ""
    with source.open() as stream:
        while True:
            data = stream.read(CHUNK)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeError as error:
                if isinstance(error, UnicodeDecodeError):
                    line += _line_ends(last, _before(error, codec))
                name = Encoding(codec).name
                raise TableError(source.name, F.UNDECODED, line, encoding=name) from error
            line += _line_ends(last, text)
            last = text[-1:]
            if not data:
                return codec


def _line_ends(last: str, text: str) -> int:
    """How many lines end in the text, as editors count them, behind a text that ended so."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends - (last == "\r" and text.startswith("\n"))


def _before(error: UnicodeDecodeError, codec: str) -> str:
    """What stands before the byte that is none, as far as it ends lines."""
    before = error.object[: error.start]
    return (before.replace(b"\0", b"") if codec.startswith("utf-16") else before).decode("latin-1")


# --- One byte for each letter


def _one_byte(source: ListFile) -> str:
    words = _words(source)
    possible = [codec for codec in ONE_BYTE if all(_is_word(word, codec) for word in words)]
    if not possible or possible[0] == WINDOWS:
        return WINDOWS
    read = {codec: [word.decode(codec) for word in words] for codec in possible}
    if all(texts == read[possible[0]] for texts in read.values()):
        return possible[0]
    raise TableError(source.name, F.UNSURE_ENCODING, encodings=_told_apart(read))


def _words(source: ListFile) -> list[bytes]:
    """The words with bytes beyond ASCII, each once, in the order of the file."""
    words: dict[bytes, None] = {}
    rest = b""
    with source.open() as stream:
        while len(words) < MOST_WORDS:
            data = stream.read(CHUNK)
            text = rest + data
            end = max(text.rfind(end) for end in (b"\n", b"\r", b" ")) + 1 if data else len(text)
            words.update(dict.fromkeys(_WORD.findall(text[: end or CHUNK])))
            rest = text[end or CHUNK :]
            if not data:
                break
    return list(words)[:MOST_WORDS]


def _told_apart(read: dict[str, list[str]]) -> str:
    """`Macintosh (Siân), DOS 850 (Siën)`: each with words that differ."""
    codecs_, columns = list(read), zip(*read.values(), strict=True)
    differing = [column for column in columns if len(set(column)) > 1][:SAMPLES]
    return ", ".join(
        f"{Encoding(codec).name} ({', '.join(shown(column[place]) for column in differing)})"
        for place, codec in enumerate(codecs_)
    )


def _is_word(word: bytes, codec: str) -> bool:
    """Whether the bytes can be a word: letters in a case that words have, signs only where signs stand."""
    try:
        text = word.decode(codec)
    except UnicodeError:
        return False
    runs = list(_runs(text))
    if any(sign not in _WITHIN for sign in _between(text)) or _BEFORE_A_NAME.match(text):
        return False
    return all(_has_case_of_a_word(run) for run in runs) and all(
        letter.isascii() or _is_letter(letter) or letter in _SIGNS for letter in text
    )


def _runs(text: str) -> Iterator[str]:
    for is_letter, run in groupby(text, key=_is_letter):
        if is_letter:
            yield "".join(run)


def _between(text: str) -> str:
    """What stands between the first and the last letter and is none."""
    places = [place for place, letter in enumerate(text) if _is_letter(letter)]
    inner = text[places[0] : places[-1]] if places else ""
    return "".join(letter for letter in inner if not _is_letter(letter) and letter != "'")


def _is_letter(letter: str) -> bool:
    return letter.isalpha() and letter not in _LETTER_SIGNS


def _has_case_of_a_word(run: str) -> bool:
    """Whether no letter beyond ASCII is a capital behind a small letter, or small amid capitals."""
    for place, letter in enumerate(run):
        if letter.isascii():
            continue
        before, behind = run[:place], run[place + 1 :]
        if letter.isupper() and before and before[-1].islower():
            return False
        if (
            letter.islower()
            and letter != "ß"
            and len(before) > 1
            and before.isupper()
            and not behind.islower()
        ):
            return False
    return True
