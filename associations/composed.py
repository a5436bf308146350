"""Queries that a process composes once, since to compose them takes longer than to run them."""

import functools

from django.db import connections, router

from .models import Card

# What links to other entries tell of them, and what they are chosen by.
CARD = (
    *("association_id", "slug", "state", "name", "language", "acronym", "country", "locality"),
    *("confederation_id", "confederation_name", "sort_key", "acronym_key"),
)


def cards(build, values):
    """The cards of which `build()` asks for the values of `CARD`."""
    using = router.db_for_read(Card)
    return [Card.from_db(using, CARD, row) for row in rows(build, values, using)]


def rows(build, values, using):
    """The rows of the query that `build()` makes; each of its placeholders stands for a value.

    `values` are `{placeholder: value}`. A placeholder is a value of the same type that no row has.
    """
    told, parameters = statement(build, using)
    with connections[using].cursor() as cursor:
        cursor.execute(told, [values.get(each, each) for each in parameters])
        return cursor.fetchall()


@functools.cache
def statement(build, using):
    """The SQL of the query that `build()` makes, and its parameters."""
    return build().using(using).query.get_compiler(using).as_sql()
