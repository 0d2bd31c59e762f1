"""Events and texts into the firm's tables: facts only, in the transaction of the command that made them."""

from ringfence.core.terms import Thing

TABLES = {
    Thing.MEMBER: "firms_member",
    Thing.GROUP: "firms_group",
    Thing.SERVICE: "firms_service",
    Thing.WALL: "firms_wall",
    Thing.POLICY: "firms_policy",
    Thing.TOKEN: "firms_token",
    Thing.REVIEW: "firms_review",
    Thing.CLIENT: "firms_client",
    Thing.ENGAGEMENT: "firms_engagement",
}
"""Where the words about a thing lie."""
