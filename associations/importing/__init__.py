"""A file in, a report out: associations from any table, all rows or none.

An import adds and fills in; it overwrites nothing. A cell that says what the directory knows
changes nothing, an empty cell leaves alone, a new value becomes a fact beside the older one, with
its source and date: the newer evidence is what the pages show.
"""

from ..changes import flush, one_change
from ..models import Changeset
from ..search.vocabulary import counted_at_the_end
from .headers import FIELDS, mapping
from .reading import read_table
from .rows import COLUMNS, UnreadableFile
from .saving import Importer, Report
from .taking_apart import prepare

__all__ = [
    "COLUMNS",
    "FIELDS",
    "Report",
    "UnreadableFile",
    "import_associations",
    "mapping",
    "prepare",
    "read_table",
]

BATCH = 2000


def import_associations(
    rows,
    *,
    file_name,
    dry_run=False,
    skip_bad=False,
    skip_unknown_parents=False,
    draft=False,
    on_error=None,
    on_note=None,
):
    """Add and complete the associations of these rows, as `prepare()` gives them.

    Returns a `Report`. Rows are matched by slug, identifier, else by name and country. One
    transaction: nothing is saved with `dry_run`, nor after any bad row unless `skip_bad`. A
    confederation that is nowhere makes a row bad, unless `skip_unknown_parents`: then the row goes
    without it, with a note; if it stands further down, the row is put under it in the end.
    `on_error(line, column, reason)` is told of each bad cell as it is found, `on_note` of each that
    was repaired or that is in doubt. Raises `UnreadableFile`, as the rows are read while they are
    saved. Memory does not grow with their number.
    """

    def say_nothing(line, column, text):
        pass

    importer = Importer(
        file_name,
        draft=draft,
        skip_unknown_parents=skip_unknown_parents,
        on_error=on_error or say_nothing,
        on_note=on_note or say_nothing,
    )
    try:
        way = Changeset.Way.IMPORT
        with one_change(way=way, comment=file_name), counted_at_the_end():
            for batch in _batches(importer.good_rows(rows)):
                importer.save(batch)
                flush()
            importer.affiliate_those_waiting()
            if dry_run or (importer.report.errors and not skip_bad):
                raise _NotToBeSaved
            importer.report.is_saved = True
    except _NotToBeSaved:
        pass
    return importer.report


class _NotToBeSaved(Exception):
    """Takes the transaction back."""


def _batches(rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
