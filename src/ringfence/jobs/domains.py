"""Looking again, once a day, for the records by which firms have proved their domains."""

from django.conf import settings

from ringfence.access.clock import clock
from ringfence.access.domains import domain_numbered, due_domains, recheck_domain
from ringfence.notices import domain_lost

from .enqueue import Track, enqueue, job
from .send_notice import tell


@job(Track.SHORT)
def recheck_domains() -> None:
    """Have each domain looked at that is due."""
    for firm, number in due_domains():
        enqueue(recheck_one_domain, firm, number)


@job(Track.WEBHOOK)
def recheck_one_domain(firm: int, number: int) -> None:
    """One domain of one firm; where its proof is void now, administrators are told, or it is not."""
    kept = domain_numbered(firm, number)
    if kept is None or not kept.proved:
        return
    recheck_domain(
        firm,
        number,
        settings.DNS_SERVERS,
        lost=lambda domain: tell(firm, clock(), domain_lost.told(firm, domain)),
    )
