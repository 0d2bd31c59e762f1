"""Provisioning: a firm's directory keeps members and groups by SCIM 2.0 at `/scim/v2` (RFC 7643, RFC 7644).

The protocol is scim2-server's framework-free core; what directories really send is put right before it sees
it (`dialects`, `memberships`), and its storage is the firm itself (`storage`): every change one command with
its entry in the ledger. Decides nothing.
"""

PREFIX = "/scim/v2"
"""What its addresses begin with."""
