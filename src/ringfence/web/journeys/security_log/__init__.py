"""The security log of the firm: read, searched and taken out by administrators and auditors."""
