"""Mails: one folder for each, which says when it is sent, to whom, and holds the templates of its words.

A mail is in its reader's language and their firm's words, and never holds what its reader may not see at the
moment of sending. When one is sent again, and in which process, is for `ringfence.jobs`.
"""
