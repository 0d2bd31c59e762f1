"""What a notice says, on a page: its reader is the visitor, its blocks are the same that its mail has."""

from collections.abc import Iterable

from markupsafe import Markup, escape

from ringfence.notices.blocks import MailLink
from ringfence.notices.readers import FirmReader
from ringfence.notices.sending import Recipient
from ringfence.web.shell.visit import Visit
from ringfence.wording.catalogue import language_spoken


def reader_at(visit: Visit) -> FirmReader:
    """The visitor as the reader of notices."""
    recipient = Recipient(address="", language=language_spoken(), firm=visit.firm.name, words=visit.settings)
    return FirmReader(row=visit.firm, now=visit.firm_now, member=visit.number, recipient=recipient)


class PageHand:
    """HTML in the classes of our pages."""

    def say(self, text: str) -> str:
        return Markup('<p class="govuk-body rf-break">{}</p>\n').format(text)

    def heading(self, text: str | MailLink) -> str:
        return Markup('<h2 class="govuk-heading-m rf-break">{}</h2>\n').format(_linked(text))

    def items(self, texts: Iterable[str | MailLink]) -> str:
        lines = [Markup('<li class="rf-break">{}</li>\n').format(_linked(each)) for each in texts]
        start, end = Markup('<ul class="govuk-list govuk-list--bullet">\n'), Markup("</ul>\n")
        return Markup("").join([start, *lines, end]) if lines else Markup("")

    def quote(self, text: str) -> str:
        lines = Markup("<br>\n").join(text.splitlines())
        return Markup('<div class="govuk-inset-text rf-break">{}</div>\n').format(lines)

    def button(self, text: str, address: str) -> str:
        start = Markup('<p class="govuk-body"><a class="govuk-link" href="{}">{}</a></p>\n')
        return start.format(address, text)


def _linked(each: str | MailLink) -> Markup:
    if isinstance(each, str):
        return escape(each)
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(each.address, each.text)
