"""The list of entries, as it is filtered and searched, as a file."""

import tempfile

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header

from .. import exporting

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(model_admin, request, kind):
    """All entries of the list with this query, drafts included, in its order."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if kind not in FORMATS:
        raise Http404
    listed = model_admin.get_changelist_instance(request).queryset
    rows = exporting.rows(list(listed.values_list("pk", flat=True)), for_visitors=False)
    return FORMATS[kind](rows)


def _csv(rows):
    return _streamed(exporting.csv_lines(rows), "csv", "text/csv; charset=utf-8; header=present")


def _json(rows):
    return _streamed(exporting.json_text(rows), "json", "application/json")


def _workbook(rows):
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    exporting.workbook(rows, file)
    file.seek(0)
    return FileResponse(
        file, as_attachment=True, filename="associations.xlsx", content_type=WORKBOOK
    )


def _streamed(pieces, kind, content_type):
    headers = {"Content-Disposition": content_disposition_header(True, f"associations.{kind}")}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


FORMATS = {"csv": _csv, "xlsx": _workbook, "json": _json}
