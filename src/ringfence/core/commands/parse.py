"""A command from its name and arguments in words, as scenario files and the command line state them.

A name that nothing bears becomes number 0, which no thing has: whether that is `not_found` or something that
must be said before it, the command's handler knows.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core.commands import words as w
from ringfence.core.parts import Side
from ringfence.core.terms import EVERYONE, Instant, Level, Role, Subject, Thing, group_subject, member_subject


class Names(Protocol):
    """Who is meant by a word."""

    def number(self, thing: Thing, name: str) -> int:
        """The number of the thing of that name, 0 where there is none."""

    def engagement(self, client: int, service: int) -> int:
        """The client's engagement for the service, 0 where there is none."""

    def close_of(self, day: date) -> Instant:
        """The instant at which the firm's day ends."""


class BadArgument(ValueError):
    """An argument that cannot be read; the text says which and what to do."""


def instant(moment: datetime) -> Instant:
    """An aware date-time as microseconds since 1970; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    whole = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return Instant((whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds)


def parse(name: str, arguments: Mapping[str, Any], names: Names) -> w.Command:
    """The command; raises `BadArgument` for an unknown command or argument, or one of the wrong kind."""
    maker = _MAKERS.get(name)
    if maker is None:
        raise BadArgument(f"there is no command {name!r}; choose one of: {', '.join(sorted(_MAKERS))}")
    reader = Reader(arguments, names)
    command = maker(reader)
    reader.need_all_read(name)
    return command


class Reader:
    """Takes arguments out one by one, so that what nobody asked for can be refused."""

    def __init__(self, arguments: Mapping[str, Any], names: Names) -> None:
        self.left = dict(arguments)
        self.names = names

    def need_all_read(self, command: str) -> None:
        if self.left:
            raise BadArgument(f"{command} takes no {', '.join(sorted(map(str, self.left)))}")

    def raw(self, key: str) -> Any:
        if key not in self.left:
            raise BadArgument(f"{key} is missing: add {key}=…")
        return self.left.pop(key)

    def maybe(self, key: str, read: Callable[[str], Any], otherwise: Any) -> Any:
        return read(key) if key in self.left else otherwise

    def text(self, key: str) -> str:
        return _text(self.raw(key), key)

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if isinstance(value, bool):
            return value
        if value in {"true", "yes", "on"}:
            return True
        if value in {"false", "no", "off"}:
            return False
        raise BadArgument(f"{key} must be true or false, not {value!r}")

    def level(self, key: str) -> Level:
        return _level(self.raw(key), key)

    def role(self, key: str) -> Role:
        word = self.text(key)
        try:
            return Role(word)
        except ValueError:
            raise BadArgument(f"{key} must be one of: {', '.join(Role)}; not {word!r}") from None

    def when(self, key: str) -> Instant | None:
        value = self.raw(key)
        if value is None:
            return None
        if isinstance(value, str):
            value = _read_time(value, key)
        if isinstance(value, datetime):
            return instant(value)
        if isinstance(value, date):
            return self.names.close_of(value)
        raise BadArgument(f"{key} must be a date or date-time, not {value!r}")

    def number(self, key: str, thing: Thing) -> int:
        return self.names.number(thing, self.text(key))

    def numbers(self, key: str, thing: Thing) -> frozenset[int]:
        return frozenset(self.names.number(thing, _text(name, key)) for name in _listed(self.raw(key)))

    def subjects(self, key: str) -> tuple[Subject, ...]:
        return tuple(self._subject(entry, key) for entry in _listed(self.raw(key)))

    def _subject(self, entry: Any, key: str) -> Subject:
        if isinstance(entry, Mapping):
            if set(entry) == {"group"}:
                return group_subject(self._group(_text(entry["group"], key)))
            if set(entry) == {"member"}:
                entry = entry["member"]
        return member_subject(self.names.number(Thing.MEMBER, _text(entry, key)))

    def _group(self, name: str) -> int:
        return EVERYONE if name == "Everyone" else self.names.number(Thing.GROUP, name)

    def group(self, key: str) -> int:
        return self._group(self.text(key))

    def on(self, key: str) -> w.On:
        engagements, clients, services, everything = BitMap(), BitMap(), set[int](), False
        excluded: dict[int, BitMap] = {}
        for entry in _listed(self.raw(key)):
            named = entry if isinstance(entry, Mapping) else {"client": entry}
            if entry == "all":
                everything = True
            elif set(named) == {"client", "service"}:
                engagements.add(self._engagement(named["client"], named["service"], key))
            elif set(named) in ({"service"}, {"service", "except"}):
                service = self.names.number(Thing.SERVICE, _text(named["service"], key))
                services.add(service)
                if left_out := _listed(named.get("except") or []):
                    excluded[service] = BitMap(
                        self.names.number(Thing.CLIENT, _text(name, key)) for name in left_out
                    )
            elif set(named) == {"client"}:
                clients.add(self.names.number(Thing.CLIENT, _text(named["client"], key)))
            else:
                raise BadArgument(
                    f"{key} must be a client, a client and service, a service, or all; not {entry!r}"
                )
        return w.On(
            engagements=engagements,
            clients=clients,
            services=frozenset(services),
            all=everything,
            excluded=excluded,
        )

    def _engagement(self, client: Any, service: Any, key: str) -> int:
        return self.names.engagement(
            self.names.number(Thing.CLIENT, _text(client, key)),
            self.names.number(Thing.SERVICE, _text(service, key)),
        )

    def engagement(self) -> int:
        return self._engagement(self.raw("client"), self.raw("service"), "service")

    def fee_split(self, key: str) -> int | None:
        """Per cent with at most two decimals, as hundredths of a per cent; -1 for what is no such number."""
        value = self.raw(key)
        if value is None:
            return None
        try:
            hundredths = Decimal(str(value).removesuffix("%").strip()) * 100
        except InvalidOperation:
            raise BadArgument(f"{key} must be a per cent from 0 to 100, not {value!r}") from None
        return int(hundredths) if hundredths.is_finite() and hundredths == int(hundredths) else -1

    def grants(self, key: str) -> tuple[w.GrantTo, ...]:
        found = []
        for entry in _listed(self.raw(key)):
            if not isinstance(entry, Mapping) or set(entry) != {"to", "level"}:
                raise BadArgument(f"each of {key} needs to and level, such as {{to: Susan, level: owner}}")
            for to in _listed(entry["to"]):
                found.append(w.GrantTo(to=self._subject(to, key), level=_level(entry["level"], key)))
        return tuple(found)

    def services(self, key: str) -> dict[int, str]:
        value = self.raw(key)
        pairs = value.items() if isinstance(value, Mapping) else [(name, "") for name in _listed(value)]
        return {
            self.names.number(Thing.SERVICE, _text(name, key)): "" if reference is None else str(reference)
            for name, reference in pairs
        }

    def sides(self, key: str) -> tuple[Side, Side]:
        entries = _listed(self.raw(key))
        if len(entries) != 2 or not all(isinstance(entry, Mapping) for entry in entries):
            raise BadArgument(f"{key} must be two sides, each with members and clients")
        one, other = (self._side(entry, key) for entry in entries)
        return (one, other)

    def _side(self, entry: Mapping[str, Any], key: str) -> Side:
        inner = Reader(entry, self.names)
        side = Side(
            members=inner.maybe("members", lambda name: inner.numbers(name, Thing.MEMBER), frozenset()),
            clients=inner.maybe("clients", lambda name: inner.numbers(name, Thing.CLIENT), frozenset()),
        )
        inner.need_all_read(key)
        return side


def _text(value: Any, key: str) -> str:
    if isinstance(value, str | int | float | date) and not isinstance(value, bool):
        return str(value)
    raise BadArgument(f"{key} must be a text, not {value!r}")


def _level(value: Any, key: str) -> Level:
    try:
        level = Level.of(_text(value, key))
    except KeyError:
        level = Level.NONE
    if level is Level.NONE:
        raise BadArgument(f"{key} must be reader, editor, owner or blocked, not {value!r}")
    return level


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _read_time(text: str, key: str) -> date:
    """A day or a date-time in ISO form."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            f"{key} must be a day such as 2026-03-31 or a time such as 2026-03-31T17:00:00Z, not {text!r}"
        ) from None


