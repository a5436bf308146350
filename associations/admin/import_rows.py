"""The rows of a preview, as a page shows them."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.forms import ChoiceField
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..importing import cells, jobs
from ..importing.answers import ADDED, ANSWERS, KEPT, LEFT_OUT
from ..importing.matching import NEW
from ..importing.rows import LISTS, AssociationRow
from ..models import Association, Card, ImportRow
from .import_columns import label

# The changes after which the old value is past.
OVER = (cells.REPLACES, cells.ENDS)
# What a change does, in words.
DOES = {
    cells.REPLACES: gettext_lazy("the old one is past"),
    cells.BESIDE: gettext_lazy("the old one stays beside it"),
    cells.FILLS_IN: gettext_lazy("new"),
    cells.ENDS: gettext_lazy("is past"),
    cells.CONFIRMS: gettext_lazy("the same, with newer evidence"),
    cells.CHECKS: gettext_lazy("checked"),
}
# What becomes of a value that is not known, in words.
ANSWERED = {
    LEFT_OUT: gettext_lazy("leave it out"),
    KEPT: gettext_lazy("keep it as it is written"),
    ADDED: gettext_lazy("add it as a new entry"),
    **dict(Association.Kind.choices),
}
# So many doubtful rows are gone through, and so many values of a column are shown.
LOOKED_AT, SHOWN = 20_000, 25


@dataclass
class ShownCell:
    label: str
    old: str
    new: str
    does: str = ""
    is_over: bool = False


@dataclass
class Candidate:
    card: Card
    reason: str
    is_chosen: bool


@dataclass
class ShownRow:
    line: ImportRow
    card: Card | None
    cells: list
    candidates: list

    @property
    def name(self):
        return self.line.told.get("name") or (self.card.name if self.card else "")

    @property
    def is_tickable(self):
        return self.line.outcome in jobs.TICKABLE

    @property
    def asks(self):
        """Whether it is for somebody to say, or was, whose row it is."""
        return bool(self.candidates)

    @property
    def is_new_by_choice(self):
        return self.line.choice == NEW

    @property
    def notes(self):
        asked = {reason for _column, _value, reason in self.line.asked}
        noted = [(column, text) for column, text, *_value in (*self.line.notes, *self.line.doubts)]
        return [(capfirst(label(column)), text) for column, text in noted if text not in asked]

    @property
    def problems(self):
        asked = ((column, reason) for column, _value, reason in self.line.asked)
        return [
            (capfirst(label(column)), reason) for column, reason in (*self.line.problems, *asked)
        ]


@dataclass
class UnknownValue:
    value: str
    reason: str
    rows: int


@dataclass
class UnknownValues:
    """The values of a column that are not known, the most frequent first: `shown`, of `number`.

    `reason` is what is most often said of them, of whichever value.
    """

    column: str
    label: str
    reason: str
    choices: list
    shown: list
    number: int


def unknown_values(lines):
    """What is asked of the first of these doubtful lines, column by column."""
    asked = Counter()
    for questions in lines.values_list("asked", flat=True)[:LOOKED_AT]:
        asked.update(map(tuple, questions))
    found = defaultdict(dict)
    for (column, value, reason), rows in asked.most_common():
        reason = reason.replace(f"“{value}”", "“…”")
        found[column].setdefault(value, UnknownValue(value, reason, rows))
    return [_of_column(column, list(values.values())) for column, values in found.items()]


def _of_column(column, values):
    [(reason, _number)] = Counter(each.reason for each in values).most_common(1)
    shown = values[:SHOWN]
    for each in shown:
        each.reason = "" if each.reason == reason else each.reason
    choices = [(answer, ANSWERED[answer]) for answer in ANSWERS[column]]
    return UnknownValues(column, capfirst(label(column)), reason, choices, shown, len(values))


def shown_rows(lines):
    """These `ImportRow`s with the entries that they are about; one query."""
    lines = list(lines)
    keys = {line.entry for line in lines}
    keys |= {key for line in lines for key, _reason in line.candidates}
    keys |= {int(line.choice) for line in lines if line.choice.isdecimal()}
    cards = Card.objects.in_bulk(keys - {None})
    return [_shown(line, cards) for line in lines]


def _shown(line, cards):
    candidates = [
        Candidate(cards[key], _(reason), line.choice == str(key))
        for key, reason in line.candidates
        if key in cards
    ]
    return ShownRow(line, cards.get(line.entry), _cells(line), candidates)


def _cells(line):
    """What changes; of a row of no entry yet, what it tells."""
    if line.cells:
        return [
            ShownCell(capfirst(label(column)), old, new, DOES[does], does in OVER)
            for column, old, new, does in line.cells
        ]
    if line.outcome in (ImportRow.Outcome.SAME, ImportRow.Outcome.CONFIRMED):
        return []
    return [
        ShownCell(capfirst(label(column)), "", _in_words(column, text))
        for column, text in line.told.items()
        if text and column not in NOT_SHOWN
    ]


def _in_words(column, text):
    """A cell as people read it: choices by their names, one value on each line."""
    field = AssociationRow.base_fields.get(column)
    if isinstance(field, ChoiceField):
        return dict(field.choices).get(text, text)
    return text.replace("|", "\n") if column in LISTS else text


# Told above the row, or the same in all of them.
NOT_SHOWN = ("name", "source_title", "source_url", "source_date")
