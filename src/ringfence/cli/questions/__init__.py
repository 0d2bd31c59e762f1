"""Asking a firm, and changing nothing: check, why, who, sees, list, report, decisions; scenario files."""
