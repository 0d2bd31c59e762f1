"""The texts of the pages, in the reader's language and the words of the firm (`ringfence.wording.saying`)."""

from ringfence.wording.saying import gettext, in_words_of, ngettext

__all__ = ["gettext", "in_words_of", "ngettext"]
