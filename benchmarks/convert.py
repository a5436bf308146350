"""Public registers, as they are published, into the columns of `manage.py import_associations`.

    python benchmarks/convert.py de-lobbyregister REGISTER.csv.gz > rows.csv
    python benchmarks/convert.py us-irs-eo EXTRACT.csv [ROWS] > rows.csv

`de-lobbyregister`: the register of the German Bundestag (lobbyregister.bundestag.de), flattened to
one row an organisation. `us-irs-eo`: the Exempt Organizations Business Master File Extract of the
Internal Revenue Service (irs.gov). No register is part of this repository.
"""

import csv
import gzip
import re
import sys
from itertools import islice
from pathlib import Path

COLUMNS = (
    *("identifier", "name", "acronym", "other_names", "kind", "confederation", "country"),
    *("region", "locality", "postal_code", "street_address", "phone", "email", "website"),
    *("president", "president_since", "president_as_of", "founding_date", "sector"),
    *("description_it", "description_en", "source_title", "source_url", "source_date"),
    "checked_on",
)


def de_lobbyregister(row):
    head = row["head_function"].casefold()
    is_president = any(word in head for word in ("präsident", "vorsitz")) and "vize" not in head
    street = f"{row['street']} {row['street_number']}".strip() or row["address_extra_1"].strip()
    return {
        "identifier": f"de-lobbyregister:{row['register_number']}",
        "name": " ".join(row["name"].split())[:400],
        "country": row["country_code"],
        "locality": row["city"].strip()[:120],
        "postal_code": row["zip"].strip()[:20],
        "street_address": street[:300],
        "phone": row["phone"].strip(),
        "website": website(row["websites"]),
        "president": row["head_name"].strip() if is_president else "",
        "sector": row["activity_en"].strip()[:120],
        "source_title": "Lobbyregister, Deutscher Bundestag",
        "source_url": "https://www.lobbyregister.bundestag.de/",
        "source_date": "2024-08",
    }


def website(text):
    """The first address of a list, with its scheme; empty where it is none (`www,example.org`)."""
    first = text.replace("|", " ").replace("\n", " ").split(" ")[0].strip()
    address = first if first.startswith(("http://", "https://")) else f"https://{first}"
    host = address.split("://", 1)[1].split("/", 1)[0]
    return address if re.fullmatch(r"[\w-]+(\.[\w-]+)+(:\d+)?", host) else ""


def us_irs_eo(row):
    return {
        "identifier": f"us-ein:{row['EIN']}",
        "name": " ".join(row["NAME"].split()),
        "country": "US",
        "region": row["STATE"],
        "locality": row["CITY"],
        "postal_code": row["ZIP"],
        "street_address": row["STREET"],
        "sector": f"NTEE {row['NTEE_CD'][:1]}" if row["NTEE_CD"] else "",
        "source_title": "Exempt Organizations Business Master File Extract, IRS",
        "source_url": "https://www.irs.gov/charities-non-profits/",
        "source_date": "2026-04-13",
    }


REGISTERS = {"de-lobbyregister": de_lobbyregister, "us-irs-eo": us_irs_eo}


def convert(register, path, rows=None):
    """The rows of a register's file (plain or gzip), at most `rows` of them, as dictionaries."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        for row in islice(csv.DictReader(lines), rows):
            yield dict.fromkeys(COLUMNS, "") | REGISTERS[register](row)


if __name__ == "__main__":
    register, path, *rest = sys.argv[1:]
    writer = csv.DictWriter(sys.stdout, COLUMNS)
    writer.writeheader()
    writer.writerows(convert(register, Path(path), int(rest[0]) if rest else None))
