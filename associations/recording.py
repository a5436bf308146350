"""What a write did to a row, as the `Revision` that tells of it."""

from datetime import date, datetime
from functools import cache
from itertools import pairwise

from django.db import models

# They follow from a write, and are none of what it says.
FOLLOWING = {"updated_at", "e164", "host"}


@cache
def columns(model):
    """The columns whose values are told: all but the key."""
    return [field.attname for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _field(model, column):
    return model._meta.get_field(column.removesuffix("_id"))


def told(model, values):
    """These `{column: value}` as JSON can say them; of an expression, which only the database
    knows, nothing.
    """
    return {
        column: _plain(_field(model, column), value)
        for column, value in values.items()
        if not hasattr(value, "resolve_expression")
    }


def read(model, values):
    """The inverse of `told()`."""
    return {column: _field(model, column).to_python(value) for column, value in values.items()}


def _plain(field, value):
    if isinstance(field, models.ForeignKey):
        return getattr(value, "pk", value)
    value = field.get_prep_value(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def created(row, subjects):
    return _revision(row, subjects, after=told(type(row), _values(row)))


def deleted(row, subjects):
    return _revision(row, subjects, before=told(type(row), _values(row)))


def changed(model, key, subjects, before, after):
    """Of two `{column: value}`; None if they do not differ but in what follows from a write."""
    differing = {column for column in after if before[column] != after[column]}
    if differing <= FOLLOWING:
        return None
    return _of(
        model,
        key,
        subjects,
        before={column: before[column] for column in sorted(differing)},
        after={column: after[column] for column in sorted(differing)},
    )


def came(model, keys):
    """Of rows that were created together, with these keys."""
    from .models import Revision

    for first, last in _runs(sorted(keys)):
        yield Revision(model=model._meta.model_name, row=first, last_row=last)


def _runs(keys):
    """`(first, last)` of the neighbouring ones among these keys in order."""
    breaks = [(a, b) for a, b in pairwise(keys) if b != a + 1]
    firsts = keys[:1] + [b for _a, b in breaks]
    lasts = [a for a, _b in breaks] + keys[-1:]
    return zip(firsts, lasts, strict=True)


def _values(row):
    return {column: getattr(row, column) for column in columns(type(row))}


def _revision(row, subjects, **told):
    return _of(type(row), row.pk, subjects, **told)


def _of(model, key, subjects, **told):
    from .models import Revision

    association, other = (*dict.fromkeys(key for key in subjects if key), None, None)[:2]
    return Revision(
        model=model._meta.model_name,
        row=key,
        last_row=key,
        association=association,
        other=other,
        **told,
    )
