"""How well the search finds, asked the real queries of public registers with known answers.

    make evaluate ARGS=FOLDER

FOLDER holds the registers and queries of `CORPORA` as they were published. Each register goes
through the project's own import into a database that is thrown away afterwards, on SQLite and on
PostgreSQL: that of DATABASE_URL, or one of our own where its server is installed. The first ten
results of each query must be the same in the same order on both.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.convert import QUERY_COLUMNS, convert, convert_queries, write
from benchmarks.databases import VENDORS, manage, run, servers, throw_away

# The register with its file; its queries with theirs, and how many of them are taken.
CORPORA = {
    "german": (
        ("de-lobbyregister", "de_lobbyregister_dev.csv.gz"),
        [("queries-de", "queries_de_memberships_dev.csv", None)],
    ),
    "confindustria": (
        ("it-confindustria", "it_confindustria_dev.csv"),
        [("queries-it-confindustria", "queries_it_confindustria_dev.csv", None)],
    ),
    "senate": (
        ("it-senate", "queries_it_senate_acronyms_dev.csv"),
        [("queries-it-senate", "queries_it_senate_acronyms_dev.csv", None)],
    ),
    "ror": (
        ("ror", "ror_organizations.csv.gz"),
        [
            ("queries-ror", "queries_ror_api_logs_dev.csv", None),
            ("queries-ror-crossref", "queries_ror_crossref_dev.csv.gz", 1000),
        ],
    ),
}
SHOWN = 10


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--only", choices=CORPORA, nargs="+", default=list(CORPORA))
    parser.add_argument("--on", choices=VENDORS, nargs="+", default=list(VENDORS))
    asked = parser.parse_args()
    differences = 0
    with servers() as found, tempfile.TemporaryDirectory() as folder:
        for name in asked.only:
            answers = [
                evaluate(name, asked.folder, Path(folder), server)
                for vendor, server in found.items()
                if vendor in asked.on
            ]
            differences += compare(answers)
    sys.exit(1 if differences else 0)


def evaluate(name, originals, folder, server):
    """Print how well the queries of a corpus are answered; return `{query: slugs found}`."""
    (register, file), queries = CORPORA[name]
    rows = _written(folder / f"{name}.csv", convert(register, originals / file))
    found = {}
    with throw_away(server, folder, name) as url:
        manage(url, "migrate", "--verbosity=0")
        manage(url, "import_associations", rows, "--skip-bad")
        for kind, file, sample in queries:
            questions = convert_queries(kind, originals / file, sample)
            questions = _written(folder / f"{kind}.csv", questions, QUERY_COLUMNS)
            print(f"{kind} on {url.split(':')[0]}")
            print(manage(url, "evaluate_search", questions), flush=True)
            answers = run(url, "-m", "benchmarks.answers", questions, str(SHOWN))
            found |= {(kind, line): answer for line, answer in enumerate(answers.splitlines(), 1)}
    return found


def compare(found):
    """Print how many queries were answered otherwise by the second database; return how many."""
    if len(found) < 2:
        return 0
    first, second = found
    other = [query for query in first if first[query] != second.get(query)]
    print(f"{len(first)} queries on both databases: {len(other)} with other first {SHOWN} results")
    for query in other[:20]:
        print(f"  {query[0]}, query {query[1]}:\n    {first[query]}\n    {second.get(query)}")
    print()
    return len(other)


def _written(path, rows, *columns):
    with path.open("w", encoding="utf-8", newline="") as file:
        write(rows, file, *columns)
    return path


if __name__ == "__main__":
    main()
