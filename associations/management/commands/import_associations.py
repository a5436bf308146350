import gc
from itertools import count
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from associations import importing
from associations.importing import COLUMNS, UnreadableFile, import_associations
from associations.search import settle

# What the file says in no column; `--scheme` is whose numbers a column `identifier` has.
DEFAULTS = ("country", "source_title", "source_url", "source_date")


class Command(BaseCommand):
    help = (
        "Add and complete associations from a table: CSV with any of the usual delimiters and"
        " encodings, packed by gzip or not, XLSX or ODS. Columns: " + ", ".join(COLUMNS)
    )

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="HEADER=COLUMN",
            dest="told",
            help="what a column holds that is not known by its header; nothing after the = leaves"
            " it out",
        )
        parser.add_argument(
            "--skip-unknown", action="store_true", help="leave out the columns that are not known"
        )
        parser.add_argument(
            "--skip-unknown-parents",
            action="store_true",
            help="leave out the confederations that are not in the directory",
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything, save nothing")
        parser.add_argument(
            "--skip-bad", action="store_true", help="save the good rows all the same"
        )
        parser.add_argument(
            "--draft", action="store_true", help="new entries are drafts, not public"
        )
        parser.add_argument(
            "--scheme",
            default="",
            dest="identifier_scheme",
            help="whose numbers a column of identifiers has, as in it-cf",
        )
        for name in DEFAULTS:
            parser.add_argument(
                f"--{name.replace('_', '-')}", default="", help="for rows that do not say it"
            )

    def handle(self, *, file, dry_run, skip_bad, draft, skip_unknown_parents, **options):
        # A batch makes 100,000 objects and hardly a cycle: to look for these takes a fifth more.
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        try:
            # The progress is that of the bytes read: nobody counts the rows of a long file first.
            with (
                file.open("rb") as raw,
                tqdm(
                    total=file.stat().st_size,
                    unit="B",
                    unit_scale=True,
                    disable=None,
                    desc=file.name,
                ) as progress,
            ):
                report = import_associations(
                    self.rows(raw, file.name, progress, **options),
                    file_name=file.name,
                    dry_run=dry_run,
                    skip_bad=skip_bad,
                    skip_unknown_parents=skip_unknown_parents,
                    draft=draft,
                    on_error=self.tell,
                    on_note=self.tell,
                )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from None
        except UnreadableFile as error:
            raise CommandError(f"{file}: {error}") from None
        if report.is_saved:
            settle()
        self.stdout.write(
            f"{report.rows} rows: {report.created} new, {report.changed} changed,"
            f" {report.confirmed} confirmed, {report.unchanged} unchanged,"
            f" {report.withdrawn} withdrawn and left alone, {report.errors} bad."
        )
        if dry_run:
            self.stdout.write("Nothing was saved: this was a dry run.")
        if report.errors and not report.is_saved:
            raise CommandError(
                "Nothing was saved: mend the bad rows, or leave them out by --skip-bad."
            )

    def tell(self, line, column, reason):
        where = f"line {line}, {column}" if column else f"line {line}"
        self.stderr.write(f"{where}: {reason}")

    def rows(self, raw, file_name, progress, *, told, skip_unknown, identifier_scheme, **options):
        """The rows of the file, ready to be imported; what was done to it is told."""
        table = importing.read_table(raw, file_name)
        mapping = importing.mapping(table.header, _pairs(told), skip_unknown=skip_unknown)
        for index, field in mapping.items():
            if field is None:
                self.stderr.write(f"Left out: the column “{table.header[index]}”.")
        defaults = {name: options[name] for name in DEFAULTS}
        defaults["identifier_scheme"] = identifier_scheme
        for number, row in zip(count(), importing.prepare(table, mapping, defaults), strict=False):
            if number % 100 == 0:
                progress.update(raw.tell() - progress.n)
            yield row
        for note in table.notes:
            self.stderr.write(note)


def _pairs(told):
    pairs = [each.rpartition("=") for each in told]
    if wrong := [field for header, sign, field in pairs if not sign]:
        raise CommandError(f"--map {wrong[0]}: write HEADER=COLUMN.")
    return {header: field.strip() for header, _sign, field in pairs}
