"""Candidates from FTS5 (migration 0006 makes its table and keeps it in step with the cards)."""

import numpy as np
from django.db import connections
from django.db.models.expressions import RawSQL

MATCHED = "FROM associations_card_fts WHERE associations_card_fts MATCH %s"


def documents(queries):
    """The keys of the cards whose document matches one of the queries, as a subquery for `pk__in`.

    A query is a list of groups, all of which have to match; a group is a list of alternatives
    `(word, whether it is only a beginning)`; at least one of each. A word may be two with a blank
    between them: both.
    """
    return matching(written(queries))


def matching(query):
    """The same for what `written()` makes of them."""
    return RawSQL(f"SELECT rowid {MATCHED}", [query])


def keys(queries, using):
    """The same keys as an array, in order; a query, whose answer is one value: a million rows
    would take four times as long."""
    return keys_of_each([queries], using)[0]


def keys_of_each(several, using):
    """The same for each of several such `queries`; one query."""
    selects = (f"SELECT {number}, group_concat(rowid) {MATCHED}" for number in range(len(several)))
    with connections[using].cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects), list(map(written, several)))
        found = dict(cursor.fetchall())
    return [_read(found.pop(number)) for number in range(len(several))]


def _read(told):
    keys = np.fromstring(told or "", np.int64, sep=",")
    # They come in order, or nearly so: what this way of sorting is quick at.
    keys.sort(kind="stable")
    return keys


def rebuild(using):
    """Make the index anew from the documents, and tell the planner how large the tables are."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO associations_card_fts (associations_card_fts) VALUES ('rebuild')"
        )
    settle(using)


def settle(using):
    """Tell the planner how large the tables are, after many rows were written."""
    with connections[using].cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit = 1000")
        cursor.execute("ANALYZE associations_card")
        cursor.execute("ANALYZE associations_searchword")


def written(queries):
    """The queries in the words of the index."""
    return " OR ".join(f"({' AND '.join(map(_group, query))})" for query in queries)


def _group(group):
    return f"({' OR '.join(_term(*alternative) for alternative in group)})"


def _term(word, is_beginning):
    if " " in word:
        return f"({' AND '.join(_term(each, False) for each in word.split())})"
    return f'"{word}"*' if is_beginning else f'"{word}"'