def _client_row(r: Reader) -> w.ClientRow:
    return w.ClientRow(
        name=r.text("client"),
        reference=r.maybe("reference", r.text, ""),
        kind=r.maybe("kind", r.text, ""),
        confidential=r.maybe("confidential", r.flag, False),
        services=r.maybe("services", r.services, {}),
        grants=r.maybe("grants", r.grants, None),
    )


def _rows(r: Reader) -> tuple[w.ClientRow, ...]:
    rows = []
    for entry in _listed(r.raw("rows")):
        if not isinstance(entry, Mapping):
            raise BadArgument("each of rows needs the arguments of client.add")
        inner = Reader(entry, r.names)
        rows.append(_client_row(inner))
        inner.need_all_read("a row")
    return tuple(rows)


def _settings(r: Reader) -> w.ChangeSettings:
    words = {"true": True, "false": False}
    reason = _reason(r)
    values = {
        key: words.get(r.left[key], r.left[key]) if isinstance(r.left[key], str) else r.left[key]
        for key in list(r.left)
    }
    r.left.clear()
    return w.ChangeSettings(values=values, reason=reason)


def _reason(r: Reader) -> str:
    return str(r.maybe("reason", r.text, ""))


def _member(r: Reader, key: str = "member") -> int:
    return r.number(key, Thing.MEMBER)


