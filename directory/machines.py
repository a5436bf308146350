"""What machines ask of a site, whoever its pages are for."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from associations.models import Card

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /*?
"""


@require_safe
def healthz(request):
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request):
    """The database answers."""
    Card.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def robots(request):
    """Crawlers read the pages of the entries, not the countless combinations of filters."""
    return HttpResponse(ROBOTS, content_type="text/plain")
