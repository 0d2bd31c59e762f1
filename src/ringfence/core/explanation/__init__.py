"""Why a decision is what it is: every fact that counted, and the paths over which it did (rules.md 2)."""
