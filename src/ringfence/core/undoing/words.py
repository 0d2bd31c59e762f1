"""What gives names, references and addresses back."""

from collections.abc import Iterator, Mapping

from msgspec import UNSET

from ringfence.core import events as e
from ringfence.core.commands import definitions as w
from ringfence.core.terms import Thing

from .around import Around
from .why import CannotUndo, Why


def words(around: Around) -> Iterator[w.Command]:
    told = dict.fromkeys(
        (event.thing, event.number) for event in around.events if isinstance(event, e.Described)
    )
    for thing, number in told:
        before, after = around.words.before(thing, number), around.words.after(thing, number)
        if not before and not after:
            raise CannotUndo(Why.WORDS_GONE)
        fields = {name: before.get(name, "") for name, text in after.items() if before.get(name) != text}
        if any(around.words.now(thing, number, name) != after[name] for name in fields):
            raise CannotUndo(Why.CHANGED_SINCE)
        if fields:
            yield _described(thing, number, fields)


def _described(thing: Thing, number: int, fields: Mapping[str, str]) -> w.Command:
    """The command that gives these words back. Raises `CannotUndo` for a name that was never there."""
    if fields.get("name") == "":
        raise CannotUndo(Why.WORDS_GONE)
    match thing:
        case Thing.MEMBER:
            return w.ChangeMember(
                member=number,
                name=fields.get("name", UNSET),
                email=fields.get("email", UNSET),
                external=fields.get("external", UNSET),
                user_name=fields.get("user_name", UNSET),
            )
        case Thing.CLIENT:
            return w.ChangeClient(
                client=number,
                name=fields.get("name", UNSET),
                reference=fields.get("reference", UNSET),
                kind=fields.get("kind", UNSET),
            )
        case Thing.ENGAGEMENT:
            return w.ChangeEngagement(engagement=number, reference=fields.get("reference", ""))
        case Thing.GROUP if "name" not in fields:
            return w.ChangeGroup(group=number, external=fields.get("external", ""))
        case Thing.GROUP:
            return w.RenameGroup(group=number, to=fields["name"])
        case Thing.SERVICE:
            return w.RenameService(service=number, to=fields["name"])
        case Thing.POLICY:
            # Its statements and its mode are no words: `relations` gives them back.
            return w.SetPolicy(policy=number, name=fields.get("name", UNSET), text=fields.get("text", UNSET))
    raise CannotUndo(Why.WORDS_GONE)
