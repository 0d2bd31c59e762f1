"""What a directory is told that provisions a firm: what is wrong, and what to do about it."""

from .saying import gettext as _


def no_such_user(value: str) -> str:
    text = _("There is no [member] with the id %(id)s. Provision them first, and then the [group].")
    return f"members: {text % {'id': value}}"


def nested_group() -> str:
    text = _("[A group] cannot be in another one. Assign the people themselves.")
    return f"members: {text}"


def no_object() -> str:
    return _("The body must be an object in JSON.")


def no_text() -> str:
    return _("This must be a text.")


def no_boolean() -> str:
    return _("This must be true or false.")


def no_list() -> str:
    return _("This must be a list.")


def is_missing() -> str:
    return _("This is missing. Send it with a value.")


def no_such_resource(kind: str, value: str) -> str:
    if kind == "Group":
        return _("There is no [group] with the id %(id)s.") % {"id": value}
    return _("There is no [member] with the id %(id)s.") % {"id": value}


def no_token() -> str:
    return _("No token of a firm came with the request, or none that stands. Send one as a Bearer token.")


def no_scope() -> str:
    return _("The token may not provision. Make one with the scope provision.")


def asked_too_often() -> str:
    return _("This token has asked too often. Try again in a minute.")


def too_large() -> str:
    return _("The request is too large. Send it in several parts.")


def try_again() -> str:
    return _("The firm cannot be read or changed now. Try again in a few seconds.")


def being_moved() -> str:
    return _("The firm is being moved, so nothing of it can be changed. Try again in half a minute.")


def moved_away(address: str) -> str:
    """Of a firm that has left; `address` is where it is."""
    return _("The firm has moved. Provision it at %(address)s, with the same token.") % {"address": address}


def clients_named(names: str) -> str:
    """Which clients a refusal is about."""
    return _("It is about: %(names)s.") % {"names": names}
