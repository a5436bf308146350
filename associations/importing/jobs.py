"""An import through the desk: a file is received, previewed, decided upon, confirmed, undone.

What takes long is done in a thread of the web process, with its own connection, and nothing is kept
but in the database: whoever looks at the page of a job whose process died has it taken up again.
"""

import gzip
import hashlib
import json
import logging
import re
import threading
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from django.db import OperationalError, connections, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from .. import history, phones
from ..changes import flush, in_batches, one_change
from ..models import Association, Changeset, HeaderMapping, ImportJob, ImportRow
from ..models.imports import WRITTEN
from ..search.vocabulary import counted_at_the_end
from .cells import BESIDE, REPLACES
from .headers import country as country_of_lists
from .headers import guess
from .places import country as country_named
from .previewing import Preview, no_longer_listed
from .reading import read_table
from .rows import UnreadableFile, parted
from .saving import called
from .taking_apart import prepare

log = logging.getLogger(__name__)
State, Outcome = ImportJob.State, ImportRow.Outcome
DIFFERING = (REPLACES, BESIDE)
TICKABLE = [outcome.value for outcome in WRITTEN]

MOST_BYTES = 20_000_000
MOST_ROWS = 200_000
BATCH = 1000
# Up to so many rows are done while the browser waits.
AT_ONCE = 500
# Of so many rows the country is guessed; so many are shown where the columns are named.
FIRST_ROWS, SAMPLES = 200, 3
NOTES = 50
THREAD = "import"
# The end of an address of the web or of mail; those of countries that others hardly use.
ENDING = re.compile(r"\w\.([a-z]{2})(?:[/\s;,|>]|$)", re.IGNORECASE)
NATIONAL_ENDINGS = {"IT", "DE", "FR", "AT", "CH", "BE", "LU", "NL", "ES", "PT", "DK", "SE", "NO"}
NATIONAL_ENDINGS |= {"FI", "PL", "CZ", "SK", "HU", "RO", "BG", "HR", "SI", "GR", "IE", "SM"}
# So long the rows wait for somebody to decide.
KEPT = timedelta(days=60)
# A process that was not heard of for so long is taken for dead. What is one transaction, in which
# it says nothing, has longer.
SILENT = {
    State.PREVIEWING: timedelta(minutes=1),
    State.CONFIRMING: timedelta(minutes=10),
    State.UNDOING: timedelta(minutes=10),
}


# The file.


def receive(data, file_name, user):
    """A job for this file, with what its columns seem to be. Raises `UnreadableFile`."""
    table = read_table(data, file_name)
    first = [cells for _line, cells in islice(table.rows, FIRST_ROWS)]
    rows = len(first) + sum(1 for _row in table.rows)
    if not rows:
        raise UnreadableFile(_("The file has no rows below its header."))
    if rows > MOST_ROWS:
        raise UnreadableFile(
            _("The file has %(rows)d rows, more than %(most)d: split it, or use the command.")
            % {"rows": rows, "most": MOST_ROWS}
        )
    _forget_old_previews()
    kept = HeaderMapping.objects.filter(digest=_digest_of(table.header)).first()
    guessed = {str(index): name for index, name in guess(table.header).items() if name}
    for index, name in list(guessed.items()):
        # “Stato” may as well say whether it is active.
        if name == "country" and not _names_countries(first, int(index)):
            del guessed[index]
    country = _country_of(first, {int(index): name for index, name in guessed.items()})
    country = country or country_of_lists(table.header)
    return ImportJob.objects.create(
        file_name=file_name[-255:],
        packed=gzip.compress(data, mtime=0),
        digest=hashlib.sha256(data).hexdigest(),
        user=user,
        header=table.header,
        first_rows=first[:SAMPLES],
        notes=table.notes[:NOTES],
        rows=rows,
        mapping=kept.mapping if kept else guessed,
        defaults=kept.defaults if kept else {"country": country},
        answers=kept.answers if kept else {},
    )


