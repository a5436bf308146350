"""Public registers, as they are published, into the columns of `manage.py import_associations`.

    python -m benchmarks.convert ror ror_organizations.csv.gz > rows.csv
    python -m benchmarks.convert queries-ror queries.csv > questions.csv

Files of queries become the columns of `manage.py evaluate_search`. A number at the end of the
command takes a sample of as many rows, the same one each time. `REGISTERS` and `QUERIES` below name
all that is known; no register is part of this repository.
"""

import argparse
import csv
import gzip
import random
import re
import sys
import zlib
from pathlib import Path

COLUMNS = (
    *("identifier", "name", "acronym", "other_names", "kind", "confederation", "country"),
    *("region", "locality", "postal_code", "street_address", "phone", "email", "website"),
    *("president", "president_since", "president_as_of", "founding_date", "sector"),
    *("description_it", "description_en", "source_title", "source_url", "source_date"),
    "checked_on",
)
QUERY_COLUMNS = ("query", "expected", "kind")

# The longest that the import takes.
NAME, PLACE, STREET, POSTAL_CODE = 400, 120, 300, 20


# Registers: a row of theirs as a row of the import; None for one that is left out.


def de_lobbyregister(row):
    """The register of the German Bundestag, flattened to one row an organisation."""
    head = row["head_function"].casefold()
    is_president = any(word in head for word in ("präsident", "vorsitz")) and "vize" not in head
    street = f"{row['street']} {row['street_number']}".strip() or row["address_extra_1"].strip()
    return {
        "identifier": f"de-lobbyregister:{row['register_number']}",
        "name": _cut(row["name"], NAME),
        "country": row["country_code"],
        "locality": _cut(row["city"], PLACE),
        "postal_code": _cut(row["zip"], POSTAL_CODE),
        "street_address": street[:STREET],
        "phone": row["phone"].strip(),
        "website": website(row["websites"]),
        "president": _cut(row["head_name"], NAME) if is_president else "",
        "sector": _cut(row["activity_en"], PLACE),
        "source_title": "Lobbyregister, Deutscher Bundestag",
        "source_url": "https://www.lobbyregister.bundestag.de/",
        "source_date": "2024-08",
    }


def us_irs_eo(row):
    """The Exempt Organizations Business Master File Extract of the Internal Revenue Service."""
    return {
        "identifier": f"us-ein:{row['EIN']}",
        "name": _cut(row["NAME"], NAME),
        "country": "US",
        "region": row["STATE"],
        "locality": _cut(row["CITY"], PLACE),
        "postal_code": _cut(row["ZIP"], POSTAL_CODE),
        "street_address": row["STREET"][:STREET],
        "sector": f"NTEE {row['NTEE_CD'][:1]}" if row["NTEE_CD"] else "",
        "source_title": "Exempt Organizations Business Master File Extract, IRS",
        "source_url": "https://www.irs.gov/charities-non-profits/",
        "source_date": "2026-04-13",
    }


def ror(row):
    """The Research Organization Registry; `aliases` and the like hold ` | ` between values."""
    acronym, *acronyms = _values(row["acronyms"]) or [""]
    labels = [text.rsplit("@", 1)[0] for text in _values(row["labels"])]
    other_names = [_cut(name, NAME) for name in (*_values(row["aliases"]), *labels, *acronyms)]
    return {
        "identifier": f"ror:{row['ror_id']}",
        "name": _cut(row["name"], NAME),
        "acronym": _cut(acronym, NAME),
        "other_names": "|".join(filter(None, other_names)),
        "country": row["country_code"],
        "region": _cut(row["region"], PLACE),
        "locality": _cut(row["city"], PLACE),
        "website": website(row["website"]),
        "founding_date": row["established"] if len(row["established"]) == 4 else "",
        "sector": "|".join(_values(row["types"])),
        "source_title": "Research Organization Registry",
        "source_url": "https://ror.org/",
        "source_date": "2026-06",
    }


