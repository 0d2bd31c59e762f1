"""All addresses that Ringfence answers inside Django: the pages' and the API's."""

from ringfence.api.urls import urlpatterns as api
from ringfence.web.journeys.api_page.urls import urlpatterns as about_api
from ringfence.web.urls import handler400, handler403, handler404, handler500
from ringfence.web.urls import urlpatterns as pages

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

# One look passes all addresses of the API by, while a request of it would be held against every page's; the
# page about it stands where ninja has one of its own.
urlpatterns = [*about_api, *api, *pages]