def _forget_old_previews():
    """Delete the rows of files that nobody decided upon for long: they can be read again."""
    since = timezone.now() - KEPT
    with transaction.atomic():
        old = ImportJob.objects.filter(state__in=(State.PREVIEWED, State.FAILED), beat_at__lt=since)
        keys = list(old.values_list("pk", flat=True))
        old.filter(pk__in=keys).update(state=State.UPLOADED, done=0, report={}, problem="")
        ImportRow.objects.filter(job__in=keys, job__state=State.UPLOADED).delete()


def _names_countries(rows, index):
    told = [cells[index] for cells in rows if len(cells) > index and cells[index]]
    return not told or any(map(country_named, told))


def _country_of(rows, columns):
    """The country to which nearly all telephones of these rows belong, as far as they tell it, or
    the addresses of the web and of mail; and nearly all of the rows, as far as they say so.
    """

    def written(name):
        indexes = [index for index, column in columns.items() if column == name]
        return [cells[index] for cells in rows for index in indexes if index < len(cells)]

    numbers = map(phones.parse, (text for text in written("phone") if text.startswith("+")))
    dialled = Counter(number.country for number in numbers if number)
    if not dialled:
        addresses = (text for name in ("website", "email", "pec") for text in written(name))
        endings = (
            match[1].upper() for text in addresses for match in [ENDING.search(text)] if match
        )
        dialled = Counter(code for code in endings if code in NATIONAL_ENDINGS)
    said = Counter(filter(None, map(country_named, written("country"))))
    [(country, number)] = dialled.most_common(1) or [("", 0)]
    is_of_all = all(told[country] >= told.total() * 0.9 for told in (dialled, said))
    return country if number > 2 and is_of_all else ""


