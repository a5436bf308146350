"""Queries that are asked again and again with other values: composed once.

To compose one of Django's querysets takes several times as long as the small ones run that a
search or a page is made of.
"""

import functools
import json
from datetime import date
from itertools import count

from django.db import connections, router
from psycopg.pq import Format

# Stand for the values while a query is composed: no query of ours has these for values of its own.
FIRST_NUMBER, TEXT = 31_000, "\ue000xX{}"


def cursor(using):
    """A cursor of this database."""
    return connections[using].cursor()


def binary_cursor(using):
    """A cursor for long answers, and for days and moments: PostgreSQL does not write them in
    letters."""
    cursor = connections[using].cursor()
    if connections[using].vendor == "postgresql":
        cursor.cursor.format = Format.BINARY
    return cursor


def composed_once(model, cursor=cursor):
    """Make a function that composes a queryset of tuples of this model one that runs it.

    It is called with values: texts, whole numbers, days, and lists of texts or numbers; never None.
    It gets others of the same kinds to compose the queryset with, and must not look at them; but of
    a day, its month and its year. Returns a list of tuples, which is empty where a list is. The
    function `cursor` gives what to run it with.
    """

    def decorate(compose):
        statements = {}

        @functools.wraps(compose)
        def run(*values):
            if any(value == [] for value in values):
                return []
            using = router.db_for_read(model)
            shape = using, *map(_shape, values)
            if shape not in statements:
                statements[shape] = _Statement(compose, using, values, cursor)
            return statements[shape].run(values)

        return run

    return decorate


class _Statement:
    """The SQL of a queryset for one database and values of one shape."""

    def __init__(self, compose, using, values, cursor):
        numbers = count(1)
        stand_ins = [_stand_in(value, numbers) for value in values]
        query = compose(*stand_ins).using(using).query
        compiler = query.get_compiler(using)
        self.using = using
        self.cursor = cursor
        sql, params = compiler.as_sql()
        names = [f"v{number}" for number in range(len(params))]
        named = list(zip(names, params, strict=True))
        self.vendor = connections[using].vendor
        lists = {stand_in[0] for stand_in in stand_ins if isinstance(stand_in, list)}
        self.sql = _with_names(sql, names)
        for name in (name for name, each in named if each in lists):
            in_list = AMONG[self.vendor] % f"%({name})s"
            self.sql = self.sql.replace(f"IN (%({name})s)", in_list)
        self.converters = compiler.get_converters([column for column, *_rest in compiler.select])
        self.apply_converters = compiler.apply_converters
        if any(set(_writings(each)).isdisjoint(params) for each in _single(stand_ins)):
            raise ValueError(f"{compose.__name__}() changes its values, or leaves some out.")
        places = {each: at for at, each in enumerate(_written(_single(stand_ins), self.vendor))}
        self.given = [(name, places[each]) for name, each in named if each in places]
        self.fixed = {name: each for name, each in named if each not in places}
        if self.vendor == "postgresql":
            # It plans once what it knows as much of beforehand: all but what is given.
            for name, each in self.fixed.items():
                literal = connections[using].ops.compose_sql("%s", [each]).replace("%", "%%")
                self.sql = self.sql.replace(f"%({name})s", literal)
            self.fixed = {}

    def run(self, values):
        written = _written(values, self.vendor)
        params = self.fixed | {name: written[place] for name, place in self.given}
        with self.cursor(self.using) as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if self.converters:
            rows = map(tuple, self.apply_converters(rows, self.converters))
        return list(rows)


def _with_names(sql, names):
    """The SQL with names for its values. For SQLite Django looks for places without names each
    time, in the whole text."""
    return sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in names)


def _shape(value):
    return (list, type(value[0])) if isinstance(value, list) else type(value)


def _stand_in(value, numbers):
    """A list of one stands for one of any length."""
    if isinstance(value, list):
        return [_stand_in(value[0], numbers)]
    number = next(numbers)
    if isinstance(value, date):
        return date(number, 1, 1)
    return TEXT.format(number) if isinstance(value, str) else FIRST_NUMBER + number


def _single(stand_ins):
    return [each[0] if isinstance(each, list) else each for each in stand_ins]


def _written(values, vendor):
    """The values one by one: a list as one value, a day as its `_writings()`."""
    found = []
    for value in values:
        found += [LISTED[vendor](value)] if isinstance(value, list) else _writings(value)
    return found


def _writings(value):
    """A value; a day as databases and partial dates (`dates`) write it, too."""
    if not isinstance(value, date):
        return [value]
    iso = value.isoformat()
    return [value, iso, iso[:7], iso[:4]]


def _array(values):
    """A list as PostgreSQL reads it; to write it ourselves is ten times as quick."""
    if isinstance(values[0], int):
        return f"{{{','.join(map(str, values))}}}"
    quoted = (value.replace("\\", r"\\").replace('"', r"\"") for value in values)
    return '{"' + '","'.join(quoted) + '"}'


# A whole list is one value: its length makes no other statement.
LISTED = {"postgresql": _array, "sqlite": json.dumps}
AMONG = {"postgresql": "= ANY(%s)", "sqlite": "IN (SELECT value FROM json_each(%s))"}
