"""All addresses that Ringfence answers inside Django: the pages' and the API's."""

from ringfence.api.urls import urlpatterns as api
from ringfence.web.urls import handler400, handler403, handler404, handler500
from ringfence.web.urls import urlpatterns as pages

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*pages, *api]
