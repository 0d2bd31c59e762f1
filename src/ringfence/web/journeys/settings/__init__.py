"""Settings of the firm: what holds now, and changing each with what the change does to whom shown first."""
