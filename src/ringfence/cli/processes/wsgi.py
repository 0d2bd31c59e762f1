"""The WSGI application of the pages, which `web_process` wraps in `Pages`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ringfence.settings")

application = get_wsgi_application()
