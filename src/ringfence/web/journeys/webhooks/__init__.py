"""Where the firm's events are sent: adding, testing, pausing and removing webhooks, and what was answered."""
