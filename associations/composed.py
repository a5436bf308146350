"""Queries that a process composes once, since to compose them takes longer than to run them."""

import functools

from django.db import connections


def rows(build, values, using):
    """The rows of the query that `build()` makes; each of its placeholders stands for a value.

    `values` are `{placeholder: value}`. A placeholder is a value of the same type that no row has.
    """
    statement, parameters = _statement(build, using)
    with connections[using].cursor() as cursor:
        cursor.execute(statement, [values.get(each, each) for each in parameters])
        return cursor.fetchall()


@functools.cache
def _statement(build, using):
    return build().using(using).query.get_compiler(using).as_sql()
