"""How fast the site is, at any size: against a bare view, and against Datasette on the same rows.

    make bench                                                  made-up rows
    make bench ARGS="--registers FOLDER --size 1000 10000"      rows of real registers
    make bench ARGS="--size 100000 --on sqlite"                 on one database alone
    make bench ARGS="--rows ROWS.csv --size 1000000 --database URL"     filled, and kept
    make bench ARGS="--size 1000000 --database URL --prepared"          as it was kept

Each size is measured on new databases of SQLite and PostgreSQL (that of DATABASE_URL, or one of our
own where its server is installed), or on that of `--database`. The figures are written to
benchmarks/results/; benchmarks/RESULTS.md and cost.svg are then made of all that is there.

Requests per second depend on the machine; their ratio to the bare view's hardly does. Every round
asks for each page in turn, forwards and then backwards; what counts is the median of the rounds.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

from benchmarks import datasette, report
from benchmarks.convert import COLUMNS, write
from benchmarks.databases import (
    ROOT,
    VENDORS,
    environment,
    manage,
    measured,
    run,
    servers,
    throw_away,
)

PORT, DATASETTE_PORT = 18000, 18001
CONNECTIONS = 4
DATASETTE = ROOT / "data" / "datasette"
# Searches that are asked again and again.
SEARCHES_KEPT = 20
# So many are imported a second time, too.
AGAIN = 100_000


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--size", type=int, nargs="+", default=[1_000, 10_000], metavar="ROWS")
    rows = parser.add_mutually_exclusive_group()
    rows.add_argument("--rows", type=Path, metavar="FILE.csv", help="the first rows of this file")
    rows.add_argument("--registers", type=Path, metavar="FOLDER", help="of what scale.py reads")
    parser.add_argument("--queries", type=Path, nargs="+", default=[], metavar="FILE.csv")
    parser.add_argument("--questions", type=int, default=30, help="made up, of each kind")
    parser.add_argument("--on", choices=VENDORS, nargs="+", default=list(VENDORS))
    parser.add_argument("--database", metavar="URL", help="an empty one of yours, kept")
    parser.add_argument("--prepared", action="store_true", help="its rows are there already")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=2, help="of each page in each round")
    parser.add_argument("--no-datasette", action="store_true")
    asked = parser.parse_args()
    if asked.prepared and not asked.database:
        parser.error("--prepared is of a --database.")
    if asked.database and len(asked.size) > 1:
        parser.error("One --size at a time in a --database.")
    with ExitStack() as stack:
        found = {} if asked.database else stack.enter_context(servers())
        for size in asked.size:
            with tempfile.TemporaryDirectory() as folder:
                bench(size, found, asked, Path(folder))
    report.main()


def bench(size, found, asked, folder):
    if asked.database:
        save(measure(asked.database, size, asked, folder))
    for vendor, server in found.items():
        if vendor in asked.on:
            with throw_away(server, folder, f"of_{size}") as url:
                save(measure(url, size, asked, folder))


def measure(url, size, asked, folder):
    """All figures of one size on the database of this URL."""
    found = {
        "size": size,
        "vendor": "sqlite" if url.startswith("sqlite") else "postgresql",
        "date": datetime.date.today().isoformat(),
        "machine": machine(),
        "load": round(os.getloadavg()[0], 1),
    }

    def tell(what):
        print(f"{size} rows, {found['vendor']}: {what}", flush=True)

    manage(url, "collectstatic", "--noinput", "--verbosity=0")
    if not asked.prepared:
        tell("import")
        found["import"] = imported(url, write_rows(folder / "rows.csv", size, asked))
    tell("inside the server")
    queries = [path.resolve() for path in asked.queries]
    found["inside"] = json.loads(
        run(url, "-m", "benchmarks.inside", str(asked.questions), *map(str, queries))
    )
    paths = found["inside"].pop("asked")
    tell("pages, served")
    with served(url):
        found["wire"] = wire("/en/")
        pages = {
            "bare view": Page(["/bare/"]),
            "listing": Page(["/en/"]),
            "contact page": Page(paths["contact pages"][:1]),
            "search": Page(paths["searches"][:SEARCHES_KEPT]),
            "listing anew": Page(["/en/"], anew=True),
            "contact page anew": Page(paths["contact pages"], anew=True),
            "search anew": Page(paths["searches"], anew=True),
        }
        if asked.no_datasette:
            found["served"] = rates(pages, asked, folder)
        else:
            run(url, "-m", "benchmarks.datasette", str(folder / "cards.sqlite3"))
            with served_by_datasette(folder / "cards.sqlite3") as version:
                found["datasette"] = version
                found["served"] = rates(pages | datasette_pages(paths), asked, folder)
    return found


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "memory": f"{memory:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
    }


def processor():
    try:
        told = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        told = None
    return told[1] if told else platform.processor()


def save(found):
    """Write the figures; those of an import stay when a prepared database is measured again."""
    path = report.RESULTS / f"{found['size']}-{found['vendor']}.json"
    path.parent.mkdir(exist_ok=True)
    if "import" not in found and path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
        found |= {"import": kept["import"]} if "import" in kept else {}
    text = json.dumps(found, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")


# The import.


def imported(url, rows):
    manage(url, "migrate", "--verbosity=0")
    seconds, memory = measured(url, "import_associations", rows, "--skip-bad")
    found = {"seconds": round(seconds, 1), "memory in MB": round(memory)}
    with rows.open(encoding="utf-8", newline="") as lines:
        number = sum(1 for _row in csv.reader(lines)) - 1
    if number <= AGAIN:
        seconds, _memory = measured(url, "import_associations", rows, "--skip-bad")
        found["seconds again"] = round(seconds, 1)
    return found


def write_rows(path, size, asked):
    with path.open("w", encoding="utf-8", newline="") as file:
        if asked.registers:
            # Not in this process, which would grow: those that it starts take its most memory over.
            command = [sys.executable, "-m", "benchmarks.scale", asked.registers.resolve()]
            subprocess.run([*command, str(size)], cwd=ROOT, check=True, stdout=file)
        elif asked.rows:
            with asked.rows.open(encoding="utf-8", newline="") as lines:
                write(islice(csv.DictReader(lines), size), file)
        else:
            write(made_up(size), file)
    return path


WORDS = """
    national federation union chamber league guild council society institute forum alliance
    bakers brewers carriers dealers editors farmers growers hauliers insurers jewellers
    makers millers packers potters printers roofers sailors tanners traders weavers
    northern southern eastern western central coastal alpine rural urban united