def it_confindustria(row):
    """The associations of Confindustria's system: the rows with a kind, each name once."""
    if not row["kind"]:
        return None
    return {
        "identifier": _by_name("it-confindustria", row["name"]),
        "name": _cut(row["name"], NAME),
        "acronym": row["sigla"].strip(),
        "country": "IT",
        "source_title": "Confindustria",
        "source_url": "https://www.confindustria.it/",
    }


def it_senate(row):
    """The organisations that the acronyms typed by the Senate's clerks stand for."""
    return {
        "identifier": _by_name("it-senate", row["expected_name"]),
        "name": _cut(row["expected_name"], NAME),
        "country": "IT",
        "source_title": "Senato della Repubblica",
        "source_url": "https://www.senato.it/",
    }


REGISTERS = {
    "de-lobbyregister": de_lobbyregister,
    "us-irs-eo": us_irs_eo,
    "ror": ror,
    "it-confindustria": it_confindustria,
    "it-senate": it_senate,
}


# Queries: a row of theirs as the question, its right answers and of which kind it is.


def queries_de(row):
    return row["query"], _identifiers("de-lobbyregister", row), row["kind"]


def queries_it_confindustria(row):
    return row["query"], _by_name("it-confindustria", row["expected_name"]), row["kind"]


def queries_it_senate(row):
    return row["query"], _by_name("it-senate", row["expected_name"]), row["kind"]


def queries_ror(row):
    is_answerable = row["answerable"] != "no_match"
    return row["query"], _identifiers("ror", row) if is_answerable else "", row["answerable"]


QUERIES = {
    "queries-de": queries_de,
    "queries-it-confindustria": queries_it_confindustria,
    "queries-it-senate": queries_it_senate,
    "queries-ror": queries_ror,
    "queries-ror-crossref": queries_ror,
}


def website(text):
    """The first address of a list, with its scheme; empty where it is none (`www,example.org`)."""
    first = text.replace("|", " ").replace("\n", " ").split(" ")[0].strip()
    address = first if first.startswith(("http://", "https://")) else f"https://{first}"
    host = address.split("://", 1)[1].split("/", 1)[0]
    return address if re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", host) else ""


def _cut(text, length):
    return " ".join(text.split())[:length].strip()


def _values(cell):
    return [value.strip() for value in cell.split("|") if value.strip()]


def _by_name(scheme, name):
    """An identifier for what has no number, the same for the register and for its queries."""
    return f"{scheme}:{zlib.crc32(' '.join(name.split()).encode()):08x}"


def _identifiers(scheme, row):
    column = next(name for name in row if name in ("expected_register_numbers", "expected_ror_ids"))
    return "|".join(f"{scheme}:{number}" for number in re.findall(r"\w+", row[column]))


def read(path):
    """The rows of a CSV file, plain or gzip."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def convert(register, path):
    """The rows of a register's file in the columns of the import; of one identifier the first."""
    seen = set()
    for row in read(path):
        converted = REGISTERS[register](row)
        if converted and converted["identifier"] not in seen:
            seen.add(converted["identifier"])
            yield dict.fromkeys(COLUMNS, "") | converted


def convert_queries(queries, path, sample=None):
    """The questions of a file: all, or `sample` of those with an answer in its corpus."""
    rows = list(read(path))
    if sample:
        rows = [row for row in rows if row.get("answerable", "yes") == "yes"]
        rows = random.Random(1).sample(rows, min(sample, len(rows)))
    for row in rows:
        yield dict(zip(QUERY_COLUMNS, QUERIES[queries](row), strict=True))


def write(rows, file, columns=COLUMNS):
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=[*REGISTERS, *QUERIES])
    parser.add_argument("path", metavar="FILE", type=Path)
    parser.add_argument("sample", metavar="SAMPLE", type=int, nargs="?")
    asked = parser.parse_args()
    if asked.what in QUERIES:
        questions = convert_queries(asked.what, asked.path, asked.sample)
        write(questions, sys.stdout, QUERY_COLUMNS)
    else:
        write(convert(asked.what, asked.path), sys.stdout)


if __name__ == "__main__":
    main()