def too_large():
    """What is said of a file that is."""
    text = _("The file is larger than %d MB: split it, or use the command.")
    return text % (MOST_BYTES // 1_000_000)


def map_columns(job, mapping, defaults):
    """Say what the columns are and what holds for all rows; the next edition has it from here.

    Returns whether it is to be read then: not while it is at work, nor afterwards.
    """
    kept = {name: value for name, value in defaults.items() if name not in ABOUT_THIS_EDITION}
    told = {"mapping": mapping, "defaults": defaults, "state": State.PREVIEWING}
    told |= {"done": 0, "report": {}, "problem": "", "beat_at": timezone.now()}
    mine = ImportJob.objects.filter(pk=job.pk, run=job.run, state__in=MAPPABLE)
    with transaction.atomic():
        if not mine.update(**told):
            return False
        HeaderMapping.objects.update_or_create(
            digest=_digest_of(job.header), defaults={"mapping": mapping, "defaults": kept}
        )
    for name, value in told.items():
        setattr(job, name, value)
    return True


def answer(job, answers):
    """Say what becomes of values that the directory does not know; then all rows are judged anew.

    Returns whether they are to be: not while somebody else works on it, nor afterwards.
    """
    with transaction.atomic():
        if not _begin(job, State.PREVIEWED, State.PREVIEWING, answers=answers):
            return False
        HeaderMapping.objects.filter(digest=_digest_of(job.header)).update(answers=answers)
    job.answers = answers
    return True


MAPPABLE = (State.UPLOADED, State.PREVIEWED, State.FAILED)
ABOUT_THIS_EDITION = ("source_date", "checked_on")


def _digest_of(header):
    words = [" ".join(cell.casefold().split()) for cell in header]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


# The work.


def start(job):
    """Do the work that the job's state asks for: at once if it is short, else in a thread."""
    state = job.state
    if ImportJob.objects.take_up(job, state):
        if job.rows <= AT_ONCE:
            _work(job)
        else:
            language = translation.get_language()
            threading.Thread(target=_in_background, args=(job, language), name=THREAD).start()


def take_up_again(job):
    """Go on with a job whose process has died, if it has."""
    if job.is_at_work:
        silent_since = job.beat_at or job.uploaded_at
        if timezone.now() - silent_since > SILENT[State(job.state)]:
            with suppress(OperationalError):  # somebody writes: it lives
                start(job)


def _in_background(job, language):
    try:
        with translation.override(language):
            _work(job)
    finally:
        connections.close_all()


def _work(job):
    try:
        WORK[State(job.state)](job)
    except UnreadableFile as error:
        ImportJob.objects.beat(job, state=State.FAILED, problem=str(error))
    except Exception:
        # Whoever waits for it is told; in a thread nobody else would be.
        log.exception("The import %s failed.", job.pk)
        ImportJob.objects.beat(job, state=State.FAILED, problem=_("Something went wrong here."))


class _Superseded(Exception):
    """Another process does this work by now."""


# The preview.


def preview(job):
    """Judge every row of the file and keep what each would do; reads, and writes only that.

    Rows that were read before are judged anew: what is chosen and ticked stays.
    """
    gone = job.lines.filter(outcome=Outcome.GONE)
    closed = set(gone.filter(is_ticked=True).values_list("entry", flat=True))
    gone.delete()
    if job.done < job.rows:
        job.lines.all().delete()
        lines = _lines(job)
    else:
        lines = _lines_again(job.lines.all())
    judge, report = Preview(job, remembers=True), Counter()
    numbers, places, done = set(), set(), 0
    for batch in in_batches(lines):
        before = [_shown(line) for line in batch]
        judge.judge(batch)
        for line in batch:
            scheme, _colon, number = line.told.get("identifier", "").partition(":")
            numbers.add((scheme, number))
            places.add((line.told.get("country", "").upper(), line.told.get("region", "")))
            report.update(_what_happened(line))
        done += len(batch)
        pairs = zip(batch, before, strict=True)
        changed = [line for line, shown in pairs if shown != _shown(line)]
        if not _keep(job, changed, done):
            return
    if not _keep(job, _gone(job, numbers, places, closed), done):
        return
    if _affiliate_within_the_file(job, judge.importer):
        ImportJob.objects.beat(job, state=State.PREVIEWED, report=dict(report))


def _shown(line):
    return line.basis, line.asked, line.doubts


def _affiliate_within_the_file(job, importer):
    """Judge those rows anew whose confederation stood below them in the file, and those whose
    confederation is a row that is left out.
    """

    def awaits(line):
        asked = [value for column, value, _reason in line.asked if column == "confederation"]
        left_out = [value for _column, _reason, value in line.doubts]
        return any(map(importer.in_file, (*asked, *left_out)))

    unjoined = _lines_again(job.lines.filter(Q(outcome=Outcome.DOUBTFUL) | Q(is_noted=True)))
    if not _judge_again(job, importer, filter(awaits, unjoined)):
        return False
    while left_out := importer.leave_out(_lines_to_mend(job)):
        if not _judge_again(job, importer, _joining(job, left_out)):
            return False
    return True


def _judge_again(job, importer, lines):
    judge = Preview(job)
    judge.importer.coming, judge.importer.above = importer.coming, importer.above
    for batch in in_batches(lines):
        judge.judge(batch)
        if not _keep(job, batch, job.rows):
            return False
    return True


def _lines_to_mend(job):
    return set(job.lines.filter(outcome__in=TO_MEND).values_list("line", flat=True))


def _joining(job, names):
    """The lines that would be written, and name one of these as confederation."""
    told = job.lines.filter(outcome__in=WRITTEN).order_by("line", "pk")
    keys = [
        key
        for key, cell in told.values_list("pk", "told__confederation").iterator(chunk_size=BATCH)
        if any(called(names, text) for text in parted(cell or "", "|"))
    ]
    for batch in in_batches(keys):
        yield from job.lines.filter(pk__in=batch).order_by("line", "pk")


def _lines_again(lines):
    """These lines in the order of the file; they may be written meanwhile."""
    keys = list(lines.order_by("line", "pk").values_list("pk", flat=True))
    for batch in in_batches(keys):
        yield from lines.filter(pk__in=batch).order_by("line", "pk")


def _lines(job):
    mapping = {int(index): name for index, name in job.mapping.items()}
    table = read_table(job.data, job.file_name)
    for number, told, notes in prepare(table, mapping, job.defaults):
        yield ImportRow(job=job, line=number, told=told, notes=[list(note) for note in notes])


def _keep(job, lines, done):
    with transaction.atomic():
        if not ImportJob.objects.beat(job, done=done):
            return False
        known = [line for line in lines if line.pk]
        ImportRow.objects.bulk_update(known, JUDGED, batch_size=200)
        ImportRow.objects.bulk_create([line for line in lines if not line.pk], batch_size=BATCH)
    return True


def _what_happened(line):
    """Whether a known entry has another name now, and another address."""
    cells = {column: (old, new) for column, old, new, does in line.cells if does in DIFFERING}
    if any(column == "name" and does == REPLACES for column, _old, _new, does in line.cells):
        yield "renamed"
    code, new_code = cells.get("postal_code", ("", ""))
    # In the same street and behind the same code, a town is but written in another way; so is
    # the code, if only what stands behind its dash is another.
    if (
        cells.get("street_address", ("",))[0]
        or code.partition("-")[0] != new_code.partition("-")[0]
        or ("locality" in cells and not line.told.get("postal_code"))
    ):
        yield "moved"


def _gone(job, numbers, places, closed):
    """Rows for the entries that this edition of a register no longer lists: only those `closed`,
    as somebody decided before, are ticked.
    """
    schemes = Counter(scheme for scheme, _number in numbers if scheme)
    if not schemes:
        return []
    [(scheme, _rows)] = schemes.most_common(1)
    told = {number for of, number in numbers if of == scheme}
    title = job.defaults.get("source_title") or job.file_name
    date = job.defaults.get("source_date", "")
    return [
        ImportRow(
            job=job,
            line=0,
            outcome=Outcome.GONE,
            entry=key,
            told={"name": name, "identifier": f"{scheme}:{number}"},
            is_ticked=key in closed,
        )
        for key, name, number in no_longer_listed(told, scheme, places, title, date)
    ]


# What is decided.


def decide(job, lines, choices):
    """Note what somebody chose for doubtful rows, `{pk: choice}`, and judge these anew."""
    chosen = [line for line in lines if line.pk in choices]
    if chosen:
        for line in chosen:
            line.choice = choices[line.pk]
        judge = Preview(job)
        if any(line.told.get("confederation") for line in chosen):
            judge.expect(_told(job.lines.exclude(outcome=Outcome.WRONG)))
        judge.judge(chosen)
        ImportRow.objects.bulk_update(chosen, JUDGED, batch_size=200)


def _told(lines):
    # All of it: SQLite gives a single cell back as a number where it is nothing but digits.
    return lines.values_list("line", "told").iterator(chunk_size=2000)


def rows_to_mend(job, label):
    """The wrong rows and the doubtful ones as they stand in the file, below their header, each with
    what is wrong. What people call a column is said by `label`.
    """
    wrong = {}
    for line in job.lines.filter(outcome__in=TO_MEND):
        asked = [(column, reason) for column, _value, reason in line.asked]
        reasons = "; ".join(
            f"{label(column)}: {reason}" if column else reason
            for column, reason in (*line.problems, *asked)
        )
        wrong[line.line] = reasons or _("It is not certain whose row this is.")
    table = read_table(job.data, job.file_name)
    yield [*table.header, _("What is wrong")]
    for line, cells in table.rows:
        if line in wrong:
            yield [*cells, wrong[line]]


TO_MEND = (Outcome.WRONG, Outcome.DOUBTFUL)


JUDGED = (
    *("outcome", "entry", "cells", "problems", "asked", "doubts", "is_noted", "candidates"),
    *("basis", "choice", "has_changed_meanwhile", "is_ticked"),
)


# The confirm.


def begin_to_confirm(job, publishes, user):
    """Whether what is ticked is to be written: of several who ask at once, the first may."""
    job.publishes, job.confirmed_by = publishes, user
    told = {"publishes": publishes, "confirmed_by": user}
    return _begin(job, State.PREVIEWED, State.CONFIRMING, **told)


def begin_to_undo(job, user):
    """Whether it is to be taken back: of several who ask at once, the first may."""
    job.undone_by = user
    return _begin(job, State.DONE, State.UNDOING, undone_by=user)


def _begin(job, state, next_state, **told):
    mine = ImportJob.objects.filter(pk=job.pk, state=state, run=job.run)
    begun = mine.update(state=next_state, beat_at=timezone.now(), problem="", **told)
    job.state = next_state if begun else state
    return bool(begun)


class _ChangedMeanwhile(Exception):
    """Takes the transaction back: what is in the directory is not what the preview showed."""

    def __init__(self, lines):
        self.lines = lines


def confirm(job):
    """Write what is ticked, all of it in one transaction, if it still is as it was shown.

    If not, nothing is written, and the rows that have changed meanwhile are to be decided again.
    """
    try:
        with one_change(job.confirmed_by, Changeset.Way.IMPORT, job.file_name) as change:
            with counted_at_the_end():
                report = job.report | {"rows": job.lines.counts()} | _write(job)
            change.write_down()
            # What was written is told by the history, what was the same by its number.
            job.lines.exclude(outcome__in=TO_MEND).delete()
            # Whoever took the work over waits for this transaction, and sees that it is done.
            done = {"state": State.DONE, "report": report, "changeset": change.changeset}
            if not ImportJob.objects.beat(job, **done):
                raise _Superseded
    except _ChangedMeanwhile as changed:
        with transaction.atomic():
            if ImportJob.objects.beat(job, state=State.PREVIEWED):
                ImportRow.objects.bulk_update(changed.lines, JUDGED, batch_size=200)
    except _Superseded:
        pass


def _write(job):
    judge = Preview(job, draft=not job.publishes)
    written, changed = Counter(), []
    lines = job.lines.to_be_written().exclude(outcome=Outcome.GONE)
    if "confederation" in job.mapping.values():
        judge.expect(_told(lines))
        written["confederations"] = judge.add_confederations(_told(lines))
    for batch in in_batches(lines.iterator(chunk_size=BATCH)):
        shown = {line.line: line.basis for line in batch}
        judge.importer.write(judge.judge(batch))
        for line in batch:
            written[line.outcome] += 1
            if line.basis != shown[line.line]:
                line.has_changed_meanwhile = True
                changed.append(line)
        flush()
    if changed:
        raise _ChangedMeanwhile(changed)
    judge.importer.affiliate_those_waiting()
    written[Outcome.GONE] = _close(job)
    return {"written": {outcome: number for outcome, number in written.items() if number}}


def _close(job):
    """Close the entries that are gone and ticked; return how many."""
    keys = job.lines.filter(outcome=Outcome.GONE, is_ticked=True).values_list("entry", flat=True)
    open_ones = Association.objects.filter(pk__in=list(keys)).exclude(
        state__in=(Association.State.CLOSED, Association.State.WITHDRAWN)
    )
    return open_ones.update(state=Association.State.CLOSED, updated_at=timezone.now())


# The way back.


def undo(job):
    """Take an import back, all of it; where it was built upon since, it is told and stays."""
    try:
        with one_change():
            if job.changeset:
                history.undo(job.changeset, by=job.undone_by, comment=job.file_name)
            if not ImportJob.objects.beat(job, state=State.UNDONE):
                raise _Superseded
            job.lines.all().delete()
    except history.CannotUndo as refused:
        ImportJob.objects.beat(job, state=State.DONE, problem=str(refused))
    except _Superseded:
        pass


WORK = {State.PREVIEWING: preview, State.CONFIRMING: confirm, State.UNDOING: undo}
