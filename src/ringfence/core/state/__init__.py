"""A firm's access state: its facts in compiled form, immutable to readers.

Says what is there. What it comes to for a member is in `decision/`, how an event changes it in `apply/`.
"""
