"""Candidates from FTS5 (migration 0006 makes its table and keeps it in step with the cards)."""

from django.db import connections
from django.db.models.expressions import RawSQL

MATCH = "SELECT rowid FROM associations_card_fts WHERE associations_card_fts MATCH %s"
WEIGHED = """
    SELECT rowid AS key, %s AS weight FROM associations_card_fts
    WHERE associations_card_fts MATCH %s
"""
HEAVIEST = """
    SELECT key, SUM(weight) AS total FROM ({}) GROUP BY key ORDER BY total DESC, key LIMIT %s
"""


def documents(*queries):
    """The keys of the cards whose document matches one of the queries, as a subquery for `pk__in`.

    A query is a list of groups, all of which have to match; a group is a list of alternatives
    `(word, whether it is only a beginning)`; at least one of each.
    """
    return RawSQL(MATCH, [" OR ".join(f"({' AND '.join(map(_group, q))})" for q in queries)])


def heaviest(weighed, limit, using):
    """`[(key, weight), …]` of the cards whose document matches groups of most weight; one query.

    `weighed` is a list of `(group, weight)`, a weight being a whole number.
    """
    hits = " UNION ALL ".join([WEIGHED] * len(weighed))
    values = [value for group, weight in weighed for value in (weight, _group(group))]
    with connections[using].cursor() as cursor:
        cursor.execute(HEAVIEST.format(hits), [*values, limit])
        return cursor.fetchall()


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


def _group(group):
    return f"({' OR '.join(_term(*alternative) for alternative in group)})"


def _term(word, is_beginning):
    return f'"{word}"*' if is_beginning else f'"{word}"'
