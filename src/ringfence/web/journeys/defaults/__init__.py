"""What new clients start with: the firm's policies, and each member's own default grantees."""
