"""The auditor's pack: one zip with who could open what, every change, and the proof that it is whole."""

from .making import PARTS, NothingThen, make_pack

__all__ = ["PARTS", "NothingThen", "make_pack"]
