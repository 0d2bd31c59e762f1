"""The lines of a digest in words, with the names that they need: read once for the whole mail."""

from collections.abc import Iterable, Sequence

from ringfence.access.digest.happened import Happened, HappenedToMany
from ringfence.access.reading import rows_by_number
from ringfence.core.terms import EVERYONE, GENERAL, Thing, member_subject
from ringfence.notices.readers import FirmReader
from ringfence.wording.digest import deed_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext, pgettext


class DigestLines:
    """Says what happened to one reader of a firm."""

    def __init__(
        self,
        found: FirmReader,
        clients: Sequence[int],
        to_one: Iterable[Iterable[Happened]],
        to_many: Iterable[HappenedToMany],
    ) -> None:
        """`clients` are those that are named; what happened says which other names are needed."""
        self._found = found
        told: list[Happened | HappenedToMany] = [*(each for about in to_one for each in about), *to_many]
        subjects = {each.subject for each in told if each.subject is not None}
        members = {each.actor for each in told if each.actor is not None}
        members |= {subject.number for subject in subjects if subject.kind == "member"}
        groups = {subject.number for subject in subjects if subject.kind == "group"}
        services = {
            found.now.service_of(each.engagement)
            for each in told
            if isinstance(each, Happened) and each.engagement
        }
        self._clients = self._names(Thing.CLIENT, clients)
        self._members = self._names(Thing.MEMBER, members)
        self._groups = self._names(Thing.GROUP, groups)
        self._services = self._names(Thing.SERVICE, services)

    def _names(self, thing: Thing, numbers: Iterable[int]) -> dict[int, str]:
        return dict(rows_by_number(self._found.now.firm, thing, ("number", "name"), "number", numbers))

    def client(self, number: int) -> str:
        """A client's name."""
        return self._clients.get(number, "")

    def of_one(self, each: Happened, times: int) -> str:
        """What happened to one client, so many times."""
        return deed_text(
            each.deed,
            who=self._who(each.actor),
            service=self._service(each.engagement),
            whom=self._whom(each),
            document=each.document,
            to_you=each.subject == member_subject(self._found.member),
            times=times,
        )

    def of_many(self, each: HappenedToMany) -> str:
        """What happened to many clients at once."""
        said = deed_text(
            each.deed,
            who=self._who(each.actor),
            service=_("A service"),
            whom=self._whom(each),
            to_you=each.subject == member_subject(self._found.member),
        )
        count = len(each.clients)
        told = ngettext("%(count)s [client]: %(what)s", "%(count)s [clients]: %(what)s", count)
        return told % {"count": f"{count:,}", "what": said}

    def _who(self, actor: int | None) -> str:
        if actor is None:
            return pgettext("by whom", "whoever runs Ringfence")
        return self._members.get(actor) or pgettext("by whom", "a former [member]")

    def _whom(self, each: Happened | HappenedToMany) -> str:
        if each.subject is None:
            return ""
        kind, number = each.subject
        given = each.deed == "given"
        if kind == "member":
            gone = pgettext("to whom", "a former [member]") if given else _("a former [member]")
            return self._members.get(number) or gone
        if number == EVERYONE:
            return pgettext("to whom", "Everyone") if given else _("Everyone")
        gone = pgettext("to whom", "a former [group]") if given else _("a former [group]")
        return self._groups.get(number) or gone

    def _service(self, engagement: int) -> str:
        if not engagement:
            return ""
        number = self._found.now.service_of(engagement)
        name = self._services.get(number, "")
        return _("General") if number == GENERAL and name == "General" else name
