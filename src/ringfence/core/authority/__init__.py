"""Who may do what (rules.md 5): by role and permissions, by what they may know of, by sharing and its cap.

Asked by commands, records, documents, erasing, pages and APIs alike. What a level gives is in `decision/`.
"""
