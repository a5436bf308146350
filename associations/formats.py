"""One association in the formats of machines, beside its contact page."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from .profile import Profile
from .representations import qr, schema_org, vcard
from .views import EntryView


class Format(EntryView):
    """Names the contact page as what search engines are to show for it."""

    def show(self, association):
        response = self.represent(Profile(association))
        page = self.request.build_absolute_uri(association.get_absolute_url())
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
