"""What the rows of a file would do, as it is shown before anything is written."""

import hashlib
import json
import re
from collections import defaultdict

from ..changes import flush, in_batches
from ..models import Association, Identifier, ImportRow
from ..search import sort_key
from .answers import ADDED, Answers
from .cells import Shower
from .matching import NEW
from .rows import NO_LONGER, AssociationRow, Coming, Row, parted
from .saving import Importer
from .taking_apart import SOURCE, kind_of

Outcome = ImportRow.Outcome
# What the `Report` calls them.
OUTCOMES = {
    "created": Outcome.NEW,
    "changed": Outcome.CHANGED,
    "confirmed": Outcome.CONFIRMED,
    "unchanged": Outcome.SAME,
}
WITH_ACRONYM = re.compile(r"(\w.*?)\s*\(((?=[^()]*[A-Z][^()]*[A-Z])[\w&.-]{2,12})\)")


class Preview:
    """Judges the rows of one file, batch by batch, by what the directory says now.

    For a preview it `remembers` the rows before; at the confirm these are in the directory.
    """

    def __init__(self, job, *, draft=True, remembers=False):
        self.problems, self.notes = defaultdict(list), defaultdict(list)
        self.answers = Answers(job.answers)
        self.source = {name: job.defaults[name] for name in SOURCE if name in job.defaults}
        self.importer = Importer(
            job.file_name,
            draft=draft,
            answers=self.answers,
            on_error=self.refuse,
            on_note=self.note,
            asks=True,
            remembers=remembers,
        )
        self.form = AssociationRow()

    def refuse(self, line, column, reason):
        self.problems[line].append([column, reason])

    def note(self, line, column, text, value=""):
        self.notes[line].append([column, text, value])

    def expect(self, lines):
        """These associations stand in other rows of the file: `(line, told)`."""
        for line, told in lines:
            for name in filter(None, (told.get("name"), told.get("acronym"))):
                self.importer.coming.setdefault(name, Coming(line))
                self.importer.coming.setdefault(sort_key(name), Coming(line))

    def add_confederations(self, lines):
        """Add the confederations of these `(line, told)` that somebody wants added; how many."""
        if ADDED not in self.answers.told.get("confederation", {}).values():
            return 0
        cells = {told.get("confederation", "") for _line, told in lines}
        named = {text for cell in cells for text in parted(cell, "|")} - {NO_LONGER}
        wanted = {text for text in named if self.importer.is_to_be_added(text)}
        # Others may call them by the acronym alone.
        with_acronym = {text for text in wanted if WITH_ACRONYM.fullmatch(text)}
        number = 0
        for texts in (with_acronym, wanted - with_acronym):
            rows = {}
            for text in sorted(texts - self.importer.confederations(texts).keys()):
                self.form.read(self.source | _told_of(text))
                row = Row(-1 - len(rows), self.form.cleaned_data, choice=NEW)
                rows.setdefault(row.key, row)
            for batch in in_batches(rows.values()):
                self.importer.save(batch)
                flush()
            number += len(rows)
        return number

    def judge(self, lines):
        """The good rows of this batch of `ImportRow`s, after each of these was told its outcome.

        A constant number of queries; nothing is written.
        """
        self.problems.clear()
        self.notes.clear()
        rows = {}
        for line in lines:
            told, line.asked = self.answers.apply(line.told)
            if self.form.read(told):
                told = self.form.cleaned_data
                rows[line.line] = Row(line.line, told, choice=_choice(line), asked=line.asked)
            else:
                self.importer.refuse_all(line.line, self.form.errors)
        good = self.importer.plan(list(rows.values()))
        notes = {line.line: line.notes for line in lines}
        for row in good:
            if row.is_new or row.facts:
                row.asked += self.answers.asks_of_notes(notes[row.line])
                row.asked += self.answers.asks_of_numbers(row)
        shower, outcomes = Shower(good), {row.line: OUTCOMES[row.outcome] for row in good}
        for line in lines:
            row = rows.get(line.line)
            line.outcome = outcomes.get(line.line) or _outcome_of_no_good(row)
            if line.asked and line.outcome in OUTCOMES.values():
                line.outcome = Outcome.DOUBTFUL
            line.problems = self.problems[line.line] if line.outcome == Outcome.WRONG else []
            if not line.choice:
                line.candidates = [[k, why] for k, why in row.candidates.items()] if row else []
            association = row and row.association
            line.entry = association.pk if association and not row.is_new else None
            line.cells = shower.cells(row) if line.line in outcomes and not row.is_new else []
            line.doubts = self.notes[line.line]
            line.is_noted = bool(line.notes or line.doubts)
            line.basis = _digest(line, association.state if line.entry else "")
        return good


def _told_of(text):
    """The cells of an entry that is known by nothing but its name, as in “Unione (UN)”."""
    match = WITH_ACRONYM.fullmatch(text)
    name, acronym = match.groups() if match else (text, "")
    return {"name": name, "acronym": acronym, "kind": kind_of(name)}


def _choice(line):
    return int(line.choice) if line.choice.isdecimal() else line.choice


def _outcome_of_no_good(row):
    if row is not None and row.candidates:
        return Outcome.DOUBTFUL
    return Outcome.WITHDRAWN if row is not None and row.is_withdrawn else Outcome.WRONG


def _digest(line, state):
    """Of all that a row is shown to do, and to what."""
    shown = [line.outcome, line.entry, state, line.cells, line.problems, line.candidates]
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def no_longer_listed(identifiers, scheme, places, title, date):
    """The entries of a register (its `scheme` of numbers) that this edition no longer lists.

    Meant are those of earlier editions, by the `title` of their source, if there are any; in the
    `places` (country and region) of this edition; none that a later edition than that of this
    `date` was the first to list. As `(key, name, number)`, by name.
    """
    active = (Association.State.PUBLIC, Association.State.DRAFT)
    held = Identifier.objects.filter(scheme=scheme, is_past=False, association__state__in=active)
    of_register = held.filter(source__title=title)
    held = of_register if of_register.exists() else held
    if date:
        held = held.exclude(attested_on__gt=date)
    held = held.exclude(association__card=None).order_by("association__card__sort_key", "pk")
    told = held.values_list(
        *("association", "association__card__name", "value"),
        *("association__card__country", "association__card__region"),
    )
    countries = {country for country, region in places if not region}
    for key, name, number, country, region in told.iterator(chunk_size=2000):
        is_of_it = country in countries or (country, region) in places
        if is_of_it and number not in identifiers:
            yield key, name, number
