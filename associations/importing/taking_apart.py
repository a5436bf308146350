"""Cells as people write them into the columns of an `AssociationRow`: only where that is certain.

What is not certain is kept whole, with a note that says so. What is repaired is told.
"""

from collections import defaultdict
from typing import NamedTuple

from django.utils.translation import gettext as _

from .. import countries
from . import numbers, offices, places
from .headers import COMPOSITE
from .rows import COLUMNS, LISTS, joined

# What people write into a cell of which they know nothing.
NOTHING = set("- – — / -- --- n/a n.a. n.d. nd n.n. k.a. k.A. null #N/D #N/A #NV #N/DISP".split())


class Note(NamedTuple):
    """What somebody should look at in a cell that was read."""

    field: str
    text: str


def prepare(table, mapping, defaults=None):
    """`(line, {column: text}, [Note, …])` of each row, as `AssociationRow.read()` takes it.

    `mapping` is `{index: field}` as `headers.guess()` gives it; `defaults` what every row says that
    does not say otherwise: `country`, `source_title`, `source_url`, `source_date`, and with
    `identifier_scheme` whose numbers are in a column `identifier`. A file with our own column
    `slug` is one of our exports: what its cells say is meant to the letter.
    """
    columns = [(index, field) for index, field in mapping.items() if field]
    defaults = {name: text for name, text in (defaults or {}).items() if text}
    read = _literally if "slug" in mapping.values() else _as_written
    width = len(table.header)
    for line, cells in table.rows:
        if len(cells) != width:
            reason = _("%(cells)d cells under %(columns)d columns.")
            yield line, {"": reason % {"cells": len(cells), "columns": width}}, []
        else:
            yield line, *read([(field, cells[index]) for index, field in columns], defaults)


def _literally(cells, defaults):
    told = {field: text for field, text in cells if text}
    for name in ("source_title", "source_url", "source_date"):
        if name in defaults:
            told.setdefault(name, defaults[name])
    return told, []


def _as_written(cells, defaults):
    """The columns of a row that somebody wrote for other readers, and the notes."""
    said, notes = defaultdict(list), []
    for field, text in cells:
        if text and text not in NOTHING:
            said[field].append(text)
    told = {name: text for name, text in defaults.items() if name != "identifier_scheme"}
    for field, texts in said.items():
        if field in PLAIN:
            told[field] = texts[0] if texts[0].isprintable() else _on_one_line(texts[0])
    country = said.get("country")
    if country:
        told["country"] = places.country(country[0]) or country[0]
    for read in READERS:
        read(said, told, notes, defaults)
    return told, notes


def _on_one_line(text):
    return " ".join(text.split())
