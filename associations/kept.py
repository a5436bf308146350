"""Pages that were made once are kept for as long as what they show is the same.

A page is kept under the version of the data (`DataVersion`), the day, the release of the site and
its own address: whatever changes any of these asks for another page, so nothing is ever stale and
nothing needs to be thrown away by hand.
"""

import functools
import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from zlib_ng import gzip_ng

from .models import DataVersion

KEPT = (200, 301, 410)
LEVEL = 5  # of compression: more takes twice the time for a hundredth less
SMALLEST = 500  # bytes: below that compression costs more than it saves
LARGEST = 1_000_000  # bytes
HEADERS = (
    "Content-Type",
    "Content-Language",
    "Content-Disposition",
    "Vary",
    "Location",
    "Link",
    "X-Robots-Tag",
)


def keep(view):
    """Answer a GET with the kept page, or a 304 to whoever has it; make it where it is new.

    One query in either case. What the view marks as private is not kept, nor are errors.
    """

    @functools.wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        etag = tag(request)
        # Not of `request.headers`: to make these takes as long as the query.
        if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
            return _dated(HttpResponseNotModified(), etag)
        is_zipped = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        key = f"page:{etag}:{is_zipped}"
        if kept := cache.get(key):
            return _dated(_response(*kept), etag)
        response = view(request, *args, **kwargs)
        if hasattr(response, "render"):
            response.render()
        if response.status_code not in KEPT or response.has_header("Cache-Control"):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        content = response.content
        if is_zipped and len(content) >= SMALLEST:
            content = gzip_ng.compress(content, LEVEL, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        names = [name for name in (*HEADERS, "Content-Encoding") if response.has_header(name)]
        headers = {name: response.headers[name] for name in names}
        if len(content) <= LARGEST:
            cache.set(key, (content, response.status_code, headers))
        return _dated(_response(content, response.status_code, headers), etag)

    return answer


def tag(request):
    """The weak ETag of what this request asks for; a query."""
    parts = (
        DataVersion.objects.current(),
        timezone.localdate(),
        release(),
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        get_language(),
        request.META.get("HTTP_HX_REQUEST"),
        request.META.get("HTTP_HX_HISTORY_RESTORE_REQUEST"),
    )
    return f'W/"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


@functools.cache
def release():
    """A digest of what pages are made of: the same in every process that runs the same sources."""
    digest = hashlib.sha256()
    for folder in ("associations", "directory", "templates", "locale"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".xml", ".css", ".js", ".svg", ".png", ".po"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _response(content, status, headers):
    return HttpResponse(content, status=status, headers=headers)


def _dated(response, etag):
    response.headers["ETag"] = etag
    # A browser asks each time, and mostly hears that what it has is right.
    response.headers["Cache-Control"] = "no-cache"
    return response
