"""Names by which a form that is sent too late is known, and what was typed into it kept."""

KEEPING = "X-Ringfence-Keep"
"""The header with which a form is sent by itself, to keep what was typed and not to stay signed in."""
SIGNED_OUT = "ringfence.signed_out"
"""In a request's environ: the user whom this request found idle for too long, else not there."""
KEPT = "ringfence.kept"
"""In a request's environ once what that user sent has been kept for them."""
