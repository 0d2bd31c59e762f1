"""All addresses of the pages: those of each journey, in the order in which they are tried."""

from django.urls import URLPattern

from .journeys.access.urls import urlpatterns as access
from .journeys.adding.urls import urlpatterns as adding
from .journeys.api_page.urls import urlpatterns as api_page
from .journeys.applications.urls import urlpatterns as applications
from .journeys.changing.urls import urlpatterns as changing
from .journeys.client_fields.urls import urlpatterns as client_fields
from .journeys.clients.urls import urlpatterns as clients
from .journeys.control.urls import urlpatterns as control
from .journeys.decisions.urls import urlpatterns as decisions
from .journeys.defaults.urls import urlpatterns as defaults
from .journeys.delegation.urls import urlpatterns as delegation
from .journeys.demo_mails.urls import urlpatterns as demo_mails
from .journeys.digest.urls import urlpatterns as digest
from .journeys.directory.urls import urlpatterns as directory
from .journeys.domains.urls import urlpatterns as domains
from .journeys.emergency.urls import urlpatterns as emergency
from .journeys.first_run.urls import urlpatterns as first_run
from .journeys.groups.urls import urlpatterns as groups
from .journeys.help.urls import urlpatterns as help_pages
from .journeys.home.urls import urlpatterns as home
from .journeys.invitations.urls import urlpatterns as invitations
from .journeys.ledger.urls import urlpatterns as ledger
from .journeys.lists.urls import urlpatterns as lists
from .journeys.mail.urls import urlpatterns as mail
from .journeys.notices.urls import urlpatterns as notices
from .journeys.only_provider.urls import urlpatterns as only_provider
from .journeys.past.urls import urlpatterns as past
from .journeys.picture.urls import urlpatterns as picture
from .journeys.plans.urls import urlpatterns as plans
from .journeys.policies.urls import urlpatterns as policies
from .journeys.proof.urls import urlpatterns as proof
from .journeys.record.urls import urlpatterns as record
from .journeys.reports.urls import urlpatterns as reports
from .journeys.requests.urls import urlpatterns as requests
from .journeys.reviews.urls import urlpatterns as reviews
from .journeys.security.urls import urlpatterns as security
from .journeys.security_log.urls import urlpatterns as security_log
from .journeys.services.urls import urlpatterns as services
from .journeys.settings.urls import urlpatterns as settings
from .journeys.sharing.urls import urlpatterns as sharing
from .journeys.sign_in.urls import urlpatterns as sign_in
from .journeys.sign_in_policy.urls import urlpatterns as sign_in_policy
from .journeys.single_sign_on.urls import urlpatterns as single_sign_on
from .journeys.software_names.urls import urlpatterns as software_names
from .journeys.team.urls import urlpatterns as team
from .journeys.tokens.urls import urlpatterns as tokens
from .journeys.use.urls import urlpatterns as use
from .journeys.walls.urls import urlpatterns as walls
from .journeys.webhooks.urls import urlpatterns as webhooks
from .journeys.wizard.urls import urlpatterns as wizard
from .journeys.your_account.urls import urlpatterns as your_account

urlpatterns: list[URLPattern] = [
    *sign_in,
    *single_sign_on,
    *security,
    *first_run,
    *clients,
    *adding,
    *changing,
    *record,
    *plans,
    *applications,
    *sharing,
    *wizard,
    *delegation,
    *requests,
    *emergency,
    *control,
    *settings,
    *sign_in_policy,
    *decisions,
    *defaults,
    *security_log,
    *services,
    *client_fields,
    *access,
    *groups,
    *help_pages,
    *ledger,
    *past,
    *proof,
    *reports,
    *use,
    *team,
    *tokens,
    *software_names,
    *walls,
    *policies,
    *reviews,
    *webhooks,
    *directory,
    *domains,
    *only_provider,
    *picture,
    *your_account,
    *digest,
    *mail,
    *notices,
    *demo_mails,
    *api_page,
    *home,
    *invitations,
    *lists,
]

handler400 = "ringfence.web.shell.errors.bad_request"
handler403 = "ringfence.web.shell.errors.forbidden"
handler404 = "ringfence.web.shell.errors.not_found"
handler500 = "ringfence.web.shell.errors.broken"
