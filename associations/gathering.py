"""One association, and all that is said of it with the sources, in a query each.

A query for each table costs several times what the tables take to answer: so their rows come as
JSON, in one statement, each as the list of its values.
"""

import functools
from collections import defaultdict

from django.db import models, router
from django.db.models import Exists, Func, OuterRef, Value
from django.db.models.functions import JSONArray

from .composed import composed_once
from .models import (
    FACTS,
    Affiliation,
    Association,
    Card,
    Citation,
    SearchWord,
    Sector,
    Source,
    Succession,
)

SOURCED = (*FACTS, Citation)
# The columns of a fact that name another entry, and what is told of that.
OTHERS = {Affiliation: ("parent",), Succession: ("association", "successor")}
ENTRY = ("association_id", "slug", "state", "name", "language", "acronym")
NO_WORD = "-"


def entry_at(slug):
    """The association with this slug, with its card; None where there is none; a query."""
    own, of_card = _columns(Association)[0], _columns(Card)[0]
    for row in _entries_at(slug):
        using = router.db_for_read(Association)
        association = Association.from_db(using, own, row[: len(own)])
        association.card = Card.from_db(using, of_card, row[len(own) : -1])
        association.has_members = row[-1]
        return association
    return None


@composed_once(Association)
def _entries_at(slug):
    own, of_card = _columns(Association)[0], _columns(Card)[0]
    members = Affiliation.objects.filter(parent=OuterRef("pk"))
    entries = Association.objects.filter(slug=slug)
    return entries.values_list(*own, *(f"card__{name}" for name in of_card), Exists(members))


def gather(association, words):
    """`{model: [row, …]}` of its facts, citations and sectors, and of those of these words that
    the search knows; a query.

    Sources and other entries (with the names on their cards) are loaded with them. Successions are
    those of the entry, and those of the bodies right before and after it.
    """
    told = defaultdict(dict)
    for label, row in _all_facts(association.pk, words or [NO_WORD]):
        told[label][row[0]] = row
    entries = {key: _entry(row) for key, row in told.pop("card", {}).items()}
    entries[association.pk] = association
    reading = _Reading(entries, router.db_for_read(Association))
    found = defaultdict(list)
    for label, rows in told.items():
        model = MODELS[label]
        found[model] = [reading.row(model, rows[key]) for key in sorted(rows)]
    return found


class _Reading:
    """Makes rows of JSON the instances that a query would have made, each source once."""

    def __init__(self, entries, using):
        self.entries = entries
        self.using = using
        self.sources = {}

    def row(self, model, told):
        source = told.pop() if model in SOURCED else None
        instance = self.instance(model, told)
        if source:
            if instance.source_id not in self.sources:
                self.sources[instance.source_id] = self.instance(Source, source)
            source = self.sources[instance.source_id]
            model._meta.get_field("source").set_cached_value(instance, source)
        for name in OTHERS.get(model, ()):
            entry = self.entries.get(getattr(instance, f"{name}_id"))
            model._meta.get_field(name).set_cached_value(instance, entry)
        return instance

    def instance(self, model, told):
        names, conversions = _columns(model)
        values = [
            value if convert is None else convert(value)
            for convert, value in zip(conversions, told, strict=True)
        ]
        return model.from_db(self.using, names, values)


def _entry(told):
    """Another entry, so far as links to it need it."""
    card = Card(**dict(zip(ENTRY, told, strict=True)))
    entry = Association(id=card.pk, slug=card.slug, state=card.state)
    entry.card = card
    return entry


@functools.cache
def _columns(model):
    """The columns of a model, and how each value of JSON becomes one of Python; None where it is
    one."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [_conversion(field) for field in fields]


def _conversion(field):
    if hasattr(field, "from_db_value"):
        # What is stored was validated on its way in.
        return lambda value: field.from_db_value(value, None, None)
    is_plain = isinstance(field, models.CharField | models.TextField | models.ForeignKey)
    return None if is_plain or field.primary_key else field.to_python


class Told(JSONArray):
    """Values of a row as JSON."""

    def as_sql(self, compiler, connection, **extra):
        # Django would first look whether the database knows JSON, waiting for whoever writes to it.
        return Func.as_sql(self, compiler, connection, **extra)


@composed_once(Association)
def _all_facts(key, words):
    """Each part joins few tables: a database plans that in no time."""
    to, of = Succession.objects.filter(successor=key), Succession.objects.filter(association=key)
    before, after = to.values("association"), of.values("successor")
    to_those = Succession.objects.filter(successor__in=before)
    of_these = Succession.objects.filter(association__in=after)
    parents = Affiliation.objects.filter(association=key).values("parent")
    others = (parents, before, after, to_those.values("association"), of_these.values("successor"))
    first, *rest = map(
        _as_json,
        [
            *(model.objects.filter(association=key) for model in SOURCED),
            *(to, to_those, of_these),
            Sector.objects.filter(associations=key),
            SearchWord.objects.filter(word__in=words, frequency__gt=0),
            *(Card.objects.filter(association__in=keys) for keys in others),
        ],
    )
    return first.union(*rest, all=True)


def _as_json(rows):
    model = rows.model
    told = ENTRY if model is Card else _columns(model)[0]
    if model in SOURCED:
        told = [*told, Told(*(f"source__{name}" for name in _columns(Source)[0]))]
    return rows.order_by().values_list(Value(model._meta.model_name), Told(*told))


MODELS = {model._meta.model_name: model for model in (*SOURCED, Sector, SearchWord, Card)}
