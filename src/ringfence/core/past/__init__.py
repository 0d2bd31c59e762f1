"""What held over a stretch of time: questions to a firm's events rather than to one of its states."""
