"""All that is said of one association, with the sources, in one query.

A query for each table costs several times what the tables take to answer: so their rows come as
JSON, in one statement.
"""

import functools
from collections import defaultdict

from django.db import router
from django.db.models import Value
from django.db.models.functions import JSONObject

from .composed import composed_once
from .models import (
    FACTS,
    Affiliation,
    Association,
    Card,
    Citation,
    Sector,
    Source,
    Succession,
)

SOURCED = (*FACTS, Citation)
# The columns of a fact that name another entry.
OTHERS = {Affiliation: ("parent",), Succession: ("association", "successor")}
NAMED = ("name", "language", "acronym")


def gather(association):
    """`{model: [row, …]}` of its facts, citations and sectors; a query.

    Sources and other entries (with the names on their cards) are loaded with them. Successions are
    those of the entry, and those of the bodies right before and after it.
    """
    reading = _Reading(association, router.db_for_read(Association))
    found = defaultdict(dict)
    for label, row in _all_facts(association.pk):
        found[MODELS[label]][row["id"]] = row
    return defaultdict(
        list,
        {
            model: [reading.row(model, rows[key]) for key in sorted(rows)]
            for model, rows in found.items()
        },
    )


class _Reading:
    """Makes rows of JSON the instances that a query would have made, each source and entry once."""

    def __init__(self, association, using):
        self.using = using
        self.sources = {}
        self.entries = {association.pk: association}

    def row(self, model, told):
        instance = self.instance(model, told)
        if model in SOURCED:
            source = self.sources.get(instance.source_id)
            if source is None:
                source = self.instance(Source, told["source"])
                self.sources[instance.source_id] = source
            model._meta.get_field("source").set_cached_value(instance, source)
        for name in OTHERS.get(model, ()):
            entry = self.entry(told[name])
            model._meta.get_field(name).set_cached_value(instance, entry)
        return instance

    def entry(self, told):
        key = told["id"]
        if key is not None and key not in self.entries:
            self.entries[key] = entry = Association(id=key, slug=told["slug"], state=told["state"])
            names = {name: told[name] or "" for name in NAMED}
            entry.card = Card(slug=told["slug"], state=told["state"], **names)
        return self.entries.get(key)

    def instance(self, model, told):
        names, conversions = _columns(model)
        values = [convert(told[name]) for name, convert in zip(names, conversions, strict=True)]
        return model.from_db(self.using, names, values)


@functools.cache
def _columns(model):
    """The columns of a model, and how each value of JSON becomes one of Python."""
    fields = model._meta.concrete_fields
    return [field.attname for field in fields], [_conversion(field) for field in fields]


def _conversion(field):
    if hasattr(field, "from_db_value"):
        # What is stored was validated on its way in.
        return lambda value: field.from_db_value(value, None, None)
    return field.to_python


@composed_once(Association)
def _all_facts(key):
    heirs = Succession.objects.filter(association=key).values("successor")
    forebears = Succession.objects.filter(successor=key).values("association")
    parts = [
        *(model.objects.filter(association=key) for model in SOURCED),
        Succession.objects.filter(successor=key),
        Succession.objects.filter(association__in=heirs),
        Succession.objects.filter(successor__in=forebears),
        Sector.objects.filter(associations=key),
    ]
    first, *others = map(_as_json, parts)
    return first.union(*others, all=True)


def _as_json(rows):
    model = rows.model
    told = _told(model)
    if model in SOURCED:
        told["source"] = JSONObject(**_told(Source, "source__"))
    for name in OTHERS.get(model, ()):
        told[name] = JSONObject(
            id=f"{name}_id",
            slug=f"{name}__slug",
            state=f"{name}__state",
            **{column: f"{name}__card__{column}" for column in NAMED},
        )
    return rows.order_by().values_list(Value(model._meta.model_name), JSONObject(**told))


def _told(model, path=""):
    return {name: path + name for name in _columns(model)[0]}


MODELS = {model._meta.model_name: model for model in (*SOURCED, Sector)}
