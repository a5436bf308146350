"""What machines ask of a site, whoever its pages are for."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from associations.search import is_whole

ROBOTS = """\
User-agent: *
Disallow: /admin/
Disallow: /api/
Disallow: /*?
{forms}

Sitemap: {sitemap}
"""
SECURITY = """\
Contact: {contact}
Expires: {expires}T00:00:00Z
Preferred-Languages: {languages}
Canonical: {here}
"""


@require_safe
def healthz(request):
    """The process is up."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request):
    """The database answers and the search index is whole."""
    if is_whole():
        return HttpResponse("ok\n", content_type="text/plain")
    told = "The search lacks entries: run manage.py reindex.\n"
    return HttpResponse(told, status=503, content_type="text/plain")


@require_safe
def robots(request):
    """Crawlers read the pages of the entries, not these once more as data nor the countless
    combinations of filters, nor the forms of visitors."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    told = ROBOTS.format(sitemap=sitemap, forms="\n".join(_forms()))
    return HttpResponse(told, content_type="text/plain")


def _forms():
    """A line for each form, in each language."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield f"Disallow: {reverse('associations:suggest')}"
            yield f"Disallow: {reverse('associations:correct', args=['-']).replace('/-/', '/*/')}"


@require_safe
def security(request):
    """Whom to tell of a hole in the site (RFC 9116)."""
    if not (settings.SECURITY_CONTACT and settings.SECURITY_EXPIRES):
        raise Http404
    told = SECURITY.format(
        contact=settings.SECURITY_CONTACT,
        expires=settings.SECURITY_EXPIRES,
        languages=", ".join(code for code, _name in settings.LANGUAGES),
        here=request.build_absolute_uri(request.path),
    )
    return HttpResponse(told, content_type="text/plain; charset=utf-8")
