"""Candidates from a GIN index over the words of the documents (migration 0006 makes it)."""

from django.db import connections
from django.db.models.expressions import RawSQL

MATCHED = """
    FROM associations_card
    WHERE array_to_tsvector(string_to_array(search_text, ' ')) @@ %s::tsquery
"""
MATCH = f"SELECT association_id {MATCHED}"
WEIGHED = f"SELECT association_id AS key, %s AS weight {MATCHED}"
HEAVIEST = """
    SELECT key, SUM(weight) AS total FROM ({}) AS hits GROUP BY key
    ORDER BY total DESC, key LIMIT %s
"""


def documents(*queries):
    """The keys of the cards whose document matches one of the queries: see `sqlite.documents()`."""
    return RawSQL(MATCH, [" | ".join(f"({' & '.join(map(_group, q))})" for q in queries)])


def heaviest(weighed, limit, using):
    """`[(key, weight), …]` of the cards whose document matches groups of most weight; one query."""
    hits = " UNION ALL ".join([WEIGHED] * len(weighed))
    values = [value for group, weight in weighed for value in (weight, _group(group))]
    with connections[using].cursor() as cursor:
        cursor.execute(HEAVIEST.format(hits), [*values, limit])
        return cursor.fetchall()


def rebuild(using):
    """Make the index anew from the documents, and tell the planner how large the tables are."""
    with connections[using].cursor() as cursor:
        cursor.execute("REINDEX INDEX card_documents")
    settle(using)


def settle(using):
    """Tell the planner how large the tables are, after many rows were written."""
    with connections[using].cursor() as cursor:
        cursor.execute("ANALYZE associations_card, associations_searchword")


def _group(group):
    return f"({' | '.join(_term(*alternative) for alternative in group)})"


def _term(word, is_beginning):
    return f"'{word}':*" if is_beginning else f"'{word}'"
