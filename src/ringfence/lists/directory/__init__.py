"""A firm's LDAP directory: asked, turned into a list of members, and the firm made equal to it."""
