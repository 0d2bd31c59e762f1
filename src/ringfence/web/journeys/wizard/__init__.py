"""The permissions wizard: many clients and grantees, set or taken away at once, with what that does first."""
