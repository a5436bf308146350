"""How often the page of each entry is visited: which of them it matters most to check.

Counted is the page alone, without a cookie and without a word of who it was: a number in the memory
of this process, which a thread of its own adds to the database's once a minute. No page waits for
that; the last minute of a process is lost with it.
"""

import functools
import logging
import threading
from collections import Counter

from django.conf import settings
from django.db import Error, connections, transaction
from django.urls import reverse
from django.utils import translation

from .models import Association, Visits

EVERY = 60  # seconds
# What programs plainly say of themselves.
ROBOTS = ("bot", "crawl", "spider", "slurp", "http", "curl", "wget", "python", "java/")

log = logging.getLogger(__name__)


def count_visits(get_response):
    """Middleware: count who reads the page of an entry. It makes no query.

    It stands before what answers with kept pages.
    """

    def middleware(request):
        response = get_response(request)
        slug = _entry_at(request.path) if response.status_code in (200, 304) else ""
        if slug and _is_visit(request):
            count(slug)
        return response

    return middleware


def _entry_at(path):
    """The slug of the entry whose page has this address; empty where it is another page."""
    for prefix in _prefixes():
        if path.startswith(prefix):
            slug, slash, rest = path.removeprefix(prefix).partition("/")
            return slug if slash and not rest else ""
    return ""


@functools.cache
def _prefixes():
    """How the addresses of the pages of entries begin, in each language."""
    found = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.append(reverse("associations:detail", args=["-"]).removesuffix("-/"))
    return found


def _is_visit(request):
    told = request.META
    # Cubot makes telephones.
    agent = told.get("HTTP_USER_AGENT", "").lower().replace("cubot", "")
    return (
        request.method == "GET"
        and agent
        and not any(map(agent.__contains__, ROBOTS))
        # A browser that looks ahead.
        and "HTTP_SEC_PURPOSE" not in told
        # Nobody else has a cookie of ours: staff at work.
        and settings.SESSION_COOKIE_NAME not in told.get("HTTP_COOKIE", "")
    )


_lock = threading.Lock()
_counted = Counter()
_is_waiting = False


def count(slug):
    """Count a visit of the entry with this slug; the number is written within a minute."""
    global _is_waiting
    with _lock:
        _counted[slug] += 1
        if _is_waiting:
            return
        _is_waiting = True
    write_later()


def write_later():
    timer = threading.Timer(EVERY, _write_in_thread)
    timer.daemon = True
    timer.start()


def _write_in_thread():
    global _is_waiting
    try:
        write()
    finally:
        connections.close_all()
        with _lock:
            _is_waiting = bool(_counted)
        if _is_waiting:
            write_later()


def write():
    """Add what was counted to the database's numbers. What cannot be written now is kept."""
    with _lock:
        counted = dict(_counted)
        _counted.clear()
    try:
        with transaction.atomic():
            keys = Association.objects.filter(slug__in=counted).values_list("slug", "pk")
            Visits.objects.add({key: counted[slug] for slug, key in keys})
    except Error as error:
        log.info("Visits wait for another minute: %s", error)
        with _lock:
            _counted.update(counted)
