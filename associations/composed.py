"""Queries that are asked again and again with other values: composed once.

To compose one of Django's querysets takes several times as long as the small ones run that a
search is made of.
"""

import functools
from itertools import count

from django.db import connections, router

# Stand for the values while a query is composed: no query of ours has these for values of its own.
FIRST_NUMBER, TEXT = 31_000, "\ue000xX{}"
SMALLEST_LIST = 8


def composed_once(model):
    """Make a function that composes a queryset of tuples of this model one that runs it.

    It is called with values: texts, whole numbers and lists of either, never None; it gets others
    of the same kinds to compose the queryset with, and must not look at them. Returns a list of
    tuples, which is empty where one of the lists is.
    """

    def decorate(compose):
        statements = {}

        @functools.wraps(compose)
        def run(*values):
            values = [_filled(value) if isinstance(value, list) else value for value in values]
            if any(value == [] for value in values):
                return []
            using = router.db_for_read(model)
            shape = using, *map(_shape, values)
            if shape not in statements:
                statements[shape] = _Statement(compose, using, values)
            return statements[shape].run(values)

        return run

    return decorate


class _Statement:
    """The SQL of a queryset for one database and values of one shape."""

    def __init__(self, compose, using, values):
        numbers = count()
        stand_ins = [_stand_in(value, numbers) for value in values]
        query = compose(*stand_ins).using(using).query
        compiler = query.get_compiler(using)
        self.using = using
        self.sql, self.params = compiler.as_sql()
        self.converters = compiler.get_converters([column for column, *_rest in compiler.select])
        self.apply_converters = compiler.apply_converters
        self.places = {each: at for at, each in enumerate(_flat(stand_ins))}
        if missing := self.places.keys() - set(self.params):
            raise ValueError(f"{compose.__name__}() changes its values: {missing}")

    def run(self, values):
        flat = _flat(values)
        places = self.places
        params = [flat[places[each]] if each in places else each for each in self.params]
        connection = connections[self.using]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            rows = cursor.fetchall()
        if self.converters:
            rows = map(tuple, self.apply_converters(rows, self.converters))
        return list(rows)


def _filled(values):
    """A list of one of few lengths with the same values: its last one is repeated."""
    if not values:
        return []
    length = SMALLEST_LIST
    while length < len(values):
        length *= 2
    return values + values[-1:] * (length - len(values))


def _shape(value):
    return (type(value[0]), len(value)) if isinstance(value, list) else type(value)


def _stand_in(value, numbers):
    if isinstance(value, list):
        return [_stand_in(each, numbers) for each in value]
    number = next(numbers)
    return TEXT.format(number) if isinstance(value, str) else FIRST_NUMBER + number


def _flat(values):
    found = []
    for value in values:
        found += value if isinstance(value, list) else [value]
    return found
