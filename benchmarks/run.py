"""How fast the site is: its pages against a bare view in one run, and the import.

    make bench                              all of it, on SQLite, in a folder that is thrown away
    make bench ARGS="--rows 100000"         as many made-up rows for the import
    make bench ARGS="--file ROWS.csv"       a file in the import's columns instead of made-up rows
    DATABASE_URL=postgres://… make bench    in a database of yours, which should be empty

Requests per second depend on the machine; their ratio to the bare view's hardly does. Every round
asks for each page in turn, forwards and then backwards; what counts is the median of the rounds.
"""

import argparse
import csv
import os
import platform
import random
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.convert import COLUMNS  # noqa: E402

PORT = 18000
PAGES = {
    "bare view": "/bare/",
    "listing": "/en/",
    "listing, filtered": "/en/?country=IT&kind=association",
    "search": "/en/?q=contact+centre",
    "contact page": "/en/associations/assocallcenter/",
}
CONNECTIONS = 4


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=2, help="of each page in each round")
    parser.add_argument("--rows", type=int, default=20_000, help="made-up rows for the import")
    parser.add_argument("--file", type=Path, help="rows for the import")
    asked = parser.parse_args()
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    with tempfile.TemporaryDirectory() as folder:
        settings = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "PYTHONPATH": str(ROOT),
            "SECRET_KEY": "for-benchmarks-only",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "DATABASE_URL": os.environ.get("DATABASE_URL")
            or f"sqlite:///{folder}/directory.sqlite3",
        }
        environment = os.environ | settings
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "load_directory")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        with served(environment):
            print_pages(measure(asked.rounds, asked.seconds))
        rows = asked.file or made_up(Path(folder) / "rows.csv", asked.rows)
        print_import(environment, rows)


def manage(environment, *arguments):
    command = [sys.executable, ROOT / "manage.py", *arguments]
    return subprocess.run(
        command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


@contextmanager
def served(environment):
    """The site as `make run` serves it, on loopback."""
    options = ["--interface", "wsgi", "--port", str(PORT), "--workers", "2", "--no-ws"]
    options += ["--blocking-threads", "4", "--log-level", "error", "directory.wsgi:application"]
    server = subprocess.Popen(
        [sys.executable, "-m", "granian", *options], env=environment, cwd=ROOT
    )
    try:
        for _attempt in range(100):
            try:
                socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def measure(rounds, seconds):
    """`{page: [requests per second, one for each round]}`."""
    for path in PAGES.values():
        requests_per_second(path, 0.5)  # what only a first request costs
    found = {name: [] for name in PAGES}
    for number in range(rounds):
        order = list(PAGES) if number % 2 == 0 else list(reversed(PAGES))
        for name in order:
            found[name].append(requests_per_second(PAGES[name], seconds))
    return found


def requests_per_second(path, seconds):
    """The rate at which `CONNECTIONS` clients together get whole answers from `path`."""
    command = [
        sys.executable,
        __file__.replace("run.py", "client.py"),
        str(PORT),
        path,
        str(seconds),
    ]
    clients = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        for _client in range(CONNECTIONS)
    ]
    return sum(float(client.communicate()[0]) for client in clients)


def print_pages(found):
    bare = statistics.median(found["bare view"])
    print(f"{'page':<20}{'requests/s':>12}{'least':>8}{'most':>8}{'of bare':>10}{'times bare':>12}")
    for name, rates in found.items():
        rate = statistics.median(rates)
        print(
            f"{name:<20}{rate:>12.0f}{min(rates):>8.0f}{max(rates):>8.0f}"
            f"{rate / bare:>10.3f}{bare / rate:>12.1f}"
        )


def print_import(environment, path):
    with path.open(encoding="utf-8", newline="") as lines:
        number = sum(1 for _row in csv.reader(lines)) - 1
    print()
    for label in ("new", "again"):
        start = time.perf_counter()
        print(manage(environment, "import_associations", str(path)).splitlines()[0])
        took = time.perf_counter() - start
        # The largest of all children so far: the servers are smaller than an import.
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        peak = peak / 1024 if sys.platform == "linux" else peak / 1024 / 1024
        print(f"  {label}: {took:.1f} s, {number / took:.0f} rows/s, {peak:.0f} MB at most")


WORDS = """
    national federation union chamber league guild council society institute forum alliance
    bakers brewers carriers dealers editors farmers growers hauliers insurers jewellers
    makers millers packers potters printers roofers sailors tanners traders weavers
    northern southern eastern western central coastal alpine rural urban united
"""
PLACES = ("Roma", "Milano", "Torino", "Napoli", "Bari", "Genova", "Bologna", "Firenze", "Palermo")


def made_up(path, number):
    """A file of so many rows as registers have them; the same rows each time."""
    chance, words = random.Random(1), WORDS.split()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS, restval="")
        rows.writeheader()
        for count in range(number):
            name = " ".join(chance.sample(words, 4)).title()
            rows.writerow(
                {
                    "identifier": f"made-up:{count:09}",
                    "name": f"{name} {count}",
                    "acronym": "".join(word[0] for word in name.split()),
                    "country": "IT",
                    "locality": chance.choice(PLACES),
                    "postal_code": f"{chance.randrange(100, 98000):05}",
                    "street_address": f"Via {chance.choice(words).title()} {count % 300}",
                    "phone": f"06 {chance.randrange(1_000_000, 9_999_999)}",
                    "president": f"{chance.choice(words).title()} {chance.choice(words).title()}",
                    "source_title": "Made-up register",
                    "source_date": "2026-04",
                }
            )
    return path


if __name__ == "__main__":
    main()
