"""The databases that benchmarks are run on, and the site's own commands on them."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.postgresql import cluster, end_by_signals, find_programs

ROOT = Path(__file__).resolve().parent.parent
VENDORS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# What PostgreSQL's manual advises for a server of its own is a quarter of the memory; it comes with
# 128 MB, less than the indexes of a million entries.
MEMORY = {"shared_buffers": "2GB"}


@contextmanager
def servers():
    """Where databases can be made: `{"sqlite": None, "postgresql": URL}`.

    PostgreSQL is that of DATABASE_URL, or one of our own for as long; neither may be there.
    """
    given = os.environ.get("DATABASE_URL", "")
    with ExitStack() as stack:
        found = {"sqlite": None}
        if given.startswith("postgres"):
            found["postgresql"] = given
        elif find_programs():
            end_by_signals()
            found["postgresql"] = stack.enter_context(cluster(**MEMORY))
        yield found


@contextmanager
def throw_away(server, folder, name):
    """The URL of a new database of this name, gone afterwards.

    On the PostgreSQL of the URL `server`, beside its own database; without one a file in `folder`.
    """
    if not server:
        path = Path(folder) / f"{name}.sqlite3"
        yield f"sqlite:///{path}"
        for part in path.parent.glob(f"{path.name}*"):
            part.unlink()
        return
    name = f"benchmark_{name}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(drop)


def environment(url):
    """What the programs of the site are run with, on the database of this URL."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "for-benchmarks-only",
        "ALLOWED_HOSTS": "127.0.0.1,.benchmark.example",
        "HTTPS": "off",
        "DEBUG": "off",
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": url,
    }


def manage(url, *arguments):
    """What `manage.py` prints."""
    return run(url, ROOT / "manage.py", *arguments)


def run(url, *arguments):
    """What Python prints, run with these arguments on the database of this URL."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(url),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def measured(url, *arguments):
    """Seconds, and MB of memory at the most, of a command of `manage.py`."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, ROOT / "manage.py", *arguments],
        env=environment(url),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"manage.py {arguments[0]} failed")
    return time.perf_counter() - start, megabytes(usage)


def megabytes(usage):
    """The most memory of `getrusage()`, which counts in kB, on macOS in bytes."""
    return usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
