"""One association in the formats of machines, beside its contact page; the listing as a table."""

import tempfile

from django.http import FileResponse, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import View

from . import exporting
from .filters import AssociationFilter
from .profile import Profile
from .representations import qr, schema_org, vcard
from .views import EntryView, Selection


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


class Listing(Selection, View):
    """All entries that the same parameters list on the page, whatever page of it is asked for."""

    http_method_names = ["get", "head"]

    def get(self, request):
        filterset = AssociationFilter(request.GET, queryset=self.get_queryset(), request=request)
        if not filterset.is_valid():
            return wrong(error for errors in filterset.errors.values() for error in errors)
        response = self.represent(filterset.qs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response


def wrong(reasons):
    reasons = [f"{reason}\n" for reason in reasons]
    return HttpResponseBadRequest(reasons, content_type="text/plain; charset=utf-8")


class ListingAsCsv(Listing):
    def represent(self, listed):
        lines = exporting.csv_lines(exporting.rows(listed.each()))
        return StreamingHttpResponse(
            lines,
            content_type="text/csv; charset=utf-8; header=present",
            headers={"Content-Disposition": content_disposition_header(True, "associations.csv")},
        )


class ListingAsWorkbook(Listing):
    # So many rows take some seconds to write.
    most = 20_000

    def represent(self, listed):
        if listed.count() > self.most:
            reason = _("At most %d entries fit in a workbook here: filter them, or take the CSV.")
            return wrong([reason % self.most])
        file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
        exporting.workbook(exporting.rows(listed.each()), file)
        file.seek(0)
        return FileResponse(
            file,
            as_attachment=True,
            filename="associations.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
