"""`ringfence doctor`: looks at all that Ringfence needs, and says what to do about what is wrong."""
