"""Whether people sign in by the firm's provider alone, and who keeps a password for when that is down."""
