"""Setting up an empty installation in the browser: what `ringfence firm create` does, step by step."""
