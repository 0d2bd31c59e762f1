"""The domains of e-mail addresses that are a firm's: who proved them and how, and whose an address is.

A proved domain says two things (docs/identity.md): an address in it is led to the firm's sign-in, and a
person whom the firm's provider names by it may be linked to a member the first time (`access.linking`).
"""

from .keeping import (
    MOST_DOMAINS,
    DomainNotTaken,
    WhyNotYet,
    add_domain,
    check_domain,
    due_domains,
    recheck_domain,
    remove_domain,
    vouch_for_domain,
)
from .names import UnfitDomain, WhyUnfitDomain, domain_of
from .reading import KeptDomain, domain_numbered, domains_of, proved_firm
from .records import Looked, RecordFound
from .restored import doubt_restored

__all__ = [
    "MOST_DOMAINS",
    "DomainNotTaken",
    "KeptDomain",
    "Looked",
    "RecordFound",
    "UnfitDomain",
    "WhyNotYet",
    "WhyUnfitDomain",
    "add_domain",
    "check_domain",
    "domain_numbered",
    "domain_of",
    "domains_of",
    "doubt_restored",
    "due_domains",
    "proved_firm",
    "recheck_domain",
    "remove_domain",
    "vouch_for_domain",
]
