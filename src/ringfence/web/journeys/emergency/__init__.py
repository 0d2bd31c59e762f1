"""Opening a client in an emergency, ending that, and acknowledging what others opened (rules.md 10)."""