def _client(r: Reader) -> int:
    return r.number("client", Thing.CLIENT)


_MAKERS: dict[str, Callable[[Reader], w.Command]] = {
    "control.turn_on": lambda r: w.TurnOn(reason=_reason(r)),
    "control.turn_off": lambda r: w.TurnOff(reason=_reason(r)),
    "settings.change": _settings,
    "member.add": lambda r: w.AddMember(
        name=r.text("member"),
        email=r.maybe("email", r.text, ""),
        role=r.maybe("role", r.role, Role.STANDARD),
        access=r.maybe("access", r.flag, UNSET),
        manage_access=r.maybe("manage_access", r.flag, False),
        reason=_reason(r),
    ),
    "member.change": lambda r: w.ChangeMember(
        member=_member(r),
        name=r.maybe("name", r.text, UNSET),
        email=r.maybe("email", r.text, UNSET),
        role=r.maybe("role", r.role, UNSET),
        access=r.maybe("access", r.flag, UNSET),
        manage_access=r.maybe("manage_access", r.flag, UNSET),
        reason=_reason(r),
    ),
    "member.deactivate": lambda r: w.DeactivateMember(
        member=_member(r),
        hand_over_to=r.maybe("hand_over_to", lambda key: _member(r, key), None),
        reason=_reason(r),
    ),
    "member.reactivate": lambda r: w.ReactivateMember(member=_member(r), reason=_reason(r)),
    "service.add": lambda r: w.AddService(name=r.text("service"), reason=_reason(r)),
    "service.rename": lambda r: w.RenameService(
        service=r.number("service", Thing.SERVICE), to=r.text("to"), reason=_reason(r)
    ),
    "service.remove": lambda r: w.RemoveService(
        service=r.number("service", Thing.SERVICE), reason=_reason(r)
    ),
    "group.create": lambda r: w.CreateGroup(
        name=r.text("group"),
        members=r.maybe("members", lambda key: r.numbers(key, Thing.MEMBER), frozenset()),
        on=r.maybe("on", r.on, w.On()),
        level=r.maybe("level", r.level, Level.EDITOR),
        reason=_reason(r),
    ),
    "group.rename": lambda r: w.RenameGroup(group=r.group("group"), to=r.text("to"), reason=_reason(r)),
    "group.delete": lambda r: w.DeleteGroup(group=r.group("group"), reason=_reason(r)),
    "group.add_members": lambda r: w.AddToGroup(
        group=r.group("group"), members=r.numbers("members", Thing.MEMBER), reason=_reason(r)
    ),
    "group.remove_members": lambda r: w.RemoveFromGroup(
        group=r.group("group"), members=r.numbers("members", Thing.MEMBER), reason=_reason(r)
    ),
    "client.add": lambda r: w.AddClient(client=_client_row(r), reason=_reason(r)),
    "client.import": lambda r: w.ImportClients(
        rows=_rows(r), grants=r.maybe("grants", r.grants, None), reason=_reason(r)
    ),
    "client.change": lambda r: w.ChangeClient(
        client=_client(r),
        name=r.maybe("name", r.text, UNSET),
        reference=r.maybe("reference", r.text, UNSET),
        kind=r.maybe("kind", r.text, UNSET),
        confidential=r.maybe("confidential", r.flag, UNSET),
        reason=_reason(r),
    ),
    "client.remove": lambda r: w.RemoveClient(client=_client(r), reason=_reason(r)),
    "client.restore": lambda r: w.RestoreClient(client=_client(r), reason=_reason(r)),
    "engagement.add": lambda r: w.AddEngagement(
        client=_client(r),
        service=r.number("service", Thing.SERVICE),
        reference=r.maybe("reference", r.text, ""),
        reason=_reason(r),
    ),
    "engagement.change": lambda r: w.ChangeEngagement(
        engagement=r.engagement(), reference=r.maybe("reference", r.text, ""), reason=_reason(r)
    ),
    "engagement.remove": lambda r: w.RemoveEngagement(engagement=r.engagement(), reason=_reason(r)),
    "grant.set": lambda r: w.SetGrant(
        to=r.subjects("to"),
        on=r.on("on"),
        level=r.level("level"),
        expires=r.maybe("expires", r.when, None),
        fee_split=r.maybe("fee_split", r.fee_split, None),
        reason=_reason(r),
    ),
    "grant.remove": lambda r: w.RemoveGrant(to=r.subjects("to"), on=r.on("on"), reason=_reason(r)),
    "grant.exclude": lambda r: w.ExcludeClients(
        group=r.group("group"),
        service=r.number("service", Thing.SERVICE),
        clients=BitMap(r.numbers("client", Thing.CLIENT)),
        reason=_reason(r),
    ),
    "grant.include": lambda r: w.IncludeClients(
        group=r.group("group"),
        service=r.number("service", Thing.SERVICE),
        clients=BitMap(r.numbers("client", Thing.CLIENT)),
        reason=_reason(r),
    ),
    "delegation.set": lambda r: w.SetDelegation(
        delegator=_member(r, "from"),
        delegate=_member(r, "to"),
        cap=r.maybe("cap", r.level, Level.OWNER),
        expires=r.maybe("expires", r.when, None),
        cascades=r.maybe("cascades", r.flag, True),
        reason=_reason(r),
    ),
    "delegation.remove": lambda r: w.RemoveDelegation(
        delegator=_member(r, "from"), delegate=_member(r, "to"), reason=_reason(r)
    ),
    "defaults.set": lambda r: w.SetDefaults(
        grants=r.grants("grants"),
        member=r.maybe("member", lambda key: _member(r, key), None),
        reason=_reason(r),
    ),
    "access.copy": lambda r: w.CopyAccess(source=_member(r, "from"), to=_member(r, "to"), reason=_reason(r)),
    "wall.raise": lambda r: w.RaiseWall(name=r.text("name"), sides=r.sides("sides"), reason=_reason(r)),
    "wall.change": lambda r: w.ChangeWall(
        wall=r.number("name", Thing.WALL), sides=r.sides("sides"), reason=_reason(r)
    ),
    "wall.lower": lambda r: w.LowerWall(wall=r.number("name", Thing.WALL), reason=_reason(r)),
    "request.open": lambda r: w.OpenRequest(
        client=_client(r),
        level=r.maybe("level", r.level, Level.EDITOR),
        expires=r.maybe("expires", r.when, None),
        reason=r.text("reason"),
    ),
    "request.withdraw": lambda r: w.WithdrawRequest(client=_client(r), reason=_reason(r)),
    "request.grant": lambda r: w.GrantRequest(
        client=_client(r),
        member=_member(r),
        level=r.maybe("level", r.level, None),
        expires=r.maybe("expires", r.when, None),
        reason=_reason(r),
    ),
    "request.decline": lambda r: w.DeclineRequest(client=_client(r), member=_member(r), reason=_reason(r)),
}
COMMAND_NAMES = tuple(_MAKERS)
