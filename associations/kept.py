"""Pages that were made once are kept for as long as what they show is the same.

A page is kept with the tag under which it was made: of the version of the data (`DataVersion`), the
day, the release of the site and its own address. Whatever changes any of these makes it another
one, so nothing is ever stale and nothing needs to be thrown away by hand.
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
LARGEST = 100_000  # bytes, compressed: five times the longest list


def keep(view):
    """Make a view one whose answers to a GET are kept: they are to be the same for everybody.

    What the view marks as private is not kept, nor are errors.
    """

    @functools.wraps(view)
    def answer(request, *args, **kwargs):
        # Before anything is read: of what changes meanwhile the page may tell or not.
        etag = request.etag or tag(request)
        response = view(request, *args, **kwargs)
        response.etag = etag
        return response

    return answer


def kept_pages(get_response):
    """Middleware: answer a GET with the kept page, or a 304 to whoever has it; keep a new one.

    One query in either case, and none for what is never kept. It stands after the language is
    known, and before all that asks who the visitor is.
    """

    def middleware(request):
        request.etag = request.data_version = None
        if request.method not in ("GET", "HEAD"):
            return get_response(request)
        key = f"page:{_digest(_address(request))}"
        kept, had = cache.get(key), request.META.get("HTTP_IF_NONE_MATCH", "")
        if kept or had:
            request.etag = tag(request)
            if request.etag in had:
                return _dated(HttpResponseNotModified(), request.etag)
            if kept and kept[0] == request.etag:
                etag, content, status, headers = kept
                response = HttpResponse(content, status=status, headers=headers)
                return _dated(_as_taken(response, request), etag)
        response = get_response(request)
        if not hasattr(response, "etag") or not _is_for_everybody(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        # For everybody: whoever asks, what is kept is small.
        if len(response.content) >= SMALLEST:
            response.content = gzip_ng.compress(response.content, LEVEL, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
            response.headers["Content-Length"] = str(len(response.content))
        if len(response.content) <= LARGEST:
            kept = response.etag, response.content, response.status_code, dict(response.items())
            cache.set(key, kept)
        return _dated(_as_taken(response, request), response.etag)

    return middleware


def _as_taken(response, request):
    """The response, not compressed any more for whoever does not take it so."""
    # Not of `request.headers`: to make these takes as long as a query.
    takes_gzip = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    if response.has_header("Content-Encoding") and not takes_gzip:
        response.content = gzip_ng.decompress(response.content)
        del response.headers["Content-Encoding"]
        response.headers["Content-Length"] = str(len(response.content))
    return response


def _is_for_everybody(response):
    return (
        response.status_code in KEPT
        and not response.has_header("Cache-Control")
        and not response.cookies
    )


def tag(request):
    """The weak ETag of what this request asks for; a query, whose answer the request keeps."""
    version = request.data_version = DataVersion.objects.current()
    return f'W/"{_digest(version, timezone.localdate(), release(), *_address(request))}"'


def _address(request):
    """All of a request on which a page may depend."""
    return (
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        get_language(),
        request.META.get("HTTP_HX_REQUEST"),
        request.META.get("HTTP_HX_HISTORY_RESTORE_REQUEST"),
    )


def _digest(*parts):
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


@functools.cache
def release():
    """A digest of what pages are made of: the same in every process that runs the same sources."""
    digest = hashlib.sha256()
    for folder in ("associations", "directory", "templates", "locale"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".xml", ".css", ".js", ".svg", ".png", ".po"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _dated(response, etag):
    response.headers["ETag"] = etag
    # A browser asks each time, and mostly hears that what it has is right.
    response.headers["Cache-Control"] = "no-cache"
    return response
