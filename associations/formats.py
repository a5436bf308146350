"""One association in the formats of machines, beside its page: found, moved and gone as that is."""

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.generic import View

from .models import Association
from .profile import Profile
from .representations import qr, schema_org, vcard
from .views import Entry, gone


class Format(Entry, View):
    http_method_names = ["get", "head"]

    def get(self, request, slug):
        association = self.find(slug)
        if association is None or association.state == Association.State.WITHDRAWN:
            return gone(request, association)
        if not association.is_public:
            raise Http404
        if association.slug != slug:
            here = request.resolver_match.view_name
            return HttpResponsePermanentRedirect(reverse(here, args=[association.slug]))
        response = self.represent(Profile(association))
        page = request.build_absolute_uri(association.get_absolute_url())
        response.headers["Link"] = f'<{page}>; rel="canonical"'
        return response


class VCard(Format):
    version = "4.0"

    def represent(self, profile):
        file_name = f"{profile.association.slug}.vcf"
        return HttpResponse(
            vcard.full(profile, self.request, self.version),
            content_type=vcard.CONTENT_TYPE,
            headers={"Content-Disposition": content_disposition_header(True, file_name)},
        )


class QrCode(Format):
    """What a telephone takes over when it photographs the screen."""

    def represent(self, profile):
        return HttpResponse(qr.svg(profile), content_type="image/svg+xml")


class JsonLd(Format):
    def represent(self, profile):
        told = schema_org.text(schema_org.organization(profile, self.request))
        return HttpResponse(told, content_type=schema_org.CONTENT_TYPE)
