"""Addresses of team members: the list, one person, and what is changed of them."""

from django.urls import URLPattern, path

from . import (
    adding,
    changes,
    changing,
    copying,
    freezing,
    history,
    joining,
    listing,
    own_access,
    person,
    reach,
    sharing_all,
)
from .leaving import back_again, check, sharing_out, start

TEAM = "firms/<number:firm>/manage/team-members"
ONE = f"{TEAM}/<number:member>"

urlpatterns: list[URLPattern] = [
    path(TEAM, listing.listing, name="team"),
    path(f"{TEAM}/add", adding.details, name="add-member"),
    path(f"{TEAM}/add/groups", adding.groups, name="add-member-groups"),
    path(f"{TEAM}/add/check", adding.check, name="add-member-check"),
    path(ONE, person.person, name="member"),
    path(f"{ONE}/clients", reach.clients, name="member-clients"),
    path(f"{ONE}/own-access", own_access.own_access, name="member-access"),
    path(f"{ONE}/share-all", sharing_all.share_all, name="share-all-clients"),
    path(f"{ONE}/history", history.changes, name="member-history"),
    path(f"{ONE}/change", changing.change, name="change-member"),
    path(f"{ONE}/deactivate", start.start, name="deactivate-member"),
    path(f"{ONE}/deactivate/successor", sharing_out.choose_successor, name="choose-successor"),
    path(f"{ONE}/deactivate/successors", sharing_out.shared_out, name="share-out"),
    path(f"{ONE}/deactivate/successors/add", sharing_out.choose_heir, name="choose-heir"),
    path(f"{ONE}/deactivate/successors/<number:heir>", sharing_out.heir_clients, name="heir-clients"),
    path(f"{ONE}/deactivate/check", check.check, name="deactivate-check"),
    path(f"{ONE}/reactivate", back_again.reactivate, name="reactivate-member"),
    path(f"{ONE}/freeze", freezing.freeze, name="freeze-member"),
    path(f"{ONE}/unfreeze", freezing.unfreeze, name="unfreeze-member"),
    path(f"{ONE}/copy-access", copying.choose, name="copy-access"),
    path(f"{ONE}/copy-access/<number:source>", copying.copy, name="copy-access-from"),
    path(f"{ONE}/groups", joining.groups, name="join-groups"),
    path(f"{ONE}/groups/check", joining.check, name="join-groups-check"),
    path(f"{ONE}/groups/leave", joining.leave, name="leave-groups"),
    path(f"{ONE}/groups/leave/check", joining.check_leaving, name="leave-groups-check"),
    path(f"{ONE}/groups/<number:group>/leave", changes.leave_group, name="leave-group"),
    path(
        f"{ONE}/access/<slug:on>/<number:target>/remove",
        changes.remove_access,
        name="remove-access",
    ),
]
