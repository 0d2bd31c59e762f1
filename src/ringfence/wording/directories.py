"""What is said of a firm's directory: what is wrong with its settings, why it failed, who is left out."""

from .saying import LazyText
from .saying import gettext_lazy as _

FAULTS: dict[str, LazyText] = {
    "server": _("Write the server as ldaps://dc.example.com, or ldap://dc.example.com with STARTTLS."),
    "in_the_clear": _("The password would go over the network in the clear. Use ldaps:// or STARTTLS."),
    "start_tls_twice": _("ldaps:// is encrypted from the start. Leave STARTTLS out, or use ldap://."),
    "certificates": _("These are no certificates in PEM. Paste the whole file of the authority."),
    "base": _("Write the name of the entry below which to look, such as ou=Staff,dc=example,dc=com."),
    "filter": _("This is no LDAP filter. Write one such as (objectClass=person)."),
    "attribute": _("This is no name of an attribute. Letters, digits and hyphens are."),
}

WHY: dict[str, LazyText] = {
    "no_address": _("There is no server called %(about)s. Check the name."),
    "private": _(
        "%(about)s is in a private network (%(said)s). The operator names it in RINGFENCE_SIGN_IN_NETWORKS, "
        "or sets the directory with `ringfence directory set`."
    ),
    "no_answer": _("%(about)s does not answer: %(said)s. Check server, port and firewall."),
    "certificate": _(
        "The certificate of %(about)s is not believed: %(said)s. Check the name, or give the certificate of "
        "the authority that signed it."
    ),
    "tls": _("%(about)s does not speak TLS as it should: %(said)s. Check the port, and ldap:// or ldaps://."),
    "credentials": _("The directory does not take %(about)s with this password: %(said)s."),
    "sign_in": _("The directory does not let us sign in as %(about)s: %(said)s."),
    "too_slow": _("The directory did not answer in time. Try again, or make the filter narrower."),
    "no_base": _("The directory has no entry %(about)s, or does not show it. Check the base."),
    "not_allowed": _("The directory does not let this account look below %(about)s: %(said)s."),
    "limit": _(
        "The directory stopped in the midst of its answer: %(said)s. Have its limit for this account raised; "
        "nothing is taken of half a list."
    ),
    "too_many": _(
        "There are more than 100,000 entries below %(about)s. Make the base or the filter narrower."
    ),
    "elsewhere": _(
        "The directory sent us elsewhere, which is not followed: %(said)s. Ask that server itself."
    ),
    "parts": _("%(about)s came in parts, and not all of them (%(said)s). Nothing is taken of half a list."),
    "nobody": _("Below %(about)s the filter finds nobody. Nothing was changed."),
    "password_lost": _("The password that is kept cannot be read any more. Enter it again."),
    "changes": _("The firm kept changing. Try again."),
    "missing": _("Ringfence lacks what it needs for LDAP. Whoever runs it installs its extra ldap."),
    "other": _("The directory refused: %(said)s."),
}

LEFT_OUT: dict[str, LazyText] = {
    "no_external": _("There is nothing that says who they are for good. Check which attribute is meant."),
    "no_email": _("They have no e-mail address in the directory."),
    "bad_email": _("Their e-mail address in the directory is none."),
    "email_twice": _("Somebody else in the directory has the same e-mail address."),
    "external_twice": _("Somebody else in the directory has the same external id."),
    "bad_name": _("The name is missing, too long, or holds what no name can hold."),
    "group_twice": _("Another [group] in the directory has the same name."),
    "everyone": _("Everyone is the [group] of all [members], and is kept by Ringfence itself."),
    "no_group": _("The firm has no such [group]."),
    "refused": _("The rules do not allow it."),
}

STATUS: dict[str, LazyText] = {
    "saved": _("Saved."),
    "nothing_to_do": _("Nothing to do: the firm is as the directory has it."),
    "dry_run": _("Nothing was saved: this was a dry run."),
    "braked": _("Nothing was changed: more would go than a tenth, as from a list that broke off."),
    "failed": _("The directory could not be asked."),
}


def fault_text(fault: str) -> str:
    """What is wrong with a setting."""
    return str(FAULTS[fault])


def why_text(why: str, said: str, about: str) -> str:
    """Why nothing came back; what the server `said`, in its own words."""
    return str(WHY[why]) % {"said": said, "about": about}


def left_out_text(why: str) -> str:
    """Why somebody is left out."""
    return str(LEFT_OUT[why])


def status_text(status: str) -> str:
    """How a run ended."""
    return str(STATUS[status])
