"""A document store in Django that asks Ringfence who may open what. One file, to be read and run:

    pip install django ./clients/python
    export RINGFENCE_ADDRESS=http://127.0.0.1:8001 RINGFENCE_TOKEN=ringfence_…  # docs/integrate.md: a token
    python examples/integrations/django_records.py
    curl -H "X-User: gwen@ace.example" http://127.0.0.1:8300/
    curl -H "X-User: gwen@ace.example" http://127.0.0.1:8300/FOR500/

Who is signed in is your project's business; here a header says it, which no real project may believe.
"""

import os
import sys
from collections.abc import Callable
from types import SimpleNamespace

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path

settings.configure(
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1", "testserver"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    MIDDLEWARE=[f"{__name__}.signed_in"],
    RINGFENCE_ADDRESS=os.environ.get("RINGFENCE_ADDRESS", "http://127.0.0.1:8001"),
    RINGFENCE_TOKEN=os.environ.get("RINGFENCE_TOKEN", ""),
)
django.setup()

from ringfence_client.django import needs, visible  # noqa: E402


class Document(models.Model):
    """What the store keeps: a title, and the reference of the client whose document it is."""

    reference = models.CharField(max_length=80)
    title = models.CharField(max_length=200)

    class Meta:
        app_label = "records"


DOCUMENTS = (
    ("FOR500", "VAT return, third quarter"),
    ("VAL001", "Corporation Tax computation"),
    ("MAD012", "Self Assessment, draft"),
)


def signed_in(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Believe a header: for this example alone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        email = request.headers.get("X-User", "")
        request.user = SimpleNamespace(email=email, is_authenticated=bool(email))  # type: ignore[assignment]
        return get_response(request)

    return middleware


def documents(request: HttpRequest) -> JsonResponse:
    """All documents of clients that the user may open."""
    found = visible(Document.objects.order_by("reference"), request)
    return JsonResponse({"documents": list(found.values("reference", "title"))})


@needs("view")
def documents_of_client(request: HttpRequest, *, reference: str) -> JsonResponse:
    """One client's documents; whoever may not open the client gets 403 with Ringfence's reason."""
    found = Document.objects.filter(reference=reference)
    return JsonResponse({"documents": list(found.values("reference", "title"))})


def refused(request: HttpRequest, exception: Exception) -> HttpResponseForbidden:
    """Tell the user what Ringfence said."""
    return HttpResponseForbidden(str(exception), content_type="text/plain; charset=utf-8")


handler403 = refused
urlpatterns = [path("", documents), path("<str:reference>/", documents_of_client)]

with connection.schema_editor() as editor:
    editor.create_model(Document)
Document.objects.bulk_create(Document(reference=reference, title=title) for reference, title in DOCUMENTS)

if __name__ == "__main__":
    port = sys.argv[1] if len(sys.argv) > 1 else "8300"
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", "--nothreading", f"127.0.0.1:{port}"])
