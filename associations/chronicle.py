"""The history of an entry in words: which fact, what of it, and what it was and became."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.apps import apps
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import history
from .dates import PartialDate, PartialDateField
from .models import (
    Address,
    Affiliation,
    Association,
    Changeset,
    Citation,
    ContactPoint,
    Identifier,
    Name,
    OfficeHolder,
    Sector,
    Source,
    Succession,
)
from .recording import FOLLOWING

HIDDEN = FOLLOWING | {"association_id", "created_at"}


class Deed(models.TextChoices):
    """What became of a row."""

    ADDED = "added", gettext_lazy("added")
    CHANGED = "changed", gettext_lazy("changed")
    REMOVED = "removed", gettext_lazy("removed")


@dataclass(frozen=True, slots=True)
class Value:
    """One column, as people read it: empty text where there is nothing."""

    label: str
    before: str
    after: str


@dataclass(slots=True)
class Line:
    """What became of one fact: `what` it is, by which `name` it is known, and its values."""

    model: str
    deed: Deed
    what: str
    name: str
    values: list = field(default_factory=list)


@dataclass
class Chapter:
    """One act, and what it made of the entry."""

    changeset: Changeset
    lines: list


def chapters(association):
    """What became of the entry with this key, the newest act first; deleted entries have it too.

    A constant number of queries.
    """
    return _chapters(history.versions(association))


def chapters_of_row(model, row):
    """What became of a row of a model (its name) that is no fact of an entry: as `chapters()`."""
    return _chapters(history.versions_of_row(model, row))


def _chapters(versions):
    revisions = [revision for version in versions for revision in version.revisions]
    words = Words(revisions)
    state = {}
    told = {}
    for revision in reversed(revisions):
        place = revision.model, revision.row
        before = dict(state.get(place, {}))
        state[place] = {**before, **(revision.after or {})}
        told[id(revision)] = words.line(revision, {**state[place], **(revision.before or {})})
    return [
        Chapter(version.changeset, [told[id(revision)] for revision in version.revisions])
        for version in versions
    ]


def differences(association, first, second):
    """What is different of the entry with this key between two acts: `Line`s."""
    revisions = history.told_fully(history.about(association))
    words = Words(revisions)
    before = history.state_after(revisions, first)
    after = history.state_after(revisions, second)
    lines = []
    for place in sorted(before.keys() | after.keys()):
        model, row = place
        was, became = before.get(place), after.get(place)
        if was != became:
            lines.append(words.of(model, was, became, known=became or was))
    return [line for line in lines if line.values or line.deed != Deed.CHANGED]


class Words:
    """Revisions in words. What they refer to is looked up once for all of them."""

    def __init__(self, revisions):
        asked = defaultdict(set)
        for revision in revisions:
            model = apps.get_model("associations", revision.model)
            for values in (revision.before or {}, revision.after or {}):
                for column, value in values.items():
                    field = _field(model, column)
                    if isinstance(field, models.ForeignKey) and value:
                        asked[field.related_model].add(value)
        self.names = {
            model: {row.pk: str(row) for row in _loaded(model).filter(pk__in=keys)}
            for model, keys in asked.items()
        }

    def line(self, revision, known):
        return self.of(revision.model, revision.before, revision.after, known)

    def of(self, name, before, after, known):
        """The `Line` of a row of this model that was `before` and is `after`: all or some columns.

        `known` are all its columns at one of these times.
        """
        model = apps.get_model("associations", name)
        deed = Deed.ADDED if before is None else Deed.REMOVED if after is None else Deed.CHANGED
        line = Line(name, deed, self._what(model, known), self._name(model, known))
        # What it is called already is not told once more of a row that came or went.
        told = HIDDEN if before and after else HIDDEN | {"type", "role", *NAMES.get(model, ())}
        before, after = before or {}, after or {}
        for column in dict.fromkeys([*before, *after]):
            if column in told or before.get(column) == after.get(column):
                continue
            was, became = (self._text(model, column, each.get(column)) for each in (before, after))
            if was or became:
                label = capfirst(_field(model, column).verbose_name)
                line.values.append(Value(label, was, became))
        return line

    def _what(self, model, known):
        if model is Association:
            return _("Entry")
        if model is Association.sectors.through:
            return capfirst(Sector._meta.verbose_name)
        for column in ("type", "role"):
            if column in known:
                return capfirst(self._text(model, column, known[column]))
        return capfirst(model._meta.verbose_name)

    def _name(self, model, known):
        """By what people know it: of an entry, nothing."""
        columns = NAMES.get(model, ())
        texts = (self._text(model, column, known.get(column)) for column in columns)
        return ", ".join(filter(None, texts))

    def _text(self, model, column, value):
        field = _field(model, column)
        if value in (None, "", False):
            return ""
        if value is True:
            return _("yes")
        if isinstance(field, models.ForeignKey):
            return self.names[field.related_model].get(value) or _("deleted since")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(field, PartialDateField | models.DateField):
            return PartialDate(value[:10]).in_words()
        return str(value)


NAMES = {
    Name: ["name"],
    Identifier: ["scheme", "value"],
    ContactPoint: ["value"],
    OfficeHolder: ["name"],
    Affiliation: ["parent_id"],
    Citation: ["about", "source_id"],
    Association.sectors.through: ["sector_id"],
    Address: ["street_address", "postal_code", "locality"],
    Sector: ["slug"],
    Source: ["title"],
    Succession: [
        "association_id",
        "predecessor_name",
        "successor_id",
        "successor_name",
    ],
}


def _field(model, column):
    return model._meta.get_field(column.removesuffix("_id"))


def _loaded(model):
    return Association.objects.with_card() if model is Association else model.objects


def public(association):
    """What visitors may read of it: what became of the entry since it was published."""
    found = []
    for chapter in chapters(association.pk):
        lines = [line for line in chapter.lines if line.model not in UNTOLD]
        if lines:
            found.append(Chapter(chapter.changeset, lines))
        if any(_publishes(line) for line in chapter.lines):
            break
    return found


# What is told next to the facts themselves.
UNTOLD = {"citation"}


def _publishes(line):
    if line.model != "association":
        return False
    states = {str(Association.State.PUBLIC.label), str(Association.State.CLOSED.label)}
    label = capfirst(_field(Association, "state").verbose_name)
    was_hidden = {"", str(Association.State.DRAFT.label)}
    return any(
        value.label == label and value.before in was_hidden and value.after in states
        for value in line.values
    )
