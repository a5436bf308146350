"""A file in, a report out: associations from CSV, all rows or none.

An import adds and fills in; it overwrites nothing. A cell that says what the directory knows
changes nothing, an empty cell leaves alone, a new value becomes a fact beside the older one, with
its source and date: the newer evidence is what the pages show.
"""

from ..changes import flush, one_change
from ..search.vocabulary import counted_at_the_end
from .rows import COLUMNS, UnreadableFile, records
from .saving import Importer, Report

__all__ = ["COLUMNS", "Report", "UnreadableFile", "import_associations"]

BATCH = 1000


def import_associations(
    lines, *, file_name, dry_run=False, skip_bad=False, draft=False, on_error=None
):
    """Add and complete the associations of a CSV file (its `lines`, as text); return a `Report`.

    Rows are matched by identifier, else by name and country. One transaction: nothing is saved
    with `dry_run`, nor after any bad row unless `skip_bad`. `on_error(line, column, reason)` is
    told of each bad cell as it is found. Raises `UnreadableFile` for what is no such CSV file.
    Memory does not grow with the number of rows.
    """
    importer = Importer(file_name, draft, on_error or (lambda line, column, reason: None))
    try:
        with one_change(), counted_at_the_end():
            for batch in _batches(importer.good_rows(records(lines))):
                importer.save(batch)
                flush()
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
