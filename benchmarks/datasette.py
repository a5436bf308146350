"""The same rows in Datasette, which serves a table with search and facets out of the box.

    python -m benchmarks.datasette FILE

writes the public cards of the database into one SQLite table with a full-text index of the columns
that hold what people search for, and an index of each column that is counted.
"""

import sqlite3
import subprocess
import sys
from pathlib import Path

import django

SHOWN = (
    *("slug", "kind", "state", "name", "acronym", "country", "region", "locality"),
    *("confederation_name", "president", "phone", "email", "website", "checked_on"),
)
SEARCHED = ("name", "acronym", "confederation_name", "president", "locality", "phone")
COUNTED = ("country", "confederation_name", "kind", "region", "locality", "state")

LISTING = "/cards/cards?_size=25&" + "&".join(f"_facet={name}" for name in COUNTED)


def install(folder):
    """The folder of a virtual environment with Datasette and nothing else."""
    programs = folder / "bin"
    if not (programs / "datasette").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [programs / "python", "-m", "pip", "install", "-qq", "datasette"]
        subprocess.run(install, check=True)
    return programs


def write(path):
    from associations.models import Card

    path.unlink(missing_ok=True)
    table = sqlite3.connect(path)
    table.execute(f"CREATE TABLE cards (id INTEGER PRIMARY KEY, {', '.join(SHOWN)})")
    rows = Card.objects.public().order_by("pk").values_list("pk", *SHOWN)
    rows = ((*row[:-1], row[-1] and str(row[-1])) for row in rows.iterator(chunk_size=2000))
    table.executemany(f"INSERT INTO cards VALUES (?{', ?' * len(SHOWN)})", rows)
    for name in COUNTED:
        table.execute(f"CREATE INDEX cards_{name} ON cards ({name})")
    searched = ", ".join(SEARCHED)
    table.execute(f'CREATE VIRTUAL TABLE cards_fts USING fts5 ({searched}, content="cards")')
    table.execute("INSERT INTO cards_fts (cards_fts) VALUES ('rebuild')")
    table.execute("ANALYZE")
    table.commit()
    table.close()


if __name__ == "__main__":
    django.setup()
    write(Path(sys.argv[1]))
