"""The blocks that a mail is made of, each as plain text and as HTML: so both say the same, from one source.

A mail's `body.txt` is nothing but calls of these. What they are given is text, never markup: names and
reasons of people are shown as they were typed, in either form.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from markupsafe import Markup, escape


class MailLink(NamedTuple):
    """A text that leads somewhere."""

    text: str
    address: str


class Hand(Protocol):
    """What writes the blocks in one form. Each gives the block as it stands in the mail."""

    def say(self, text: str) -> str:
        """A paragraph."""
        ...

    def heading(self, text: str | MailLink) -> str:
        """What the blocks below it are about, and where that is."""
        ...

    def items(self, texts: Iterable[str | MailLink]) -> str:
        """A list; nothing where there is nothing in it."""
        ...

    def quote(self, text: str) -> str:
        """What somebody wrote, with their line breaks."""
        ...

    def button(self, text: str, address: str) -> str:
        """Where the mail leads; one in a mail."""
        ...


class PlainHand:
    """Plain text: blocks with an empty line between."""

    def say(self, text: str) -> str:
        return _block(text)

    def heading(self, text: str | MailLink) -> str:
        if isinstance(text, MailLink):
            return _block(f"{text.text}\n{'-' * len(text.text)}\n{text.address}")
        return _block(f"{text}\n{'-' * len(text)}")

    def items(self, texts: Iterable[str | MailLink]) -> str:
        lines = [
            f"- {each.text}\n  {each.address}" if isinstance(each, MailLink) else f"- {each}"
            for each in texts
        ]
        return _block("\n".join(lines))

    def quote(self, text: str) -> str:
        return _block("\n".join(f"> {line}".rstrip() for line in text.splitlines()))

    def button(self, text: str, address: str) -> str:
        return _block(f"{text}:\n{address}")


class HtmlHand:
    """HTML without anything from elsewhere; the colours of a dark reader are in `letter.html`."""

    def say(self, text: str) -> str:
        return Markup('<p style="margin:0 0 16px">{}</p>\n').format(text)

    def heading(self, text: str | MailLink) -> str:
        start = Markup('<h2 style="margin:24px 0 8px;font-size:18px;line-height:24px">')
        return start + _linked(text) + Markup("</h2>\n")

    def items(self, texts: Iterable[str | MailLink]) -> str:
        lines = [Markup('<li style="margin:0 0 4px">{}</li>\n').format(_linked(each)) for each in texts]
        start, end = Markup('<ul style="margin:0 0 16px;padding-left:20px">\n'), Markup("</ul>\n")
        return Markup("").join([start, *lines, end]) if lines else Markup("")

    def quote(self, text: str) -> str:
        lines = Markup("<br>\n").join(text.splitlines())
        style = "margin:0 0 16px;padding-left:12px;border-left:4px solid #b1b4b6"
        return Markup('<blockquote style="{}">{}</blockquote>\n').format(style, lines)

    def button(self, text: str, address: str) -> str:
        style = (
            "display:inline-block;padding:10px 16px;background-color:#124559;color:#ffffff;"
            "font-weight:bold;text-decoration:none"
        )
        start = Markup('<p style="margin:0 0 16px"><a class="button" href="{}" style="{}">')
        return start.format(address, style) + escape(text) + Markup("</a></p>\n")


def _block(text: str) -> str:
    return f"{text}\n\n" if text else ""


def _linked(each: str | MailLink) -> Markup:
    if isinstance(each, str):
        return escape(each)
    return Markup('<a href="{}">{}</a>').format(each.address, each.text)
