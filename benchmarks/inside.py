"""What the site costs inside its server, without the way there: prints figures as JSON.

    python -m benchmarks.inside QUESTIONS [QUERIES.csv …]

Pages are asked for through all of Django by its test client, each time under another host name:
pages are kept for each, so that none is answered from what was kept. The counts of the filters are
kept for all hosts. QUESTIONS: so many of each kind; the files hold real ones in a column `query`.
Milliseconds throughout.
"""

import json
import platform
import random
import statistics
import sys
import time
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import django

from benchmarks.convert import read

REAL_QUESTIONS = 300
SUGGEST = "/api/v1/suggest/"


class Visitor:
    """Asks for pages that nobody has asked for."""

    def __init__(self):
        from django.test import Client

        self.client = Client()
        self.hosts = count()

    def asks(self, path, anew=True):
        """Milliseconds until the whole answer is there."""
        host = f"{next(self.hosts) if anew else 'www'}.benchmark.example"
        headers = {"host": host, "accept-encoding": "gzip"}
        start = time.perf_counter()
        response = self.client.get(path, headers=headers)
        took = (time.perf_counter() - start) * 1000
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")
        return took


def main(number, files):
    import directory.wsgi  # noqa: F401  for how the server collects garbage
    from associations.models import Card
    from benchmarks.questions import beginnings, questions

    visitor = Visitor()
    found = {"first page of a process": visitor.asks("/en/")}
    asked = questions(number)
    for path in files:
        real = list(dict.fromkeys(row["query"][:1000] for row in read(path)))[:REAL_QUESTIONS]
        asked += [(f"real: {path.stem}", text) for text in real]
    random.Random(1).shuffle(asked)
    cards = dict(Card.objects.public().order_by("pk").values_list("pk", "slug")[:200])
    contacts = [f"/en/associations/{slug}/" for slug in cards.values()]
    found |= {
        "entries": Card.objects.public().count(),
        "database": database(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "file in bytes": file_size(),
        "queries": query_counts(visitor, contacts[0]),
        "bare view": median(visitor.asks("/bare/") for _time in range(300)),
        "listing anew": median(visitor.asks("/en/") for _time in range(50)),
        "contact page anew": median(map(visitor.asks, contacts)),
    }
    found |= after_changes(visitor)
    found |= searches(visitor, asked)
    found["suggestions"] = suggestions(visitor, beginnings(300))
    found["memory in MB"] = own_memory()
    found["asked"] = {
        "keys": list(cards),
        "contact pages": contacts,
        "searches": [search(text) for _kind, text in asked],
    }
    return found


def own_memory():
    """MB that this process has for itself: without the pages of files that it reads through the
    system's own memory, as SQLite and the columns do. None where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    told = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(told["RssAnon"].split()[0]) / 1024


def search(text):
    return "/en/?" + urlencode({"q": text})


def found_and_counted(text):
    return "/api/v1/associations/?" + urlencode({"q": text, "facets": "true"})


def after_changes(visitor):
    """The first look at the listing after an edit, the edit, and all counts of the filters."""
    from django.http import QueryDict

    from associations.facets import Facets
    from associations.filters import AssociationFilter
    from associations.models import Association, Card

    edits, looks, counts = [], [], []
    for association in Association.objects.order_by("pk")[:5]:
        kept = association.description_en
        for text in ("Changed.", kept):  # and changed back
            association.description_en = text
            start = time.perf_counter()
            association.save()
            edits.append((time.perf_counter() - start) * 1000)
            looks.append(visitor.asks("/en/"))
    for query in ("", "kind=association") * 5:
        forget()
        start = time.perf_counter()
        filterset = AssociationFilter(QueryDict(query), queryset=Card.objects.all())
        if not filterset.is_valid():
            raise SystemExit(filterset.errors)
        list(Facets(filterset))
        counts.append((time.perf_counter() - start) * 1000)
    return {
        "edit": median(edits),
        "first look after a change": median(looks),
        "first look after a change, worst": max(looks),
        "counts anew": median(counts),
    }


def forget():
    """Make it another version of the data: of what was asked and counted nothing is known."""
    from associations.models import DataVersion

    DataVersion.objects.advance(DataVersion.objects.current())


def searches(visitor, asked):
    """Of each text what is found, with the counts of every filter, and then the page of it."""
    visitor.asks("/en/")
    alone(asked[0][1])
    took = [(alone(text), kind, text) for kind, text in asked]
    forget()
    answers = [visitor.asks(found_and_counted(text)) for _kind, text in asked]
    forget()
    pages = [visitor.asks(search(text)) for _kind, text in asked]
    kinds = sorted({kind for kind, _text in asked})
    return {
        "search": summary(time for time, _kind, _text in took),
        "search as JSON": summary(answers),
        "search page": summary(pages),
        "search by kind": {
            kind: summary(time for time, other, _text in took if other == kind) for kind in kinds
        },
        "slowest searches": [
            [round(time, 1), kind, text[:60]] for time, kind, text in sorted(took)[:-11:-1]
        ],
    }


def alone(text):
    """Milliseconds for what every answer is made of: what is found and why, the counts of every
    filter, the first page of it; without reading the request and writing the answer."""
    from django.http import QueryDict

    from associations.facets import Facets
    from associations.filters import PAGE_SIZE, AssociationFilter
    from associations.models import Card
    from associations.reasons import explain

    asked = QueryDict(urlencode({"q": text}))
    start = time.perf_counter()
    filterset = AssociationFilter(asked, queryset=Card.objects.all())
    if not filterset.is_valid():
        raise SystemExit(filterset.errors)
    list(Facets(filterset))
    page = list(filterset.qs[:PAGE_SIZE])
    if page and text.strip():
        explain(page, filterset.hits)
    return (time.perf_counter() - start) * 1000


def suggestions(visitor, texts):
    """None where this release of the site suggests nothing."""
    if visitor.client.get(SUGGEST, {"q": "a"}, headers={"host": "127.0.0.1"}).status_code == 404:
        return None
    return summary(visitor.asks(f"{SUGGEST}?{urlencode({'q': text})}") for text in texts)


def query_counts(visitor, contact):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visitor.asks("/en/")
    counts = {}
    pages = {"listing": "/en/", "search": search("association"), "contact page": contact}
    for name, path in pages.items():
        with CaptureQueriesContext(connection) as captured:
            visitor.asks(path)
        counts[f"{name} anew"] = len(captured)
        visitor.asks(path, anew=False)
        with CaptureQueriesContext(connection) as captured:
            visitor.asks(path, anew=False)
        counts[f"{name} kept"] = len(captured)
    return counts


def database():
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}"
        cursor.execute("SHOW server_version")
        return f"PostgreSQL {cursor.fetchone()[0].split()[0]}"


def file_size():
    from django.db import connection

    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def median(times):
    return round(statistics.median(times), 3)


def summary(times):
    times = sorted(times)
    last = len(times) - 1
    return {
        "number": len(times),
        "p50": round(times[last // 2], 2),
        "p95": round(times[round(last * 0.95)], 2),
        "worst": round(times[last], 2),
    }


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main(int(sys.argv[1]), [Path(path) for path in sys.argv[2:]])))