"""
PLACES = ("Roma", "Milano", "Torino", "Napoli", "Bari", "Genova", "Bologna", "Firenze", "Palermo")


def made_up(number):
    """So many rows as registers have them; the same ones each time."""
    chance, words = random.Random(1), WORDS.split()
    for count in range(number):
        name = " ".join(chance.sample(words, 4)).title()
        yield dict.fromkeys(COLUMNS, "") | {
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


# Pages, served on loopback.


class Page:
    """What clients ask for, in turn; `anew`: never the same page twice, so that none is kept."""

    def __init__(self, paths, anew=False, port=PORT):
        self.paths = paths
        self.port = port
        self.host = "*.benchmark.example" if anew else "127.0.0.1"


def datasette_pages(paths):
    """The same questions to Datasette."""
    listing = datasette.LISTING
    searches = [f"{listing}&_search={path.partition('q=')[2]}" for path in paths["searches"]]
    rows = [f"/cards/cards/{key}" for key in paths["keys"]]
    return {
        "Datasette: listing": Page([listing], port=DATASETTE_PORT),
        "Datasette: search": Page(searches, port=DATASETTE_PORT),
        "Datasette: row": Page(rows, port=DATASETTE_PORT),
    }


@contextmanager
def served(url):
    """The site as `make run` serves it, on loopback."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--no-ws"]
    options += ["--workers", "2", "--blocking-threads", "4", "--workers-kill-timeout", "1"]
    options += ["--log-level", "error", "directory.wsgi:application"]
    with running([sys.executable, "-m", "granian", *options], PORT, environment(url)):
        yield


@contextmanager
def served_by_datasette(path):
    """Datasette as it comes, on this file; its version."""
    programs = datasette.install(DATASETTE)
    version = subprocess.check_output([programs / "datasette", "--version"], text=True)
    command = [programs / "datasette", "serve", path, "--port", str(DATASETTE_PORT)]
    with running(command, DATASETTE_PORT, os.environ):
        yield version.split()[-1]


@contextmanager
def running(command, port, environment):
    """A server, from when it answers at this port of loopback; its output is not shown."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise SystemExit(f"Port {port} is taken: stop what uses it.")
    output = subprocess.DEVNULL
    server = subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
    )
    try:
        for _attempt in range(300):
            if server.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {server.returncode}")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


def rates(pages, asked, folder):
    """`{page: {rate: answers per second, the median of the rounds, …}}`."""
    files = {}
    for number, (name, page) in enumerate(pages.items()):
        files[name] = folder / f"paths-{number}.txt"
        files[name].write_text("\n".join(page.paths))
        ask(page, files[name], 0.5)  # what only a first request costs
    found = {name: [] for name in pages}
    for number in range(asked.rounds):
        for name in list(pages) if number % 2 == 0 else reversed(pages):
            found[name].append(ask(pages[name], files[name], asked.seconds))
    return {name: together(rounds) for name, rounds in found.items()}


def ask(page, file, seconds):
    """What `CONNECTIONS` clients get together, each beginning elsewhere among the paths."""
    client = Path(__file__).with_name("client.py")
    clients = []
    for number in range(CONNECTIONS):
        first = number * len(page.paths) // CONNECTIONS
        arguments = [str(page.port), file, str(seconds), str(first), page.host]
        command = [sys.executable, client, *arguments]
        clients.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
    told = [json.loads(client.communicate()[0]) for client in clients]
    found = {name: sum(each[name] for each in told) for name in told[0]}
    if found["refused"] and page.port == PORT:
        raise SystemExit(f"{page.paths[0]} was refused {found['refused']} times")
    return found


def together(rounds):
    found = [each["rate"] for each in rounds]
    return {
        "rate": round(statistics.median(found), 2),
        "least": round(min(found), 2),
        "most": round(max(found), 2),
        "answers": sum(each["answers"] for each in rounds),
        "refused": sum(each["refused"] for each in rounds),
    }


def wire(path):
    """The bytes of a first page load: the page and all files that a browser loads for it."""
    page = fetched(path)
    files = set(re.findall(r'(?:src|rel="(?:stylesheet|icon)".* href)="(/static/[^"#]+)', page[1]))
    return {"files": len(files) + 1, "bytes": page[0] + sum(fetched(file)[0] for file in files)}


def fetched(path):
    """`(bytes over the wire, text)` of an answer; the text is only asked for of a page."""
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}")
    with urllib.request.urlopen(request) as answer:
        text = answer.read().decode(errors="replace")
    request.add_header("Accept-Encoding", "gzip, br")
    with urllib.request.urlopen(request) as answer:
        return len(answer.read()), text


if __name__ == "__main__":
    main()
