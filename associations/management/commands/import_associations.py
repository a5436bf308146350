import gc
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from associations.importing import COLUMNS, UnreadableFile, import_associations
from associations.search import settle


class Command(BaseCommand):
    help = "Add and complete associations from a CSV file (UTF-8, comma): " + ", ".join(COLUMNS)

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check everything, save nothing")
        parser.add_argument(
            "--skip-bad", action="store_true", help="save the good rows all the same"
        )
        parser.add_argument(
            "--draft", action="store_true", help="new entries are drafts, not public"
        )

    def handle(self, *, file, dry_run, skip_bad, draft, **options):
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
                    _decoded(raw, progress),
                    file_name=file.name,
                    dry_run=dry_run,
                    skip_bad=skip_bad,
                    draft=draft,
                    on_error=self.tell,
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


def _decoded(raw, progress):
    """The lines of a file as text; a mark of byte order at its start is none of them."""
    for number, line in enumerate(raw):
        progress.update(len(line))
        yield line.decode("utf-8-sig" if number == 0 else "utf-8")
