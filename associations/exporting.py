"""The directory as a table: the columns of the import, so that an export can be imported again.

Imported again, unchanged, it changes nothing: it says what holds today, in the words of the facts,
and no more; dates and sources of the single facts are in the API.
"""

import csv
import io
import json
import re
from collections import defaultdict
from itertools import islice

import xlsxwriter
from django.utils import timezone

from .dates import evidence
from .importing.rows import OfficersField, joined
from .models import (
    Address,
    Affiliation,
    Association,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
)
from .models.people import HEADS

# The columns, in the order of the files; each is one of `importing.COLUMNS`.
COLUMNS = (
    *("slug", "identifier", "other_identifiers", "name", "acronym", "other_names"),
    *("former_names", "kind", "confederation", "country", "region", "locality", "postal_code"),
    *("street_address", "phone", "fax", "email", "pec", "website", "president"),
    *("president_prefix", "president_role", "president_title", "president_since"),
    *("president_as_of", "officers", "founding_date", "sector", "description_it"),
    "description_en",
)
BATCH = 500
# So many rows a worksheet has room for, the header among them.
MOST_ROWS_OF_A_WORKBOOK = 1_048_576

# What a program for tables might take for a formula. The import takes the apostrophe off again.
FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def rows(keys, *, for_visitors=True):
    """The row of each of these associations (keys), as `{column: text}`, in their order.

    A constant number of queries for every `BATCH`. What visitors may not read is named only where
    it is not `for_visitors`: the slug of a confederation without a public page.
    """
    keys = iter(keys)
    while batch := list(islice(keys, BATCH)):
        told = _Told(batch)
        for key in batch:
            if key in told.entries:
                yield told.row(key, for_visitors)


class _Told:
    """What holds today of the associations of a batch: a query for each table."""

    def __init__(self, keys):
        self.day = timezone.localdate().isoformat()
        entries = Association.objects.filter(pk__in=keys).select_related("card")
        self.entries = {entry.pk: entry for entry in entries}
        models = (Identifier, Address, ContactPoint, OfficeHolder)
        self.facts = {model: self.held(model, keys) for model in models}
        self.facts[Affiliation] = self.held(Affiliation, keys, "parent")
        self.names = _grouped(Name.objects.filter(association__in=keys).order_by("pk"))
        self.sectors = defaultdict(list)
        through = Association.sectors.through.objects.filter(association__in=keys)
        for key, slug in through.order_by("sector__slug").values_list(
            "association", "sector__slug"
        ):
            self.sectors[key].append(slug)

    def held(self, model, keys, *related):
        """`{association: facts that hold today}`, the latest evidence first."""
        facts = model.objects.holding().filter(association__in=keys).select_related(*related)
        grouped = _grouped(facts.order_by("pk"))
        for found in grouped.values():
            found.sort(key=self.evidence, reverse=True)
        return grouped

    def evidence(self, fact):
        return evidence(fact.valid_from, fact.attested_on, self.day)

    def row(self, key, for_visitors):
        entry = self.entries[key]
        told = dict.fromkeys(COLUMNS, "")
        for column in ("slug", "kind", "founding_date", "description_it", "description_en"):
            told[column] = getattr(entry, column)
        self.tell_names(told, entry)
        identifiers = [str(identifier) for identifier in self.facts[Identifier][key]]
        told["identifier"] = "".join(identifiers[:1])
        told["other_identifiers"] = joined(identifiers[1:])
        for address in self.facts[Address][key][:1]:
            for column in ("country", "region", "locality", "postal_code", "street_address"):
                told[column] = getattr(address, column)
        for type in ContactPoint.Type:
            points = self.facts[ContactPoint][key]
            told[type.value] = joined(
                dict.fromkeys(point.value for point in points if point.type == type)
            )
        self.tell_persons(told, key)
        told["confederation"] = joined(
            affiliation.parent.slug
            for affiliation in self.facts[Affiliation][key]
            if affiliation.parent.is_public or not for_visitors
        )
        told["sector"] = joined(self.sectors[key])
        return told

    def tell_names(self, told, entry):
        told["name"], told["acronym"] = entry.card.name, entry.card.acronym
        others, former = {}, {}
        for name in self.names[entry.pk]:
            if name.name in (told["name"], told["acronym"]):
                continue
            if name.is_over():
                former[name.name] = True
            elif name.holds():
                others[name.name] = True
        told["other_names"], told["former_names"] = joined(others), joined(former)

    def tell_persons(self, told, key):
        holders = self.facts[OfficeHolder][key]
        # As on the card: the latest evidence first, a president before a chair.
        heads = sorted((h for h in holders if h.role in HEADS), key=lambda h: HEADS.index(h.role))
        heads.sort(key=self.evidence, reverse=True)
        for head in heads[:1]:
            told["president"] = head.name
            told["president_prefix"] = head.honorific_prefix
            told["president_role"] = head.role
            told["president_title"] = head.title
            told["president_since"] = head.valid_from
            told["president_as_of"] = head.attested_on
            holders = [h for h in holders if (h.role, h.name) != (head.role, head.name)]
        officers = {(h.role, h.name): vars(h) for h in reversed(holders)}
        told["officers"] = OfficersField.cell(reversed(officers.values()))


def _grouped(facts):
    grouped = defaultdict(list)
    for fact in facts:
        grouped[fact.association_id].append(fact)
    return grouped


# The forms of a file.


def csv_lines(rows):
    """The lines of a CSV file (UTF-8, comma), its header first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_guarded(row[column]) for column in COLUMNS])
        if buffer.tell() > 20_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _guarded(text):
    """With an apostrophe before what a program might compute; the import takes it off again."""
    return f"'{text}" if FORMULA.match(text) else text


def workbook(rows, file):
    """Write an XLSX file; every cell is text, none is ever a formula, whoever edits it."""
    # Strings within the rows, so that memory does not grow with their number.
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    text = book.add_format({"num_format": "@"})
    bold = book.add_format({"bold": True})
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(COLUMNS) - 1, 20, text)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(rows, 1):
        for column, name in enumerate(COLUMNS):
            if value := row[name]:
                sheet.write_string(number, column, value, quoted if FORMULA.match(value) else text)
    book.close()


def json_text(rows):
    """The pieces of a JSON file: a list of objects, an item a line."""
    yield "[\n"
    for number, row in enumerate(rows):
        yield ",\n" if number else ""
        yield json.dumps(row, ensure_ascii=False)
    yield "\n]\n"
