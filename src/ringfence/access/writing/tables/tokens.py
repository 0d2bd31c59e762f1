"""What other software comes with, in the tables."""

from ringfence.core import events as e
from ringfence.core.terms import Thing

from .writing import Writing


def token_added(event: e.TokenAdded, to: Writing) -> None:
    to.insert(
        "firms_token",
        number=event.token,
        member=event.member,
        scopes=int(event.scopes),
        digest=event.digest,
        made=to.now,
        expires=event.expires,
        **to.new_words(Thing.TOKEN, event.token, "name", "beginning", "addresses"),
    )


def token_revoked(event: e.TokenRevoked, to: Writing) -> None:
    to.update("firms_token", event.token, revoked=to.now)
