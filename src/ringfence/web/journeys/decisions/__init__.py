"""The log of decisions: what the firm's software was answered, read and switched."""
