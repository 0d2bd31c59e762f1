"""Lists of things on pages: the search above one, a page of what it found, ticks that survive both.

Which rows may be shown is known to whoever asks; nothing is looked up here but for the one page shown.
"""
