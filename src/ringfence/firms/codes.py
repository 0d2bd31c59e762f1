"""The small numbers that stand for words in the big tables. They are never given another meaning.

Levels are stored as `ringfence.core.terms.Level`.
"""

from ringfence.core.terms import SubjectKind, TargetKind

SUBJECT_CODES: dict[SubjectKind, int] = {"member": 1, "group": 2}
TARGET_CODES: dict[TargetKind, int] = {"engagement": 1, "client": 2, "service": 3, "all": 4}

SUBJECT_KINDS: dict[int, SubjectKind] = {code: kind for kind, code in SUBJECT_CODES.items()}
TARGET_KINDS: dict[int, TargetKind] = {code: kind for kind, code in TARGET_CODES.items()}
