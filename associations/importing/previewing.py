"""What the rows of a file would do, as it is shown before anything is written."""

import hashlib
import json
from collections import defaultdict

from ..models import Association, Identifier, ImportRow
from ..search import sort_key
from .cells import Shower
from .rows import AssociationRow, Coming, Row
from .saving import Importer

Outcome = ImportRow.Outcome
# What the `Report` calls them.
OUTCOMES = {
    "created": Outcome.NEW,
    "changed": Outcome.CHANGED,
    "confirmed": Outcome.CONFIRMED,
    "unchanged": Outcome.SAME,
}


class Preview:
    """Judges the rows of one file, batch by batch, by what the directory says now.

    For a preview it `remembers` the rows before; at the confirm these are in the directory.
    """

    def __init__(self, file_name, *, draft=True, remembers=False):
        self.problems, self.notes = defaultdict(list), defaultdict(list)
        self.importer = Importer(
            file_name,
            draft=draft,
            skip_unknown_parents=True,
            on_error=self.refuse,
            on_note=self.note,
            asks=True,
            remembers=remembers,
        )
        self.form = AssociationRow()

    def refuse(self, line, column, reason):
        self.problems[line].append([column, reason])

    def note(self, line, column, text):
        self.notes[line].append([column, text])

    def expect(self, names):
        """These new associations stand in rows before: `(line, name, acronym)`."""
        for line, *called in names:
            for name in filter(None, called):
                self.importer.coming.setdefault(name, Coming(line))
                self.importer.coming.setdefault(sort_key(name), Coming(line))

    def judge(self, lines):
        """The good rows of this batch of `ImportRow`s, after each of these was told its outcome.

        A constant number of queries; nothing is written.
        """
        self.problems.clear()
        self.notes.clear()
        rows = {}
        for line in lines:
            if self.form.read(line.told):
                rows[line.line] = Row(line.line, self.form.cleaned_data, choice=_choice(line))
            else:
                self.importer.refuse_all(line.line, self.form.errors)
        good = self.importer.plan(list(rows.values()))
        shower, outcomes = Shower(good), {row.line: OUTCOMES[row.outcome] for row in good}
        for line in lines:
            row = rows.get(line.line)
            line.outcome = outcomes.get(line.line) or _outcome_of_no_good(row)
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


def gone(identifiers, scheme, places, title):
    """The entries of a register (its `scheme` of numbers) that this edition no longer lists.

    Meant are those of earlier editions, by the `title` of their source, if there are any; in the
    `places` (country and region) of this edition. As `(key, name, number)`, by name.
    """
    active = (Association.State.PUBLIC, Association.State.DRAFT)
    held = Identifier.objects.filter(scheme=scheme, is_past=False, association__state__in=active)
    of_register = held.filter(source__title=title)
    held = of_register if of_register.exists() else held
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
